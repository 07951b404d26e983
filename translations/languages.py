"""What a language is: its code, its own name, its direction and its script.

The list and its order (the United Nations' own) come from `settings.LANGUAGES`.
"""

from dataclasses import dataclass
from functools import cache, cached_property

from babel import Locale
from django.conf import settings
from django.utils import translation
from modeltranslation.utils import build_localized_fieldname

RIGHT_TO_LEFT_SCRIPTS = {"Arab", "Hebr"}
# Babel knows the likely script of a language only through these two parts of CLDR.
DEFAULT_SCRIPTS = {"ar": "Arab", "ru": "Cyrl", "zh": "Hans"}


@dataclass(frozen=True)
class Language:
    """One language of the site.

    `code` is Django's and stands in addresses and column names ("zh-hans"); `tag` is the BCP 47 tag for
    `lang` and `hreflang` ("zh-Hans"); `script` is an ISO 15924 code ("Hans").
    """

    code: str
    name: str

    # Kept once they are known: a page asks for them hundreds of times.
    @cached_property
    def locale(self) -> Locale:
        """The CLDR data of this language."""
        return Locale.parse(self.code.replace("-", "_"), sep="_")

    @cached_property
    def tag(self) -> str:
        return str(self.locale).replace("_", "-")

    @cached_property
    def script(self) -> str:
        return self.locale.script or DEFAULT_SCRIPTS.get(self.locale.language, "Latn")

    @cached_property
    def direction(self) -> str:
        return "rtl" if self.script in RIGHT_TO_LEFT_SCRIPTS else "ltr"

    @property
    def is_source(self) -> bool:
        return self.code == settings.MODELTRANSLATION_DEFAULT_LANGUAGE

    def __str__(self) -> str:
        return self.name


@cache
def all_languages() -> tuple[Language, ...]:
    """The languages of the site in the order of `settings.LANGUAGES`."""
    return tuple(Language(code, name) for code, name in settings.LANGUAGES)


@cache
def get_language(code: str) -> Language:
    """The language with this code; `KeyError` if the site has none such."""
    return {language.code: language for language in all_languages()}[code]


def source_language() -> Language:
    """The language in which staff write, and to which an empty translation falls back."""
    return get_language(settings.MODELTRANSLATION_DEFAULT_LANGUAGE)


def target_languages() -> tuple[Language, ...]:
    """The languages into which the site is translated: all but the source."""
    return tuple(language for language in all_languages() if not language.is_source)


def current_language() -> Language:
    """The active language; the source where none of the site's own is active."""
    try:
        return get_language(translation.get_language() or "")
    except KeyError:
        return source_language()


@cache
def column(field_name: str, language: Language) -> str:
    """The name of the column that holds `field_name` in `language`: ("title", French) → "title_fr"."""
    return build_localized_fieldname(field_name, language.code)
