"""What the admin's home shows of translations: to each person what waits for them."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.forms import Media
from django.utils import timezone
from wagtail.admin.ui.components import Component
from wagtail.models import Revision

from .languages import source_language
from .models import LanguageState, RecordEntry
from .states import State
from .waiting import waiting_for

# So many revisions of a person are looked at for the pages that they have edited lately.
REVISIONS = 30
PAGES = 5
# From so many languages on, the lists are folded away.
FOLDED = 3


class WaitingPanel(Component):
    """For translators and reviewers. Renders nothing where nothing waits."""

    name = "translations_waiting"
    template_name = "translations/home_waiting.html"
    order = 90
    media = Media(css={"all": ["css/dashboard.css"]})

    def __init__(self, user):
        self.user = user

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        queues = waiting_for(self.user)
        return {
            "queues": queues,
            "is_folded": len(queues) >= FOLDED,
            "today": timezone.localdate(),
            "source": source_language(),
        }


class AheadPanel(Component):
    """For editors: the pages that they have edited lately and whose translations are out of date now."""

    name = "translations_ahead"
    template_name = "translations/home_ahead.html"
    order = 150
    media = Media(css={"all": ["css/dashboard.css"]})

    def __init__(self, user):
        self.user = user

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"pages": pages_ahead(self.user), "source": source_language()}


def pages_ahead(user) -> list[tuple[RecordEntry, list[LanguageState]]]:
    """(page, its languages out of date) of the pages that a person has edited lately, the last first."""
    page_model = apps.get_model(settings.WAGTAIL_PAGE_MODEL)
    edited = Revision.objects.filter(
        user=user, base_content_type=ContentType.objects.get_for_model(page_model)
    ).order_by("-created_at", "-pk")
    numbers = list(
        dict.fromkeys(int(number) for number in edited.values_list("object_id", flat=True)[:REVISIONS])
    )
    if not numbers:
        return []
    labels = [model._meta.label_lower for model in apps.get_models() if issubclass(model, page_model)]
    states = (
        LanguageState.objects.filter(
            state=State.OUTDATED, entry__label__in=labels, entry__object_id__in=numbers
        )
        .select_related("entry")
        .order_by("pk")
    )
    found: dict[int, list[LanguageState]] = {}
    for state in states:
        found.setdefault(state.entry.object_id, []).append(state)
    return [(found[number][0].entry, found[number]) for number in numbers if number in found][:PAGES]
