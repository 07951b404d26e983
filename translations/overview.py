"""Which records the overview of translations shows, in which order: from the filters in its address.

Built on `RecordEntry` and `LanguageState` alone, so that it stays quick whatever the records are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from django import forms
from django.db.models import (
    Case,
    Count,
    F,
    FilteredRelation,
    Min,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Lower
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .languages import Language, all_languages, get_language, target_languages
from .models import LanguageState, RecordEntry
from .registry import owner_models
from .states import State

# From what needs most to what needs least.
STATE_RANK = Case(
    *(
        When(shown__state=state, then=Value(rank))
        for rank, state in enumerate(
            (State.MISSING, State.OUTDATED, State.DRAFT, State.REVIEW, State.APPROVED)
        )
    ),
    default=Value(-1),
)
RETURNED = Q(state=State.DRAFT) & ~Q(note="")
# Days; younger than, or with a minus older than.
AGES = (
    ("1", _("Within a day")),
    ("7", _("Within a week")),
    ("30", _("Within a month")),
    ("-30", _("More than a month ago")),
    ("-90", _("More than three months ago")),
    ("-365", _("More than a year ago")),
)
SORTS = {
    "title": _("Title"),
    "type": _("Type"),
    "words": _("Words of the original"),
    "state": _("State"),
    "left": _("Words to translate"),
    "changed": _("Last change"),
    "due": _("Due date"),
}


def overdue(today=None) -> Q:
    """The condition that somebody should have handed a translation in by now."""
    return Q(due__lt=today or timezone.localdate()) & ~Q(state__in=[State.REVIEW, State.APPROVED])


def type_label(label: str) -> str:
    """ "pages.aboutpage" → what people call that type; the label itself of a model that is gone."""
    names = {model._meta.label_lower: model._meta.verbose_name for model in owner_models()}
    return capfirst(str(names.get(label, label)))


def sort_choices() -> list[tuple[str, str]]:
    names = SORTS | {f"in-{language.code}": language.name for language in target_languages()}
    return [
        choice
        for key, name in names.items()
        for choice in ((key, name), (f"-{key}", _("%(column)s, the other way round") % {"column": name}))
    ]


class AssigneeField(forms.ChoiceField):
    """Me, nobody or the number of a person; the people come in once they are known, with the totals."""

    NAMES = (("", _("Anybody or nobody")), ("me", _("Me")), ("nobody", _("Nobody")))

    def __init__(self, **kwargs):
        super().__init__(choices=self.NAMES, **kwargs)

    def valid_value(self, value):
        return super().valid_value(value) or (str(value).isdecimal() and len(str(value)) < 19)


class OverviewForm(forms.Form):
    """The filters. All are optional, and the address of the page holds them."""

    q = forms.CharField(label=_("Words in the title"), max_length=200, widget=forms.SearchInput)
    language = forms.ChoiceField(label=_("Language"))
    type = forms.ChoiceField(label=_("Type"))
    assignee = AssigneeField(label=_("Assigned to"))
    changed = forms.ChoiceField(label=_("Last change"), choices=[("", _("At any time")), *AGES])
    sort = forms.ChoiceField(label=_("Sort by"))
    state = forms.MultipleChoiceField(
        label=pgettext_lazy("of a translation", "State"),
        choices=State.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    returned = forms.BooleanField(label=_("Returned by a reviewer"))
    overdue = forms.BooleanField(label=_("Overdue"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, use_required_attribute=False, label_suffix="", **kwargs)
        for form_field in self.fields.values():
            form_field.required = False
        self.fields["language"].choices = [
            ("", _("All languages")),
            *((language.code, language.name) for language in target_languages()),
        ]
        self.fields["type"].choices = [
            ("", _("All types")),
            *sorted(
                ((model._meta.label_lower, type_label(model._meta.label_lower)) for model in owner_models()),
                key=lambda choice: choice[1],
            ),
        ]
        self.fields["sort"].choices = sort_choices()


@dataclass(frozen=True)
class Share:
    """How many records are in a state; its piece of a bar that is 100 wide."""

    state: State
    number: int
    start: float
    width: float


@dataclass
class Totals:
    """What all shown records together have in a language."""

    language: Language
    counts: dict[State, int] = field(default_factory=dict)
    words_left: int = 0

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def percentage(self) -> int:
        """How many of the records are approved, of a hundred; never rounded up."""
        return 100 * self.counts.get(State.APPROVED, 0) // self.total if self.total else 0

    @property
    def shares(self) -> list["Share"]:
        """The states that occur, those that are done first, laid end to end."""
        order = (State.APPROVED, State.OUTDATED, State.REVIEW, State.DRAFT, State.MISSING)
        shares, start = [], 0.0
        for state in order:
            if number := self.counts.get(state):
                width = 100 * number / self.total
                shares.append(Share(state, number, round(start, 2), round(width, 2)))
                start += width
        return shares


@dataclass(frozen=True)
class SourceTotals:
    """What all shown records together have in the source language."""

    language: Language
    words: int


class Overview:
    """The records that a person has asked for by an address."""

    def __init__(self, parameters: QueryDict | Mapping, user):
        self.user = user
        self.form = OverviewForm(parameters)
        self.form.is_valid()  # What can't be understood counts as not asked for, and the form says so.
        self.filters = self.form.cleaned_data

    @property
    def language(self) -> Language | None:
        """The one language that is shown; None for all."""
        code = self.filters.get("language")
        return get_language(code) if code else None

    @property
    def languages(self) -> list[Language]:
        return [self.language] if self.language else list(target_languages())

    @property
    def column_languages(self) -> list[Language]:
        """The shown languages and the source among them, in the order of the United Nations."""
        shown = {language.code for language in self.languages}
        return [language for language in all_languages() if language.is_source or language.code in shown]

    @property
    def columns(self) -> list["Totals | SourceTotals"]:
        """What all the records that fit have, in the order of the columns."""
        of_language = {totals.language.code: totals for totals in self.totals}
        return [
            SourceTotals(language, self.words) if language.is_source else of_language[language.code]
            for language in self.column_languages
        ]

    @property
    def is_filtered(self) -> bool:
        return any(value for name, value in self.filters.items() if name != "sort")

    @property
    def uses_more_filters(self) -> bool:
        """Whether any of those filters is set that are folded away otherwise."""
        return any(self.form.data.get(name) for name in ("assignee", "changed", "overdue", "sort"))

    @property
    def sort(self) -> str:
        return self.filters.get("sort") or "title"

    def of_states(self) -> Q:
        """What a translation must be like for its record to be shown; empty where nothing is asked."""
        condition = Q()
        if states := self.filters.get("state"):
            condition &= Q(state__in=states)
        if self.filters.get("returned"):
            condition &= RETURNED
        if self.filters.get("overdue"):
            condition &= overdue()
        match self.filters.get("assignee"):
            case "" | None:
                pass
            case "me":
                condition &= Q(assignee=self.user)
            case "nobody":
                condition &= Q(assignee=None)
            case number:
                condition &= Q(assignee=number)
        if self.language and (age := self.age("changed_at")):
            condition &= age
        return condition

    def age(self, column: str) -> Q:
        days = int(self.filters.get("changed") or 0)
        if not days:
            return Q()
        moment = timezone.now() - timedelta(days=abs(days))
        return Q(**{f"{column}__gte" if days > 0 else f"{column}__lt": moment})

    @cached_property
    def entries(self) -> QuerySet:
        """The entries that fit all filters, in no order."""
        entries = RecordEntry.objects.all()
        for word in self.filters.get("q", "").split():
            entries = entries.filter(title__icontains=word)
        if label := self.filters.get("type"):
            entries = entries.filter(label=label)
        if not self.language:
            entries = entries.filter(self.age("updated_at"))
        if condition := self.of_states():
            states = LanguageState.objects.filter(condition)
            if self.language:
                states = states.filter(language=self.language.code)
            # Not EXISTS: SQLite would look for each entry through all that is somebody's.
            entries = entries.filter(pk__in=states.values("entry"))
        return entries

    @property
    def ordered(self) -> QuerySet:
        entries, key = self.entries, self.sort.removeprefix("-")
        language = get_language(key.removeprefix("in-")) if key.startswith("in-") else self.language
        if key in {"state", "left", "due"} or key.startswith("in-"):
            entries = self._with_states(entries, language)
        keys = {
            "title": [Lower("title")],
            "type": ["label"],
            "words": ["words"],
            "changed": ["updated_at"],
            "left": ["shown__words_left" if language else "left"],
            "due": ["shown__due" if language else "first_due"],
            "state": ["rank"],
        }.get(key, ["rank", "shown__done"])
        backwards = self.sort.startswith("-")
        order = []
        for name in keys:
            expression = F(name) if isinstance(name, str) else name
            # What has no date at all comes last, whichever way round.
            order.append(expression.desc(nulls_last=True) if backwards else expression.asc(nulls_last=True))
        return entries.order_by(*order, *([] if key == "title" else [Lower("title")]), "pk")

    def _with_states(self, entries: QuerySet, language: Language | None) -> QuerySet:
        """The entries with `shown`, their state in one language, or with the sums of all languages."""
        if language:
            return entries.alias(
                shown=FilteredRelation("states", condition=Q(states__language=language.code)),
            ).alias(rank=STATE_RANK)
        return entries.alias(
            left=Sum("states__words_left"),
            first_due=Min("states__due"),
            rank=Sum("states__done") * 1000 / (Sum("states__total") + 1),
        )

    def states_of(self, entries: Iterable[RecordEntry]) -> dict[tuple[int, str], LanguageState]:
        """{(entry, language code): its state} of some entries, in the languages that are shown."""
        states = LanguageState.objects.filter(
            entry__in=[entry.pk for entry in entries],
            language__in=[language.code for language in self.languages],
        ).select_related("assignee")
        return {(state.entry_id, state.language): state for state in states}

    @cached_property
    def _facets(self) -> list[dict]:
        """All states there are, grouped; `number` and `left` count those of the records that fit."""
        fits = Q(entry__in=self.entries.order_by().values("pk")) if self.is_filtered else Q()
        person = [f"assignee__{name}" for name in ("pk", "first_name", "last_name", "username")]
        return list(
            LanguageState.objects.order_by()
            .values("language", "state", *person)
            .annotate(
                number=Count("pk", filter=fits),
                left=Sum("words_left", filter=fits, default=0),
                words=Sum("entry__words", filter=fits, default=0),
            )
        )

    @cached_property
    def totals(self) -> list[Totals]:
        """What all the records that fit have in each language that is shown."""
        totals = {language.code: Totals(language) for language in self.languages}
        for row in self._facets:
            of_language = totals.get(row["language"])
            if of_language and row["number"]:
                state = State(row["state"])
                of_language.counts[state] = of_language.counts.get(state, 0) + row["number"]
                of_language.words_left += row["left"]
        return list(totals.values())

    @property
    def words(self) -> int:
        """The words of all records that fit, in the source."""
        code = self.languages[0].code
        return sum(row["words"] for row in self._facets if row["language"] == code)

    @cached_property
    def assignees(self) -> list[tuple[str, str]]:
        """(number, name) of the people to whom anything is assigned, by name."""
        names = {
            str(row["assignee__pk"]): (
                f"{row['assignee__first_name']} {row['assignee__last_name']}".strip()
                or row["assignee__username"]
            )
            for row in self._facets
            if row["assignee__pk"]
        }
        return sorted(names.items(), key=lambda choice: choice[1].casefold())

    @property
    def count(self) -> int:
        """How many records fit: each has a state in every language."""
        return max(totals.total for totals in self.totals)


def chosen_entries(parameters: QueryDict, user) -> QuerySet:
    """The entries that were chosen in the overview: the ticked ones, or with "all" everything that was shown.

    Keys that mean nothing any more are left out.
    """
    overview = Overview(parameters, user)
    if parameters.get("all"):
        return overview.ordered
    chosen = Q(pk__in=[])
    for key in parameters.getlist("record"):
        label, _colon, number = key.rpartition(":")
        if number.isdecimal() and len(number) < 19:
            chosen |= Q(label=label, object_id=number)
    return RecordEntry.objects.filter(chosen).order_by(Lower("title"), "pk")
