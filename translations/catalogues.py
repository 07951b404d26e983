"""The message catalogues of the interface: extracting, updating, checking.

Done with Babel, since GNU gettext may be absent; the files are the ones that Django reads.
"""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract, extract_python
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

from .languages import Language, target_languages

KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
NOT_OURS = {"tests", "migrations", ".venv", "var", "node_modules"}
# What a translator should know of a message, written above it: # Translators: …
COMMENT_TAGS = ["Translators:"]


def extract_template(fileobj, keywords, comment_tags, options):
    """Babel's extraction for a Django template, by way of Django's own conversion to Python."""
    source = templatize(fileobj.read().decode())
    # Within parentheses, the indentation that is left of the HTML means nothing to the tokenizer.
    yield from extract_python(io.BytesIO(f"(\n{source}\n)".encode()), keywords, comment_tags, options)


def source_files() -> Iterator[tuple[Path, object]]:
    """All files that may hold messages, each with its method of extraction."""
    for pattern, method in (("*.py", "python"), ("*.html", extract_template)):
        for path in sorted(settings.BASE_DIR.rglob(pattern)):
            if not NOT_OURS & set(path.relative_to(settings.BASE_DIR).parts):
                yield path, method


def extracted() -> Catalog:
    """A catalogue of every message in the code and the templates, without translations."""
    catalog = Catalog(project="UNESCO-ICHEI", charset="utf-8")
    for path, method in source_files():
        with path.open("rb") as file:
            for _line, message, comments, context in extract(method, file, KEYWORDS, COMMENT_TAGS):
                catalog.add(message, context=context, auto_comments=comments)
    return catalog


HEADER = """\
# The words of the interface. Translated by machine; not reviewed by a person yet.
#"""


def new_catalogue(language: Language) -> Catalog:
    return Catalog(
        locale=str(language.locale),
        charset="utf-8",
        project="UNESCO-ICHEI",
        version="1",
        header_comment=HEADER,
        msgid_bugs_address="-",
        last_translator="Translated by machine",
        revision_date=datetime.now(UTC),
        language_team=language.name,
        fuzzy=False,
    )


def catalogue_path(language: Language) -> Path:
    return settings.BASE_DIR / "locale" / to_locale(language.code) / "LC_MESSAGES" / "django.po"


def read_catalogue(language: Language) -> Catalog:
    """The catalogue of a language; an empty one where there is no file yet."""
    path = catalogue_path(language)
    if not path.exists():
        return new_catalogue(language)
    with path.open("rb") as file:
        return read_po(file, locale=str(language.locale))


def update_catalogue(language: Language, template: Catalog) -> None:
    """Adds new messages, empty, and takes out those that are gone; keeps the order of the messages stable."""
    catalog = read_catalogue(language)
    catalog.update(template, no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False)
    catalog.obsolete.clear()
    write_catalogue(language, catalog)


def write_catalogue(language: Language, catalog: Catalog) -> None:
    path = catalogue_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = io.BytesIO()
    write_po(content, catalog, width=100, no_location=True, sort_output=True, ignore_obsolete=True)
    path.write_bytes(content.getvalue())


def translations_of(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def faults(language: Language, template: Catalog) -> Iterator[str]:
    """One sentence for each message of a language's catalogue that is missing, doubtful or left over."""
    catalog = read_catalogue(language)
    for wanted in template:
        if not wanted.id:
            continue
        message = catalog.get(wanted.id, wanted.context)
        if message is None:
            yield f"{wanted.id!r} is missing."
        elif message.fuzzy:
            yield f"{wanted.id!r} is marked fuzzy."
        elif not all(translations_of(message)):
            yield f"{wanted.id!r} is not translated."
        else:
            for error in message.check(catalog):
                yield f"{wanted.id!r}: {error}."
    for message in catalog:
        if message.id and template.get(message.id, message.context) is None:
            yield f"{message.id!r} is no longer used."


def all_faults() -> dict[Language, list[str]]:
    """The faults of each language's catalogue, for the languages that have any."""
    template = extracted()
    found = {language: list(faults(language, template)) for language in target_languages()}
    return {language: sentences for language, sentences in found.items() if sentences}
