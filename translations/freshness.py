"""Which tags a record has, and what a change of it touches; see `caching.tags`.

What visitors read is in the row, so the row is compared before and after: a draft changes nothing of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.db import models, transaction
from modelcluster.fields import ParentalKey
from modeltranslation.translator import NotRegistered, translator

from caching import journal

from .states import State, is_public_entry

# What Wagtail and the translators keep about a record, as opposed to what visitors read of it.
UNSEEN = {
    "alias_of_id", "content_type_id", "draft_title", "expire_at", "expired", "go_live_at",
    "has_unpublished_changes", "latest_revision_created_at", "latest_revision_id", "live_revision_id",
    "locale_id", "locked", "locked_at", "locked_by_id", "numchild", "owner_id", "translation_drafts",
    "wagtail_admin_comments", "file_hash", "uploaded_by_user_id", "created_at",
}  # fmt: skip

Face = dict[str, object]


@cache
def seen_columns(model: type[models.Model]) -> tuple[str, ...]:
    """The columns of which visitors may see something; of translated fields those of the languages."""
    try:
        translated = set(translator.get_options_for_model(model).all_fields)
    except NotRegistered:
        translated = set()
    return tuple(
        field.attname
        for field in model._meta.concrete_fields
        if field.attname not in UNSEEN and field.name not in translated
    )


@cache
def parent_column(model: type[models.Model]) -> str | None:
    """Of a child of a page, the column that names the page."""
    return next((f.attname for f in model._meta.concrete_fields if isinstance(f, ParentalKey)), None)


def face_of(record: models.Model) -> Face | None:
    """What visitors may see of a record's row; None without one."""
    if record.pk is None:
        return None
    model = type(record)
    row = model._base_manager.filter(pk=record.pk).values(*seen_columns(model)).first()
    if row is not None:
        for name, value in row.items():
            # A stream as data: no block is made for it.
            if hasattr(value, "get_prep_value"):
                row[name] = value.get_prep_value()
        if "translation_status" in row:
            status = row["translation_status"] or {}
            public = {code: entry for code, entry in status.items() if is_public_entry(entry)}
            row["translation_status"] = {
                code: entry.get("origin") if entry.get("state") != State.APPROVED else ""
                for code, entry in public.items()
            }
            row["translation_dates"] = {
                code: (entry.get("at"), entry.get("outdated_since")) for code, entry in public.items()
            }
    return row


def is_seen(face: Face | None) -> bool:
    return face is not None and bool(face.get("live", True))


def differences(before: Face | None, after: Face | None) -> set[str]:
    """The names of the columns in which visitors see a difference; empty if they see none."""
    if not is_seen(before) and not is_seen(after):
        return set()
    if before is None or after is None:
        return set(before or after)
    return {name for name, value in after.items() if before.get(name) != value}


@contextmanager
def noticed(record: models.Model) -> Iterator[None]:
    """Notes what visitors see otherwise after this block, which writes the row of a record."""
    with transaction.atomic():
        before = face_of(record)
        yield
        note(record, before, face_of(record))


def note(record: models.Model, before: Face | None, after: Face | None) -> None:
    changed = differences(before, after)
    if changed:
        journal.changed(*record.tags_of_change(before, after, changed), withdraws=is_withdrawn(before, after))


def is_withdrawn(before: Face | None, after: Face | None) -> bool:
    """Whether visitors lost the record, or its words in a language."""
    if not is_seen(before):
        return False
    if not is_seen(after):
        return True
    old, new = (face.get("translation_status", {}) for face in (before, after))
    return not old.keys() <= new.keys()


# Deletions ------------------------------------------------------------------------------------------------


def keep_before_deletion(instance, **kwargs) -> None:
    """For `pre_delete`."""
    if hasattr(instance, "tags_of_change"):
        instance.face_before_deletion = face_of(instance)


def note_deletion(instance, **kwargs) -> None:
    """For `post_delete`."""
    if (before := getattr(instance, "face_before_deletion", None)) is not None:
        note(instance, before, None)
