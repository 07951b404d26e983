"""What helps with a segment while it is translated: memory, glossary and checks together."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from . import memory
from .checks import Problem, check
from .glossary import Occurrence, Terms, accepted
from .languages import Language
from .segments import Segment


@dataclass(frozen=True)
class KnownTerm:
    """A term in the source of a segment, with what the glossary says of it in one language."""

    # As the source writes it.
    text: str
    translations: list[str]
    note: str
    do_not_translate: bool


@dataclass(frozen=True)
class Help:
    """What the site knows about one segment."""

    matches: list[memory.Match]
    problems: list[Problem]
    terms: list[KnownTerm]

    @property
    def has_notes(self) -> bool:
        return any(term.note for term in self.terms)

    @property
    def has_errors(self) -> bool:
        return any(problem.blocks_approval for problem in self.problems)


def help_for(segments: Collection[Segment], language: Language) -> dict[str, Help]:
    """{segment id: exact matches, problems and terms}, in two queries however many segments there are.

    A segment without a translation has no problems here: that it is missing can be seen. Fuzzy matches take
    their time; they are asked for one segment at a time (`memory.fuzzy`).
    """
    terms = Terms.all()
    matches = memory.exact_for(segments, language)
    return {
        segment.id: Help(
            matches=matches[segment.id],
            problems=problems_of(segment, language, terms) if segment.is_translated else [],
            terms=known_terms(segment, language, terms),
        )
        for segment in segments
    }


def problems_of(segment: Segment, language: Language, terms: Terms) -> list[Problem]:
    """Errors, then warnings, those of the glossary among them."""
    return [*check(segment, language), *terms.missing(segment, language)]


def problems_of_text(segment: Segment, text: str, language: Language, terms: Terms) -> list[Problem]:
    """The problems that a segment would have with another translation, which isn't saved yet."""
    return problems_of(replace(segment, target=text), language, terms)


def known_terms(segment: Segment, language: Language, terms: Terms) -> list[KnownTerm]:
    """The terms of a segment's source that the glossary has in a language, each once."""
    found: dict[int, Occurrence] = {}
    for occurrence in terms.in_source(segment):
        found.setdefault(occurrence.term.pk, occurrence)
    return [
        KnownTerm(one.text, words, one.term.note, one.term.do_not_translate)
        for one in found.values()
        if (words := accepted(one.term, language))
    ]
