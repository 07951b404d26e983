"""What an answer shows, noted while it is made.

A tag names something that may change: "page:12" is all of a page, "around:fr" what surrounds all French ones.
Whoever reads it for an answer says so with `shows`; whoever changes it calls `journal.changed`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass
class Collected:
    """What was noted of an answer."""

    tags: set[str] = field(default_factory=set)
    # When it shows something else even if nothing changes: an announcement ends.
    until: datetime | None = None
    # Whether it may be kept at all: only views that note all they show say so.
    may_be_kept: bool = False
    # Whether it lacks something that will be there in a moment: shown, but never kept.
    is_makeshift: bool = False


_collected: ContextVar[Collected | None] = ContextVar("collected", default=None)


@contextmanager
def collecting() -> Iterator[Collected]:
    """Notes what is shown in this block."""
    collected = Collected()
    token = _collected.set(collected)
    try:
        yield collected
    finally:
        _collected.reset(token)


@contextmanager
def apart() -> Iterator[None]:
    """Notes nothing in this block: what it reads has a tag of its own."""
    token = _collected.set(None)
    try:
        yield
    finally:
        _collected.reset(token)


def is_collecting() -> bool:
    return _collected.get() is not None


def shows(*tags: str) -> None:
    """The answer that is being made depends on these."""
    if (collected := _collected.get()) is not None:
        collected.tags.update(tags)


def until(moment: datetime | None) -> None:
    """The answer that is being made is right up to a moment; None for always."""
    collected = _collected.get()
    if collected is not None and moment is not None:
        collected.until = min(moment, collected.until or moment)


def until_timestamp(moment: float) -> None:
    """The same for seconds since 1970."""
    if _collected.get() is not None:
        until(datetime.fromtimestamp(moment, UTC))


def may_be_kept(*tags: str) -> None:
    """The answer that is being made is the same for everybody, and all that it shows is noted."""
    if (collected := _collected.get()) is not None:
        collected.may_be_kept = True
        collected.tags.update(tags)


def is_makeshift() -> None:
    """The answer that is being made lacks something that will be there in a moment: it is not kept."""
    if (collected := _collected.get()) is not None:
        collected.is_makeshift = True
