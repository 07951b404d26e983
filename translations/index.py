"""Keeps `RecordEntry` and `LanguageState`, from which lists are made, true to the records."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone, translation

from .languages import source_language, target_languages
from .progress import progress_of
from .states import State

KEPT = ("state", "origin", "done", "total", "words_left", "note", "is_public", "changed_at", "changed_by_id")


def is_indexed(record: models.Model) -> bool:
    """Whether lists of translations show a record: neither an alias nor the root of the tree."""
    return bool(record.pk) and not getattr(record, "alias_of_id", None) and getattr(record, "depth", 2) > 1


def title_of(record: models.Model) -> str:
    """The name of a record in the source language, for lists."""
    with translation.override(source_language().code):
        title = (
            record.get_admin_display_title() if hasattr(record, "get_admin_display_title") else str(record)
        )
    return title[:255]


def index_record(record: models.Model, working: models.Model | None = None) -> None:
    """Brings the entry of a record up to date. `working` is its working copy, if that is at hand."""
    # Wagtail moves pages by their base.
    record = getattr(record, "specific", record)
    if not is_indexed(record):
        return
    from .models import LanguageState, RecordEntry

    working = working or record.working_copy()
    row = type(record)._base_manager.get(pk=record.pk) if working is record else record
    entry, _created = RecordEntry.objects.get_or_create(
        content_type=ContentType.objects.get_for_model(record, for_concrete_model=False),
        object_id=record.pk,
        defaults={"label": record._meta.label_lower, "title": title_of(working)},
    )
    known = {state.language: state for state in entry.states.all()}
    changed, made = [], []
    words = 0
    for language in target_languages():
        progress = progress_of(working, language)
        words = progress.words
        state = known.get(language.code) or LanguageState(entry=entry, language=language.code)
        before = [getattr(state, name) for name in KEPT]
        state.state, state.origin = progress.state, progress.origin
        state.done, state.total, state.words_left = progress.done, progress.total, progress.words_left
        state.note = progress.note
        state.is_public = bool(getattr(row, "live", True)) and row.is_public_in(language)
        state.changed_at = progress.changed_at
        state.changed_by_id = progress.changed_by
        if not state.pk:
            made.append(state)
        elif before != [getattr(state, name) for name in KEPT]:
            changed.append(state)
    LanguageState.objects.bulk_create(made)
    LanguageState.objects.bulk_update(changed, KEPT)
    # With the approval an assignment has come to its end.
    if ended := [state.pk for state in known.values() if state.state == State.APPROVED and state.is_assigned]:
        LanguageState.objects.filter(pk__in=ended).update(**LanguageState.UNASSIGNED)
    entry.title, entry.words, entry.live = title_of(working), words, getattr(row, "live", True)
    entry.updated_at = timezone.now()
    entry.save()


def forget_record(sender, instance, **kwargs) -> None:
    """Takes a deleted record out of the lists."""
    if hasattr(instance, "translation_status"):
        from .models import RecordEntry

        RecordEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(instance, for_concrete_model=False),
            object_id=instance.pk,
        ).delete()
