"""How far a translation has come, from the record itself."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import models

from .languages import Language
from .segments import Segment, align
from .states import State


@dataclass(frozen=True)
class Progress:
    """Where the translation of a record into a language stands.

    `done` of `total` segments are translated and right for the present source; `words_left` of `words` (of
    the source) are in those that are not.
    """

    state: State
    origin: str
    done: int
    total: int
    words: int
    words_left: int
    segments: list[Segment] = field(repr=False)
    orphans: list[tuple[str, str]] = field(repr=False)
    note: str = ""
    changed_at: datetime | None = None
    changed_by: int | None = None

    @property
    def stale(self) -> list[Segment]:
        """The segments whose source has changed since they were translated."""
        return [segment for segment in self.segments if segment.is_stale]

    @property
    def untranslated(self) -> list[Segment]:
        return [segment for segment in self.segments if not segment.is_translated]

    @property
    def percentage(self) -> int:
        return 100 * self.done // self.total if self.total else 0


def progress_of(working_copy: models.Model, language: Language) -> Progress:
    """The progress of a language in a working copy, whose state may be *out of date* as well."""
    alignment = align(working_copy, language)
    segments = alignment.segments
    entry = working_copy.translation_entry(language)
    current = sum(segment.is_current for segment in segments)
    if not any(segment.is_translated for segment in segments) and not alignment.orphans:
        # A record without any words to translate is in order in every language.
        state = State.APPROVED if not segments else State.MISSING
    else:
        state = State(entry.get("state", State.DRAFT))
        if state == State.APPROVED and (current < len(segments) or alignment.orphans):
            state = State.OUTDATED
    at = entry.get("at")
    return Progress(
        state=state,
        origin=entry.get("origin", "") if state != State.MISSING else "",
        done=current,
        total=len(segments),
        words=sum(segment.source_words for segment in segments),
        words_left=sum(segment.source_words for segment in segments if not segment.is_current),
        segments=segments,
        orphans=alignment.orphans,
        note=entry.get("note", "") if state == State.DRAFT else "",
        changed_at=datetime.fromisoformat(at) if at else None,
        changed_by=entry.get("by"),
    )
