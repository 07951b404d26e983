"""What can be checked of a translation without understanding it.

Errors are slips without a doubt (a wrong year, a lost link), and block approval. Whatever may be right in
some text is a warning. Rules of punctuation are those of the United Nations' style guides for each language.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from django.db import models
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from .languages import Language, source_language
from .numbers import figures, is_said_in_words, months, written_dates
from .segments import Segment, SegmentError, plain_text, render, tokens


class Level(models.TextChoices):
    ERROR = "error", _("Error")
    WARNING = "warning", _("Warning")


@dataclass(frozen=True)
class Problem:
    """Something that is wrong with a translation, or may be."""

    level: Level
    # The name of the check, for styles and tests.
    code: str
    message: str | Promise

    @property
    def blocks_approval(self) -> bool:
        return self.level == Level.ERROR


def error(code: str, message, **values) -> Problem:
    return Problem(Level.ERROR, code, format_lazy(message, **values) if values else message)


def warning(code: str, message, **values) -> Problem:
    return Problem(Level.WARNING, code, format_lazy(message, **values) if values else message)


@dataclass(frozen=True)
class Texts:
    """A segment's source and target as plain text, which most checks compare."""

    segment: Segment
    language: Language
    source: str
    target: str


def check(segment: Segment, language: Language) -> list[Problem]:
    """All problems of a translated segment, errors first."""
    if not segment.is_translated:
        return [error("blank", _("There is no translation yet."))]
    source, target = segment.source, segment.target
    if segment.is_rich:
        source, target = plain_text(source), plain_text(target)
    texts = Texts(segment, language, source, target)
    found = [problem for one in CHECKS for problem in one(texts)]
    return sorted(found, key=lambda problem: problem.level != Level.ERROR)


def errors(segments: Iterable[Segment], language: Language) -> dict[str, list[Problem]]:
    """{segment id: its errors} for those segments that have any, so that can't be approved."""
    found = {
        segment.id: [problem for problem in check(segment, language) if problem.blocks_approval]
        for segment in segments
    }
    return {segment_id: problems for segment_id, problems in found.items() if problems}


def quoted(values: Iterable[str]) -> str:
    """Values one after the other, in the quotation marks and with the comma of whoever reads them."""
    # Translators: quotation marks around a word of a text.
    quotation = gettext("“{value}”")
    return pgettext("between the items of a list", ", ").join(
        quotation.replace("{value}", value) for value in values
    )


# Inline codes --------------------------------------------------------------------------------------------

# Scripts that have no italics: a translator may leave them out.
WITHOUT_ITALICS = {"Arab", "Hans"}
CODE_KINDS = {
    "bold": _("bold"),
    "italic": _("italic"),
    "link": _("link"),
    "document": _("document"),
    "line-break": _("line break"),
    "superscript": _("superscript"),
    "subscript": _("subscript"),
}


def written_code(number: int, is_alone: bool) -> str:
    return f"<{number}/>" if is_alone else f"<{number}>…</{number}>"


def check_codes(texts: Texts) -> Iterator[Problem]:
    """The marks of the source stand in the translation, each once and well nested."""
    segment = texts.segment
    if not segment.is_rich:
        return
    own = {code.number: code for code in segment.target_codes} | {code.number: code for code in segment.codes}
    try:
        render(own.values(), segment.target)
    except SegmentError as problem:
        yield error("codes", str(problem))
        return
    used = {token[1] for token in tokens(segment.target) if not isinstance(token, str)}
    of_source = {code.number for code in segment.codes}
    for code in segment.codes:
        if code.number in used:
            continue
        is_link = code.kind in {"link", "document"}
        is_optional = code.kind == "line-break" or (
            code.kind == "italic" and texts.language.script in WITHOUT_ITALICS
        )
        make = warning if is_optional else error
        yield make(
            "link" if is_link else "codes",
            _("The mark {mark} ({kind}) is missing."),
            mark=written_code(code.number, code.is_alone),
            kind=CODE_KINDS.get(code.kind, code.kind),
        )
    for number in sorted(used - of_source):
        code = own[number]
        yield error(
            "link" if code.kind in {"link", "document"} else "codes",
            _("The mark {mark} ({kind}) isn’t in the English text."),
            mark=written_code(number, code.is_alone),
            kind=CODE_KINDS.get(code.kind, code.kind),
        )


# Numbers, dates, addresses -------------------------------------------------------------------------------

ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"“”«»（）。，、؛،]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE
)
# Numbers up to this one are often said otherwise: "twice", "both", "a dozen".
SMALL = 12


