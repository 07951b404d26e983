"""Documents as readers find them: in their own language if there is such a version, with format and size."""

from collections.abc import Iterable
from dataclasses import dataclass

from babel.units import format_unit
from django.utils.translation import gettext as _

from caching import tags
from translations.languages import Language, all_languages, current_language, source_language

from .models import CustomDocument

# Between Arabic words, "PDF, 900" would be read as one thing from left to right (UAX 9).
ISOLATE, END_OF_ISOLATE = "\u2066", "\u2069"

KILOBYTE, MEGABYTE, GIGABYTE = 10**3, 10**6, 10**9


def size_phrase(size: int, language: Language) -> str:
    """A number of bytes as a reader of `language` would write it (CLDR): "1.2 MB", "1,2 Mo", "1,2 МБ"."""
    if size >= GIGABYTE:
        value, unit = size / GIGABYTE, "gigabyte"
    # What would round to a thousand kilobytes is a megabyte.
    elif size >= 999.5 * KILOBYTE:
        value, unit = size / MEGABYTE, "megabyte"
    else:
        value, unit = max(1, round(size / KILOBYTE)), "kilobyte"
    # CLDR writes the Arabic kilobyte in full where it is short, and the others where they are long.
    length = "long" if language.code == "ar" and unit != "kilobyte" else "short"
    return format_unit(value, f"digital-{unit}", length, "#,##0.#", language.locale)


def language_phrase(named: Language, language: Language) -> str:
    """The name of a language in another (CLDR): "French", "français", "法语"."""
    return language.locale.languages[named.locale.language]


@dataclass(frozen=True)
class Download:
    """A document with what a link says of it, in the active language."""

    document: CustomDocument
    # The same in other languages, in the order of the United Nations.
    others: tuple["Download", ...] = ()

    @property
    def url(self) -> str:
        return self.document.url

    @property
    def language(self) -> Language | None:
        return self.document.file_language

    @property
    def type(self) -> str:
        return self.document.content_type

    @property
    def facts(self) -> str:
        """Format and size: "PDF, 1.2 MB"."""
        kind, size = self.document.file_extension.upper(), self.size
        if current_language().direction == "rtl":
            kind = f"{ISOLATE}{kind}{END_OF_ISOLATE}"
        if size is None:
            return kind
        return _("%(format)s, %(size)s") % {"format": kind, "size": size_phrase(size, current_language())}

    @property
    def all_facts(self) -> str:
        """With the language, where it is known: "PDF, 1.2 MB, French"."""
        if self.language is None:
            return self.facts
        return _("%(format_and_size)s, %(language)s") % {
            "format_and_size": self.facts,
            "language": language_phrase(self.language, current_language()),
        }

    @property
    def size(self) -> int | None:
        if self.document.file_size is not None:
            return self.document.file_size
        try:
            return self.document.file.size
        except OSError:
            return None


def downloads(numbers: Iterable[int]) -> dict[int, Download]:
    """{number of a document: what its readers get}, in one query; without those that not everybody may read.

    Of a document in several languages that is the reader's own, else the source language's, else the one that
    was chosen.
    """
    numbers = set(numbers)
    if not numbers:
        return {}
    tags.shows("collections", *(f"document:{number}" for number in numbers))
    groups: dict[int, list[CustomDocument]] = {}
    found = {}
    for document in CustomDocument.objects.public().with_versions(numbers):
        found[document.pk] = document
        groups.setdefault(document.version_of_id or document.pk, []).append(document)
    tags.shows(*(f"document:{number}" for number in groups))
    order = [language.code for language in all_languages()]
    preferred = current_language().code, source_language().code
    result = {}
    for number in numbers & found.keys():
        chosen = found[number]
        versions = groups[chosen.version_of_id or chosen.pk]
        in_language = {version.language: version for version in versions if version.language}
        best = next((in_language[code] for code in preferred if code in in_language), chosen)
        others = sorted(
            (version for version in in_language.values() if version is not best),
            key=lambda version: order.index(version.language),
        )
        result[number] = Download(best, tuple(Download(version) for version in others))
    return result
