"""What has changed between two texts, word by word."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from .models import SourceText
from .segments import Code, Segment

# A code, a word, a blank, or any other character (each Chinese one for itself).
PIECES = re.compile(r"</?\d{1,4}/?>|[^\W\u3400-\u9fff]+|\s+|.", re.DOTALL)


@dataclass(frozen=True)
class Change:
    """A piece of a difference: "same", "removed" or "added" text."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    """How the source of a segment has changed since it was translated.

    `changes` is None where nobody knows the older source. `marks` are (older, newer) pairs of codes, with
    None on the side that lacks one, for what the words don't show: where a link leads, or what a mark is.
    """

    changes: list[Change] | None
    marks: list[tuple[Code | None, Code | None]]

    @property
    def is_known(self) -> bool:
        return self.changes is not None

    @property
    def has_new_words(self) -> bool:
        return any(change.kind != "same" for change in self.changes or [])


def compare(old: str, new: str) -> list[Change]:
    """The pieces of `new` and of what it no longer has of `old`, in reading order."""
    before, after = PIECES.findall(old), PIECES.findall(new)
    found: list[Change] = []
    for kind, start, end, new_start, new_end in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            found.append(Change("same", "".join(before[start:end])))
            continue
        if start < end:
            found.append(Change("removed", "".join(before[start:end])))
        if new_start < new_end:
            found.append(Change("added", "".join(after[new_start:new_end])))
    return list(_joined(found))


def _joined(changes: list[Change]) -> Iterator[Change]:
    """Takes the blank between two changed words for changed too: phrases read better than single words."""
    removed, added = "", ""
    for number, change in enumerate(changes):
        is_gap = (
            change.kind == "same"
            and change.text.isspace()
            and 0 < number < len(changes) - 1
            and (removed or added)
        )
        if change.kind == "removed":
            removed += change.text
        elif change.kind == "added":
            added += change.text
        elif is_gap:
            removed += change.text
            added += change.text
        else:
            yield from _pair(removed, added)
            removed = added = ""
            yield change
    yield from _pair(removed, added)


def _pair(removed: str, added: str) -> Iterator[Change]:
    if removed:
        yield Change("removed", removed)
    if added:
        yield Change("added", added)


def differences(segments: Iterable[Segment]) -> dict[str, Difference]:
    """{segment id: how its source has changed} for those that are out of date, in one query."""
    stale = [segment for segment in segments if segment.is_stale]
    known = SourceText.objects.in_bulk(
        {segment.translated_digest for segment in stale if segment.translated_digest}
    )
    return {segment.id: _difference(segment, known.get(segment.translated_digest)) for segment in stale}


def _difference(segment: Segment, old: SourceText | None) -> Difference:
    if old is None:
        return Difference(None, [])
    before = {code.number: code for code in (Code(*values) for values in old.codes)}
    after = {code.number: code for code in segment.codes}
    marks = [
        (before.get(number), after.get(number))
        for number in sorted(before.keys() | after.keys())
        if number not in before or number not in after or before[number].mark != after[number].mark
    ]
    return Difference(compare(old.text, segment.source), marks)
