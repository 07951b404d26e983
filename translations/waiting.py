"""What waits for a person: to translate, to mend, to review. The admin's home and the daily mail show it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Case, Count, F, Q, Sum, Value, When, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .languages import Language
from .models import LanguageState
from .overview import RETURNED
from .rights import reviewed_by, translated_by
from .states import State

# In this order a person should look at them.
REVIEW, RETURN, ASSIGNED, OUTDATED, OPEN = "review", "returned", "assigned", "outdated", "open"
LABELS = {
    REVIEW: _("To review"),
    RETURN: _("Returned to you by a reviewer"),
    ASSIGNED: _("Assigned to you"),
    OUTDATED: _("Out of date"),
    OPEN: _("To translate or to check"),
}
# The filters of the overview that show all of a group.
FILTERS = {
    REVIEW: {"state": [State.REVIEW]},
    RETURN: {"returned": "on"},
    ASSIGNED: {"assignee": "me", "state": [State.MISSING, State.DRAFT, State.OUTDATED], "sort": "due"},
    OUTDATED: {"state": [State.OUTDATED], "assignee": "nobody"},
    OPEN: {"state": [State.MISSING, State.DRAFT], "assignee": "nobody"},
}


@dataclass
class Group:
    """Translations into one language that wait for the same thing; `items` are the first of them."""

    kind: str
    language: Language
    count: int = 0
    words: int = 0
    items: list[LanguageState] = field(default_factory=list)

    @property
    def label(self) -> str:
        return LABELS[self.kind]

    @property
    def url(self) -> str:
        filters = urlencode({"language": self.language.code, **FILTERS[self.kind]}, doseq=True)
        return f"{reverse('translations:overview')}?{filters}"

    @property
    def more(self) -> int:
        return self.count - len(self.items)


@dataclass
class Queue:
    """All that waits for a person in a language."""

    language: Language
    groups: list[Group]

    def group(self, kind: str) -> Group | None:
        return next((group for group in self.groups if group.kind == kind), None)

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)


def kinds(user, translates: Iterable[Language], reviews: Iterable[Language]) -> Case:
    """What a translation waits for, as far as it is this person's to do it; nothing of it is counted twice.

    What is assigned to somebody else is theirs alone, until it goes to review.
    """
    may_translate = Q(language__in=[language.code for language in translates])
    may_review = Q(language__in=[language.code for language in reviews])
    mine = Q(assignee=user)
    nobodys = Q(assignee=None) | mine
    return Case(
        When(may_review & Q(state=State.REVIEW), then=Value(REVIEW)),
        When(~may_translate | Q(state__in=[State.REVIEW, State.APPROVED]), then=Value("")),
        When(RETURNED & nobodys, then=Value(RETURN)),
        When(mine, then=Value(ASSIGNED)),
        When(Q(state=State.OUTDATED, assignee=None), then=Value(OUTDATED)),
        When(Q(state__in=[State.MISSING, State.DRAFT], assignee=None), then=Value(OPEN)),
        default=Value(""),
    )


def waiting_for(user, limit: int = 5) -> list[Queue]:
    """What waits for a person in each of their languages, the first `limit` of each kind; in two queries."""
    translates, reviews = translated_by(user), reviewed_by(user)
    languages = translates
    if not languages:
        return []
    states = LanguageState.objects.filter(language__in=[language.code for language in languages]).annotate(
        kind=kinds(user, translates, reviews)
    )
    states = states.exclude(kind="")
    groups = {
        (row["language"], row["kind"]): Group(
            row["kind"],
            next(item for item in languages if item.code == row["language"]),
            row["n"],
            row["words"],
        )
        for row in states.order_by()
        .values("language", "kind")
        .annotate(n=Count("pk"), words=Sum("words_left"))
    }
    # What is due first, then what readers lack altogether, then what has waited longest.
    order = [
        F("due").asc(nulls_last=True),
        Case(When(state=State.MISSING, then=0), default=1),
        F("changed_at").asc(nulls_last=True),
        F("pk").asc(),
    ]
    numbered = states.annotate(
        place=Window(RowNumber(), partition_by=[F("language"), F("kind")], order_by=order)
    ).filter(place__lte=limit)
    for state in numbered.select_related("entry", "assigned_by", "changed_by").order_by("place"):
        groups[state.language, state.kind].items.append(state)
    return [
        Queue(language, [groups[language.code, kind] for kind in LABELS if (language.code, kind) in groups])
        for language in languages
        if any((language.code, kind) in groups for kind in LABELS)
    ]
