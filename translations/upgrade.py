"""For data migrations: states of translations as this version keeps them, from what older versions knew.

Before, `translation_status` held {language: "machine-translated" | "reviewed"}, and a language without an
entry had been written by staff and was public. These functions read columns and JSON only: models change
after a migration. They change nothing that has the new form already, so they may run again.
"""

import json
from collections.abc import Iterable

from django.db import models
from django.db.models.functions import Cast

from .blanks import is_blank_markup

# As they end the names of columns.
LANGUAGES = {"ar": "ar", "zh-hans": "zh_hans", "fr": "fr", "ru": "ru", "es": "es"}
SOURCE = "en"

MACHINE_DRAFT = {"state": "draft", "origin": "machine"}
APPROVED = {"state": "approved", "origin": "human"}
OLD = {"machine-translated": MACHINE_DRAFT, "reviewed": APPROVED}


def new_status(old, with_text: Iterable[str], unknown: dict) -> dict:
    """The status of a record; `unknown` is what to think of a language that has text and no entry."""
    status = {}
    for code, entry in (old or {}).items():
        if isinstance(entry, dict):
            status[code] = entry
        elif entry in OLD:
            status[code] = dict(OLD[entry])
    for code in with_text:
        status.setdefault(code, dict(unknown))
    return status


def is_blank(value) -> bool:
    """Whether a stored value, rich text and streams as JSON included, shows a reader nothing."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            return is_blank_markup(value)
    match value:
        case "null":  # A stream that is nothing, as JSON.
            return True
        case str():
            return is_blank_markup(value)
        case list():
            return all(is_blank(item) for item in value)
        case dict():
            # The id and the type of a block are no words.
            return all(is_blank(item) for key, item in value.items() if key not in {"id", "type"})
        case bool() | None:
            return True
    # A number stands for a picture or a page.
    return False


def translated_columns(names: Iterable[str]) -> dict[str, list[str]]:
    """{language code: its columns} among the names of fields."""
    names = set(names)
    found = {code: [] for code in LANGUAGES}
    for name in names:
        base = name.removesuffix(f"_{SOURCE}")
        if base == name:
            continue
        for code, ending in LANGUAGES.items():
            if f"{base}_{ending}" in names:
                found[code].append(f"{base}_{ending}")
    return found


def languages_in(content: dict) -> set[str]:
    """The languages that have text in the content of a revision, in that of its children too."""
    found = {
        code
        for code, columns in translated_columns(content).items()
        if any(not is_blank(content[name]) for name in columns)
    }
    for value in content.values():
        if isinstance(value, list):
            for child in value:
                if isinstance(child, dict):
                    found |= languages_in(child)
    return found


def upgrade_rows(model: type[models.Model], unknown: dict, children: Iterable[tuple] = ()) -> None:
    """Brings the rows of a model up to date. `children` has (model, name of its key to this one) pairs."""
    of_children: dict[int, set[str]] = {}
    for child, key in children:
        for number, languages in _texts(child, f"{key}_id"):
            of_children.setdefault(number, set()).update(languages)
    for number, languages in _texts(model, "pk"):
        row = model._base_manager.only("translation_status").get(pk=number)
        status = new_status(row.translation_status, languages | of_children.get(number, set()), unknown)
        if status != row.translation_status:
            model._base_manager.filter(pk=number).update(translation_status=status)


def _texts(model: type[models.Model], key: str):
    """(value of the key, languages with text) of each row; streams are read as plain text."""
    columns = translated_columns(field.name for field in model._meta.get_fields() if field.concrete)
    texts = {f"text_{name}": Cast(name, models.TextField()) for names in columns.values() for name in names}
    for row in model._base_manager.order_by().annotate(**texts).values(key, *texts).iterator():
        yield (
            row[key],
            {
                code
                for code, names in columns.items()
                if any(not is_blank(row[f"text_{name}"]) for name in names)
            },
        )


def upgrade_revisions(revisions: models.QuerySet, unknown: dict) -> None:
    """Brings the content of revisions up to date."""
    for revision in revisions.iterator(chunk_size=100):
        content = revision.content
        old = content.get("translation_status") or {}
        as_text = isinstance(old, str)
        status = new_status(json.loads(old) if as_text else old, languages_in(content), unknown)
        new = json.dumps(status) if as_text else status
        if new != old:
            content["translation_status"] = new
            type(revision)._base_manager.filter(pk=revision.pk).update(content=content)
