"""Shortcuts for tests that need a translation in a certain state."""

from django.utils import translation

from translations.languages import get_language, target_languages
from translations.models import TranslatedInPlace
from translations.states import Origin, State
from translations.workflow import mark


def column(name: str, code: str) -> str:
    return f"{name}_{code.replace('-', '_')}"


def approve(record, *codes: str, origin: Origin = Origin.HUMAN):
    """Makes the words that a record holds in these languages (all, if none is named) approved and public."""
    with translation.override("en"):
        for code in codes or [language.code for language in target_languages()]:
            mark(record, get_language(code), State.APPROVED, origin)
        if isinstance(record, TranslatedInPlace):
            record.save()
        else:
            record.save_revision().publish()
    return record


def state(record, code: str) -> dict:
    """What the table says of a translation, without the names of its segments."""
    entry = type(record).objects.get(pk=record.pk).translation_status.get(code, {})
    return {key: entry[key] for key in ("state", "origin") if key in entry}


MACHINE = {"state": "draft", "origin": "machine"}
APPROVED = {"state": "approved", "origin": "human"}
