"""What somebody typed, as terms; and these in the words of the databases' own full-text searches."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from . import analysis
from .analysis import BREAK, CHINESE_PARTICLES, Piece
from .index import prefix, title_term

LONGEST_QUERY = 200
MOST_UNITS = 12
# A Chinese run of this length is a sentence rather than a word.
LONG_RUN = 4

QUOTED = re.compile(
    r'"([^"]*)"|＂([^＂]*)＂|“([^”“]*)[”“]|„([^“”]*)[“”]|«([^»]*)»|‹([^›]*)›|「([^」]*)」|『([^』]*)』|〝([^〞]*)〞'
)


@dataclass(frozen=True)
class Unit:
    """Terms that have to stand one after the other; mostly a single one. `is_open` if the last goes on."""

    terms: tuple[str, ...]
    is_open: bool = False


@dataclass(frozen=True)
class Word:
    """A word of the query where it stands in it, for corrections; a Chinese run is one word."""

    start: int
    end: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Query:
    """`text` is what was typed, without what nobody can see; all of the `units` have to be found."""

    text: str
    language: str
    units: tuple[Unit, ...]
    words: tuple[Word, ...] = ()
    # Whether it was too long to be looked for as a whole.
    is_cut: bool = False

    def __bool__(self) -> bool:
        return bool(self.units)

    @property
    def terms(self) -> set[str]:
        return {term for unit in self.units for term in unit.terms}

    def fts5(self) -> str:
        mark = prefix(self.language)
        return " AND ".join(
            '"' + " ".join(mark + term for term in unit.terms) + '"' + (" *" if unit.is_open else "")
            for unit in self.units
        )

    def tsquery(self) -> str:
        mark = prefix(self.language)
        return " & ".join(
            "("
            + " <-> ".join(f"'{mark}{term}'" for term in unit.terms)
            + (":*" if unit.is_open else "")
            + ")"
            for unit in self.units
        )

    def in_title(self) -> "TitleQuery":
        return TitleQuery(self)


@dataclass(frozen=True)
class TitleQuery:
    """The same words, each in the title."""

    query: Query

    def _terms(self) -> Iterator[tuple[str, bool]]:
        for unit in self.query.units:
            for term in unit.terms:
                yield title_term(term, self.query.language), unit.is_open and term == unit.terms[-1]

    def fts5(self) -> str:
        return " AND ".join(f'"{term}"' + (" *" if is_open else "") for term, is_open in self._terms())

    def tsquery(self) -> str:
        return " & ".join(f"'{term}'" + (":*" if is_open else "") for term, is_open in self._terms())


@dataclass(frozen=True)
class AnyOf:
    """What is found by any of several queries, such as the same words in other languages."""

    queries: tuple[Query, ...]

    def __bool__(self) -> bool:
        return bool(self.queries)

    def fts5(self) -> str:
        return " OR ".join(f"({query.fts5()})" for query in self.queries)

    def tsquery(self) -> str:
        return " | ".join(f"({query.tsquery()})" for query in self.queries)


@dataclass(frozen=True)
class Beginnings:
    """Words of a title by their beginnings."""

    terms: tuple[str, ...]

    def fts5(self) -> str:
        return " AND ".join(f'"{term}" *' for term in self.terms)

    def tsquery(self) -> str:
        return " & ".join(f"'{term}':*" for term in self.terms)


def tidy(text: str) -> str:
    """A query in one line, without signs that nobody can see and that a database may refuse."""
    # Lone surrogates, NUL and other control characters become spaces; joiners belong to words.
    letters = (letter if letter.isprintable() or letter in "\u200c\u200d" else " " for letter in text)
    return " ".join("".join(letters).split())


def parse(text: str, language: str) -> Query:
    """The query that somebody typed, in a language (its code)."""
    text = tidy(text[: 20 * LONGEST_QUERY])
    is_cut = len(text) > LONGEST_QUERY
    text = text[:LONGEST_QUERY]
    phrases, free, last = [], [], 0
    for match in QUOTED.finditer(text):
        start, end = match.span(match.lastindex) if match.lastindex else (match.end(), match.end())
        free.append((last, match.start()))
        phrases.append((start, end))
        last = match.end()
    free.append((last, len(text)))
    units, weak, words = [], [], []
    for start, end in phrases:
        found = [piece for piece in _pieces(text, start, end, language) if piece.text != BREAK]
        words += _words(found)
        if unit := _phrase(found, language):
            units.append((start, unit))
    for start, end in free:
        for word in words_in(text, language, start, end):
            words.append(word)
            for unit, is_weak in _units(word, language):
                (weak if is_weak else units).append((word.start, unit))
    # Little words count only where there is nothing else.
    ordered = sorted(units or weak, key=lambda pair: pair[0])
    unique = tuple(dict.fromkeys(unit for _start, unit in ordered))
    words.sort(key=lambda word: word.start)
    return Query(text, language, unique[:MOST_UNITS], tuple(words), is_cut or len(unique) > MOST_UNITS)


def _pieces(text: str, start: int, end: int, language: str) -> list[Piece]:
    return [
        Piece(piece.start + start, piece.end + start, piece.text, piece.is_han, piece.is_end_of_run)
        for piece in analysis.pieces(text[start:end], language)
        if analysis.term(piece.text, language) != BREAK
    ]


def words_in(text: str, language: str, start: int = 0, end: int | None = None) -> list[Word]:
    """The words in a part of a query."""
    return _words(_pieces(text, start, len(text) if end is None else end, language))


def _words(pieces: Iterable[Piece]) -> list[Word]:
    """Pieces as words: those of a Chinese run together, each other one by itself."""
    words, run = [], []
    for piece in pieces:
        run.append(piece)
        if not piece.is_han or piece.is_end_of_run:
            words.append(Word(run[0].start, run[-1].end, tuple(run)))
            run = []
    return words


def _units(word: Word, language: str) -> Iterator[tuple[Unit, bool]]:
    """The units of a word outside quotation marks, each with whether it says little."""
    first = word.pieces[0]
    if not first.is_han:
        yield Unit((analysis.term(first.text, language),)), analysis.is_stop_word(first, language)
    elif len(word.pieces) == 1:
        # A sign by itself is found as the first of any pair.
        yield Unit((analysis.term(first.text, language),), is_open=True), False
    else:
        pairs = [piece for piece in word.pieces if not piece.is_end_of_run]
        for pair in pairs:
            is_weak = len(word.pieces) >= LONG_RUN and bool(CHINESE_PARTICLES & set(pair.text))
            yield Unit((analysis.term(pair.text, language),)), is_weak


def _phrase(pieces: list[Piece], language: str) -> Unit | None:
    if not pieces:
        return None
    is_open = False
    if pieces[-1].is_end_of_run:
        # The text may go on after the phrase: its last sign is there, but perhaps not the end of a run.
        if len(pieces) > 1 and pieces[-2].is_han and not pieces[-2].is_end_of_run:
            pieces = pieces[:-1]
        else:
            is_open = True
    return Unit(tuple(analysis.term(piece.text, language) for piece in pieces), is_open)