def addresses(text: str) -> Counter[str]:
    return Counter(match.rstrip(".,;:!?)'’…") for match in ADDRESS.findall(text))


def check_addresses(texts: Texts) -> Iterator[Problem]:
    """Web and e-mail addresses are the same, letter by letter."""
    source, target = addresses(texts.source), addresses(texts.target)
    if missing := source - target:
        yield error("address", _("These addresses are missing: {addresses}."), addresses=quoted(missing))
    if added := target - source:
        yield error(
            "address", _("These addresses aren’t in the English text: {addresses}."), addresses=quoted(added)
        )


def check_numbers(texts: Texts) -> Iterator[Problem]:
    """The numbers of the source stand in the translation, in figures or in words, and no others."""
    language = texts.language
    source, target = ADDRESS.sub(" ", texts.source), ADDRESS.sub(" ", texts.target)
    in_source, in_target = figures(source, source_language()), figures(target, language)
    added, missing = list(in_target), []
    for figure in in_source:
        match = next((other for other in added if other.readings & figure.readings), None)
        if match:
            added.remove(match)
        else:
            missing.append(figure)
    said = frozenset().union(*(figure.readings for figure in in_target))
    missing = [
        figure
        for figure in missing
        # A figure that the source repeats needn't be repeated.
        if not figure.readings & said
        and not any(is_said_in_words(value, target, language) for value in whole_values(figure))
    ]
    of_source = frozenset().union(*(figure.readings for figure in in_source))
    named_months = months(source, source_language())
    added = [
        figure
        for figure in added
        if not figure.readings & of_source
        and not any(is_said_in_words(value, source, source_language()) for value in whole_values(figure))
        and not any(value in named_months for value in whole_values(figure))
    ]
    dates = written_dates(source, source_language())
    if missing and added:
        yield error(
            "numbers",
            _("The numbers differ: {source} in the English text, {target} in the translation."),
            source=quoted(figure.text for figure in missing),
            target=quoted(figure.text for figure in added),
        )
        return
    for figure in missing:
        date = next((date for date in dates if date.start <= figure.start < date.end), None)
        if date:
            yield error(
                "dates",
                _("The date “{date}” isn’t complete: “{number}” is missing."),
                date=date.text,
                number=figure.text,
            )
        else:
            make = warning if is_small(figure) else error
            yield make("numbers", _("The number “{number}” is missing."), number=figure.text)
    for figure in added:
        make = warning if is_small(figure) else error
        yield make("numbers", _("The number “{number}” isn’t in the English text."), number=figure.text)


def whole_values(figure) -> list[int]:
    return [int(value) for value in figure.readings if value.isdecimal()]


def is_small(figure) -> bool:
    return figure.whole is not None and figure.whole <= SMALL and not figure.is_percentage


NUMERIC_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")


def check_dates(texts: Texts) -> Iterator[Problem]:
    """The months of the source's dates are named; their days and years are checked with the numbers."""
    dates = written_dates(texts.source, source_language())
    if not dates or NUMERIC_DATE.search(texts.target):
        return
    named = months(texts.target, texts.language)
    strange = named - months(texts.source, source_language())
    for date in dates:
        if date.month in named:
            continue
        make = error if strange else warning
        yield make("dates", _("The month of the date “{date}” isn’t in the translation."), date=date.text)
        return


# Blanks, characters, length ------------------------------------------------------------------------------

BLANKS = " \t\u00a0\u202f\u2009\u3000"
DOUBLE_BLANK = re.compile(f"[{BLANKS}]{{2,}}")
# Marks that turn the direction of text by force hide what is written; isolates do only if one isn't closed.
OVERRIDES = re.compile("[\u202a-\u202e]")
ISOLATES, END_OF_ISOLATE = "\u2066\u2067\u2068", "\u2069"
ALLOWED_CONTROLS = "\n\r\t"


def check_blanks(texts: Texts) -> Iterator[Problem]:
    source, target = texts.source, texts.target
    if target[:1].isspace() and not source[:1].isspace():
        yield warning("blanks", _("There is a blank at the beginning."))
    if target[-1:].isspace() and not source[-1:].isspace():
        yield warning("blanks", _("There is a blank at the end."))
    if DOUBLE_BLANK.search(target.strip()) and not DOUBLE_BLANK.search(source.strip()):
        yield warning("blanks", _("There are two blanks in a row."))


