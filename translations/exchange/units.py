"""What the files for outside translators hold, whatever their format."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from translations.languages import Language, source_language, target_languages
from translations.segments import Code, Segment, escape, tokens
from translations.states import State

# A piece of a text: plain characters, or ("open" | "close" | "alone", number) for an inline code.
Part = str | tuple[str, int]

# An upload may be this large; all its parts unpacked may be this large; it may hold so many units.
MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
MAX_UNITS = 50_000

# What XML 1.0 (2.2) and a cell of a sheet can't hold.
NOT_IN_FILES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LINE_END = re.compile("\r\n?")


class ExchangeError(ValueError):
    """A file that can't be taken at all; its text is one sentence that says why."""


@dataclass(frozen=True)
class RecordUnits:
    """One record as it goes into a file: its segments, and what a translator should know of it."""

    key: str
    title: str
    preview: str
    state: State
    is_machine: bool
    segments: tuple[Segment, ...]
    # Why a reviewer returned it.
    note: str = ""

    def state_of(self, segment: Segment) -> State:
        """The state of one segment, as far as it has one of its own."""
        if not segment.is_translated:
            return State.MISSING
        if segment.is_stale:
            return State.OUTDATED
        # The record is out of date for the sake of other segments, or lacks some; this one stands.
        if self.state in {State.OUTDATED, State.MISSING}:
            return State.DRAFT
        return self.state


@dataclass(frozen=True)
class ParsedUnit:
    """One unit of a file that was sent in, not compared with the site yet.

    `source` and `target` are parts, or a string in which marks are written as the editor shows them; None
    where the file has no such text. `error` says what is wrong with the unit itself.
    """

    id: str
    record: str
    source: tuple[Part, ...] | str | None
    target: tuple[Part, ...] | str | None
    digest: str | None = None
    error: str = ""


@dataclass(frozen=True)
class ParsedFile:
    """A file that was sent in: its language, and its units in their order."""

    language: Language
    units: tuple[ParsedUnit, ...]


def parts_of(text: str, is_rich: bool) -> tuple[Part, ...]:
    """The parts of a text of a segment, without what no file can hold."""
    return joined(tokens(text) if is_rich else (text,))


def joined(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The same parts in the one form in which two texts can be compared."""
    result: list[Part] = []
    for part in parts:
        if isinstance(part, str):
            part = NOT_IN_FILES.sub("", LINE_END.sub("\n", part))
            if result and isinstance(result[-1], str):
                result[-1] += part
                continue
            if not part:
                continue
        result.append(part)
    return tuple(result)


def read_parts(content: tuple[Part, ...] | str, is_rich: bool) -> tuple[Part, ...]:
    """The parts of what a file holds for a segment, which alone knows whether marks mean anything in it."""
    return parts_of(content, is_rich) if isinstance(content, str) else joined(content)


def text_of(parts: Iterable[Part], is_rich: bool) -> str:
    """Parts as the text of a segment; a field without marks is given plain parts only."""
    if not is_rich:
        return "".join(part for part in parts if isinstance(part, str))
    return "".join(escape(part) if isinstance(part, str) else mark(*part) for part in parts)


def mark(kind: str, number: int) -> str:
    return {"open": f"<{number}>", "close": f"</{number}>", "alone": f"<{number}/>"}[kind]


def all_codes(segment: Segment) -> dict[int, Code]:
    """The codes of a segment by number; those that only its translation has, too."""
    return {code.number: code for code in (*segment.target_codes, *segment.codes)}


def explained_marks(segment: Segment) -> str:
    """What each numbered mark of a segment is, in a line for translators; "" if it has none."""
    marks = []
    for code in segment.codes:
        written = f"<{code.number}/>" if code.is_alone else f"<{code.number}>"
        target = code.target
        marks.append(
            f"{written} {KIND_NAMES.get(code.kind, str)(code.kind)}{f' ({target})' if target else ''}"
        )
    return ", ".join(marks)


KIND_NAMES = {
    "bold": lambda kind: _("bold"),
    "italic": lambda kind: _("italics"),
    "link": lambda kind: _("link"),
    "document": lambda kind: _("link to a document"),
    "line-break": lambda kind: _("line break"),
}


def notes(record: RecordUnits, segment: Segment) -> list[tuple[str, str]]:
    """(category, text) of what a translator should know of a segment."""
    found = [("where", f"{record.title} – {segment.label}")]
    if marks := explained_marks(segment):
        found.append(("marks", _("Marks: %(marks)s.") % {"marks": marks}))
    if segment.is_stale:
        found.append(("outdated", _("The source has changed since this was translated.")))
    if segment.max_length:
        found.append(("limit", _("At most %(limit)s characters.") % {"limit": segment.max_length}))
    if record.note:
        found.append(("returned", _("From the reviewer: %(note)s") % {"note": record.note}))
    return [(category, NOT_IN_FILES.sub("", text)) for category, text in found]


def language_of(source: str | None, target: str | None) -> Language:
    """The language of a file that names its languages by BCP 47 tags. Raises `ExchangeError`."""
    source, target = (source or "").strip(), (target or "").strip()
    if source.lower() != source_language().tag.lower():
        raise ExchangeError(
            _("The source language of this file is “%(tag)s”; the site translates from “%(own)s”.")
            % {"tag": source[:40], "own": source_language().tag}
        )
    if not target:
        raise ExchangeError(_("The file doesn’t say into which language it is translated."))
    for language in target_languages():
        if target.lower() in {language.tag.lower(), language.code.lower()}:
            return language
    raise ExchangeError(
        _("The site isn’t translated into “%(tag)s”, which this file names as its language.")
        % {"tag": target[:40]}
    )


def check_size(data: bytes) -> None:
    """Raises `ExchangeError` for an upload that is empty or too large."""
    if not data:
        raise ExchangeError(_("The file is empty."))
    if len(data) > MAX_BYTES:
        raise ExchangeError(
            _("The file is larger than %(limit)s MB: export fewer records at a time.")
            % {"limit": MAX_BYTES // 1024 // 1024}
        )


def check_units(units: list[ParsedUnit]) -> None:
    """Raises `ExchangeError` for a file without units, or with too many."""
    if not units:
        raise ExchangeError(_("The file holds no text to translate."))
    if len(units) > MAX_UNITS:
        raise ExchangeError(
            _("The file holds more than %(limit)s texts: export fewer records at a time.")
            % {"limit": MAX_UNITS}
        )
