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

# A lead of the mission page as a translator might write it: in the language's letters, with the number and
# the end of the English one. Three each, for tests that tell one from the other.
LEADS = {
    "ar": ("يعمل المركز وفق خطة عام 2030.", "خطة عام 2030 هي أساس عملنا.", "نعمل معا من أجل عام 2030."),
    "zh-hans": ("中心围绕2030年议程开展工作。", "2030年议程是我们工作的基础。", "我们共同迈向2030年。"),
    "fr": ("Le Centre agit pour 2030.", "L’horizon 2030 guide notre action.", "Ensemble vers 2030."),
    "ru": ("Центр работает ради целей 2030 года.", "Цели 2030 года — наша основа.", "Вместе к 2030 году."),
    "es": ("El Centro trabaja para 2030.", "La Agenda 2030 guía nuestra labor.", "Juntos hacia 2030."),
}