def check_characters(texts: Texts) -> Iterator[Problem]:
    target = texts.target
    names = {
        f"U+{ord(character):04X}"
        for character in target
        if (unicodedata.category(character) in {"Cc", "Zl", "Zp", "Co", "Cn"} or character == "\ufffd")
        and character not in ALLOWED_CONTROLS
    }
    if names:
        yield error(
            "characters",
            _("There are characters that nobody can read: {names}."),
            names=", ".join(sorted(names)),
        )
    opened = sum(target.count(mark) for mark in ISOLATES)
    if OVERRIDES.search(target) or opened != target.count(END_OF_ISOLATE):
        yield error("characters", _("There are hidden marks that turn the direction of the text."))


def check_length(texts: Texts) -> Iterator[Problem]:
    limit = texts.segment.max_length
    if limit and len(texts.target) > limit:
        yield error(
            "length",
            _("The text has {length} characters; at most {limit} fit here."),
            length=len(texts.target),
            limit=limit,
        )


# Script and language -------------------------------------------------------------------------------------

# How the names of a script's letters begin in Unicode.
LETTER_NAMES = {"Arab": "ARABIC", "Cyrl": "CYRILLIC", "Hans": "CJK", "Latn": "LATIN"}
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
ENGLISH_WORDS = frozenset(
    [
        "the",
        "and",
        "of",
        "with",
        "from",
        "which",
        "are",
        "was",
        "were",
        "has",
        "have",
        "this",
        "that",
        "by",
        "to",
    ]
)
# From how many words on a text is more than names and abbreviations.
SEVERAL_WORDS = 4


@cache
def script_of(letter: str) -> str:
    """The script of a letter, among those that the site is written in; "" for any other character."""
    name = unicodedata.name(letter, "")
    return next((script for script, start in LETTER_NAMES.items() if name.startswith(start)), "")


def ordinary_words(text: str) -> list[str]:
    """The words of a text, without addresses and abbreviations."""
    return [word for word in WORD.findall(ADDRESS.sub(" ", text)) if not word.isupper()]


def check_script(texts: Texts) -> Iterator[Problem]:
    own = texts.language.script
    letters = Counter(script_of(character) for character in texts.target if character.isalpha())
    words = ordinary_words(texts.source)
    if len(words) >= SEVERAL_WORDS and not letters[own]:
        yield error(
            "script",
            _("The translation isn’t written in the letters of {language}."),
            language=texts.language,
        )
        return
    if is_still_english(texts, words):
        yield warning("untranslated", _("The text is still English, or mostly."))
    elif own != "Latn" and len(words) > 2 * SEVERAL_WORDS and letters[own] < letters["Latn"] / 3:
        yield warning("untranslated", _("Most of the text is in Latin letters."))
    in_source = {script_of(character) for character in texts.source if character.isalpha()}
    foreign = [script for script in letters if script and script not in {own, "Latn"} | in_source]
    if foreign:
        strange = [
            word
            for word in WORD.findall(texts.target)
            if any(script_of(letter) in foreign for letter in word)
        ]
        yield warning(
            "script", _("There are letters of another script in {words}."), words=quoted(strange[:3])
        )
    elif mixed := [word for word in WORD.findall(texts.target) if is_mixed(word)]:
        yield warning(
            "script", _("Latin and Cyrillic letters stand in one word: {words}."), words=quoted(mixed[:3])
        )


def is_still_english(texts: Texts, words: list[str]) -> bool:
    if texts.target.casefold().split() == texts.source.casefold().split():
        return len(words) >= 3
    in_target = [word.casefold() for word in ordinary_words(texts.target)]
    english = sum(word in ENGLISH_WORDS for word in in_target)
    return texts.language.script == "Latn" and english >= 3 and english > len(in_target) * 0.15


def is_mixed(word: str) -> bool:
    return {"Latn", "Cyrl"} <= {script_of(letter) for letter in word}


# Punctuation ---------------------------------------------------------------------------------------------

