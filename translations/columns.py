"""Columns for the lists of translated records in the admin."""

from collections import defaultdict
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.forms import Media
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BaseColumn

from .languages import Language, target_languages
from .models import LanguageState
from .states import State

# The signs of static/css/translating.css.
MARKS = {
    State.MISSING: "○",
    State.DRAFT: "◐",
    State.REVIEW: "◕",
    State.APPROVED: "●",
    State.OUTDATED: "▲",
}


@dataclass(frozen=True)
class StateMark:
    language: Language
    state: State

    @property
    def short(self) -> str:
        """The language in two letters: "zh" for Chinese in simplified characters."""
        return self.language.locale.language

    @property
    def symbol(self) -> str:
        return MARKS[self.state]


class LanguageStatesColumn(BaseColumn):
    """How far each language of a row has come, in a few letters; one query for all rows that are shown."""

    cell_template_name = "translations/language_states_cell.html"

    def __init__(self, name="languages", **kwargs):
        super().__init__(name, **({"label": _("Translations")} | kwargs))

    @property
    def media(self):
        return Media(css={"all": ["css/listings.css"]})

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        states = states_of_rows(parent_context["table"])
        context["marks"] = [
            StateMark(language, states[type(instance), instance.pk].get(language.code, State.MISSING))
            for language in target_languages()
        ]
        return context


def states_of_rows(table) -> dict[tuple[type, int], dict[str, State]]:
    """{(model, number): {language code: its state}} for the rows of a table, read once for each table."""
    if not hasattr(table, "language_states"):
        models = {type(row) for row in table.data}
        types = ContentType.objects.get_for_models(*models, for_concrete_models=False)
        of_type = {content_type.pk: model for model, content_type in types.items()}
        table.language_states = defaultdict(dict)
        for type_id, number, language, state in LanguageState.objects.filter(
            entry__content_type__in=of_type, entry__object_id__in=[row.pk for row in table.data]
        ).values_list("entry__content_type", "entry__object_id", "language", "state"):
            table.language_states[of_type[type_id], number][language] = State(state)
    return table.language_states
