"""Titles and passages with the words marked that were looked for."""

import re
from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from . import analysis
from .analysis import Piece
from .index import prefix
from .models import EntryText
from .query import Query, Unit

# In signs: a Chinese one says about as much as two and a half of the others.
LENGTH, CHINESE_LENGTH = 260, 110
# How much stands before the first word that was found.
LEAD_IN = 0.25

# Between two lines: after a sentence, which a mark may close, a space if its script has them; a dot after a
# heading or what else ends without a sign.
BORDERS = (
    (re.compile(r"(?:(?<=[。！？：；])|(?<=……)|(?<=[。！？：；][”’」』）]))\n+"), ""),
    (re.compile(r"(?:(?<=[.!?:;؟؛…])|(?<=[.!?؟…][\"'”’»)]))\n+"), " "),
    (re.compile(r"\n+"), " · "),
)

# (start, end, number of the unit) of what was found in a text.
Span = tuple[int, int, int]


def places(terms: Sequence[str], unit: Unit) -> list[range]:
    """Where the terms of a unit stand one after the other, as ranges of places."""
    size = len(unit.terms)
    first, last = unit.terms[0], unit.terms[-1]
    found = []
    for place, term in enumerate(terms):
        if term != first and not (size == 1 and unit.is_open and term.startswith(first)):
            continue
        if size > 1:
            tail = terms[place : place + size]
            if len(tail) < size or tuple(tail[:-1]) != unit.terms[:-1]:
                continue
            if tail[-1] != last and not (unit.is_open and tail[-1].startswith(last)):
                continue
        found.append(range(place, place + size))
    return found


def spans(pieces: Sequence[Piece], terms: Sequence[str], query: Query) -> list[Span]:
    """All that matches in a text, in order."""
    matched = []
    for number, unit in enumerate(query.units):
        for found in places(terms, unit):
            first, last = pieces[found[0]], pieces[found[-1]]
            # A sign that begins a pair is all that was looked for.
            end = last.start + 1 if last.is_han and unit.is_open else last.end
            matched.append((first.start, end, number))
    return sorted(matched)


def marked(text: str, found: Sequence[Span], start: int = 0, end: int | None = None) -> SafeString:
    """A part of a text as HTML, with what was found in `<mark>`."""
    end = len(text) if end is None else end
    html, place = [], start
    for first, last in _joined(found):
        first, last = max(first, place), min(last, end)
        if first >= last:
            continue
        html += [_in_line(text[place:first]), "<mark>", escape(text[first:last]), "</mark>"]
        place = last
    html.append(_in_line(text[place:end]))
    # All that isn't a mark has been escaped.
    return mark_safe("".join(html))  # noqa: S308


def _in_line(text: str) -> str:
    """Lines of a text in one, as HTML."""
    for border, sign in BORDERS:
        text = border.sub(sign, text)
    return escape(text)


def _joined(found: Sequence[Span]) -> list[tuple[int, int]]:
    joined = []
    for first, last, _number in found:
        if joined and first <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return joined


def mark_title(title: str, query: Query) -> SafeString:
    pieces = list(analysis.pieces(title, query.language))
    terms = analysis.terms(title, query.language)
    return marked(title, spans(pieces, terms, query))


def passage(text: EntryText, query: Query) -> SafeString:
    """The part of a text in which most of what was looked for is together; else its beginning."""
    pieces = list(analysis.pieces(text.shown, query.language))
    found = spans(pieces, _terms_of(text, pieces, query.language), query)
    han = sum(piece.is_han for piece in pieces)
    length = CHINESE_LENGTH if han * 2 > len(pieces) else LENGTH
    start, end = _window(text.shown, pieces, found, length)
    html = marked(text.shown, found, start, end)
    return mark_safe(  # noqa: S308
        ("… " if start else "") + html + (" …" if end < len(text.shown) else "")
    )


def _terms_of(text: EntryText, pieces: list[Piece], language: str) -> list[str]:
    """The terms of the pieces of a shown text: those of the index, to spare the stemming."""
    parts = [part for part in (text.summary_terms, text.body_terms) if part]
    mark = prefix(language)
    terms = [term.removeprefix(mark) for term in f" {analysis.BREAK} ".join(parts).split()]
    # Another version of the analysis may have written them.
    return terms if len(terms) == len(pieces) else analysis.terms(text.shown, language)


def _window(text: str, pieces: list[Piece], found: list[Span], length: int) -> tuple[int, int]:
    """The part of the text to show: (start, end), at the borders of words."""
    if len(text) <= length * 1.2:
        return 0, len(text)
    best, best_start = (-1, 0), 0
    for place, (start, _end, _number) in enumerate(found):
        inside = [item for item in found[place:] if item[1] <= start + length * (1 - LEAD_IN)]
        merit = len({number for _start, _end, number in inside}), len(inside)
        if merit > best:
            best, best_start = merit, start
    start = max(0, int(best_start - length * LEAD_IN))
    # From the beginning of its line or of the text, if that is near.
    if line := text.rfind("\n", start, best_start) + 1:
        start = line
    elif best_start <= length * LEAD_IN * 2:
        start = 0
    else:
        start = next((piece.start for piece in pieces if start <= piece.start <= best_start), best_start)
    limit = start + length
    if limit >= len(text):
        return start, len(text)
    end = max(
        (piece.end for piece in pieces if start < piece.end <= limit and piece.text != "_"), default=limit
    )
    return start, end