# What ends a text in English, and how other scripts write it.
ENDINGS = {
    ".": {"Hans": "。"},
    "?": {"Hans": "？", "Arab": "؟"},
    "!": {"Hans": "！"},
    ":": {"Hans": "："},
    ";": {"Hans": "；", "Arab": "؛"},
    ",": {"Hans": "，", "Arab": "،"},
    "…": {},
}
CLOSERS = "\"'”’»)]）】》」』\u200e\u200f\u2069"
BARE_MARKS = {
    # After a letter of the script itself: a Latin name may end in a Latin mark.
    "Hans": (re.compile(r"[\u4e00-\u9fff][,;:?!]"), _("Write ，；：？！ after Chinese characters.")),
    "Arab": (re.compile(r"[\u0621-\u064a][,;?]"), _("Write ، ؛ ؟ after Arabic letters.")),
}
# French sets a blank that doesn't break before these, and after «.
FRENCH_MARKS = re.compile(
    rf"[^\s{BLANKS}?!:;«(\d][;!?»]|[\w»)](?<!\d):(?=\s|$)|\d[;!?»]|[^\S\u00a0\u202f\u2009][;!?»:](?!\S*/)|«(?![\u00a0\u202f\u2009])"
)

# "…; and" before the last item of a list, where English has only the semicolon, or the other way round.
LAST_CONJUNCTION = re.compile(r"(?<=[;,；，؛،])\s*[^\W\d_]{1,3}$")


def ending(text: str) -> str:
    """The mark that ends a text, whatever quotes or brackets close behind it; "" where there is none."""
    text = LAST_CONJUNCTION.sub("", text.rstrip().rstrip(CLOSERS).rstrip())
    if text.endswith(("...", "…")):
        return "…"
    last = text[-1:]
    known = set(ENDINGS) | {mark for marks in ENDINGS.values() for mark in marks.values()}
    return last if last in known else ""


def check_ending(texts: Texts) -> Iterator[Problem]:
    """The translation ends as the source does, with the mark of its own script."""
    source, target = ending(texts.source), ending(texts.target)
    if not source:
        if target in {".", "。", ",", "，", "،"} and not is_abbreviation(texts.target):
            yield warning(
                "ending", _("The English text doesn’t end with a mark; “{mark}” does."), mark=target
            )
        return
    wanted = ENDINGS[source].get(texts.language.script, source)
    if target != wanted:
        yield warning("ending", _("The text should end with “{mark}”, as the English does."), mark=wanted)


def is_abbreviation(text: str) -> bool:
    """Whether the full stop at the end belongs to an abbreviation: "г.", "etc.", "S. A."."""
    last = text.rstrip(CLOSERS + ".").split()[-1:]
    return bool(last) and (len(last[0]) <= 2 or last[0] == "etc" or "." in last[0])


def check_marks(texts: Texts) -> Iterator[Problem]:
    """Marks inside the text are those of the language."""
    target = ADDRESS.sub(" ", texts.target)
    if rule := BARE_MARKS.get(texts.language.script):
        pattern, advice = rule
        if pattern.search(target):
            yield warning("marks", advice)
    if texts.language.code == "fr" and (match := FRENCH_MARKS.search(target)):
        yield warning(
            "marks",
            _("French sets a non-breaking space before ; : ! ? » and after «: see “{place}”."),
            place=target[max(0, match.start() - 10) : match.end() + 3].strip(),
        )
    if texts.language.code == "es":
        for opening, closing in (("¿", "?"), ("¡", "!")):
            if target.count(opening) != target.count(closing):
                yield warning(
                    "marks",
                    _("Spanish opens with “{opening}” what it closes with “{closing}”."),
                    opening=opening,
                    closing=closing,
                )


PAIRS = ("()", "[]", "{}", "«»", "“”", "（）", "【】", "《》", "「」", "『』")


def check_pairs(texts: Texts) -> Iterator[Problem]:
    """Brackets and quotes that open are closed."""
    for opening, closing in PAIRS:
        if opening == "“" and "„" in texts.target:  # „ opens and “ closes, as in German and some Russian
            continue
        if is_uneven(texts.target, opening, closing) and not is_uneven(texts.source, opening, closing):
            yield warning(
                "pairs",
                _("“{opening}” and “{closing}” don’t match: one opens or closes nothing."),
                opening=opening,
                closing=closing,
            )
    if texts.target.count('"') % 2 and not texts.source.count('"') % 2:
        yield warning("pairs", _("A quotation mark is missing at one end."))


def is_uneven(text: str, opening: str, closing: str) -> bool:
    return text.count(opening) != text.count(closing)


CHECKS: tuple[Callable[[Texts], Iterator[Problem]], ...] = (
    check_codes,
    check_addresses,
    check_numbers,
    check_dates,
    check_characters,
    check_length,
    check_script,
    check_blanks,
    check_ending,
    check_marks,
    check_pairs,
)
