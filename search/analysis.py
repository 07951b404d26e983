"""Words and terms: what a text and a query have in common, in each language.

A text is cut into pieces, and each piece becomes one term, so that the places of terms lead back to the words
on the page. Every term is folded first (marks, letter forms, digits) and then stemmed as its script and the
language of the text ask: Snowball for ar, en, es, fr and ru; a Chinese run becomes overlapping pairs.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from threading import local

import snowballstemmer

# Goes up when the same text would give other terms; `index_search` then analyses everything anew.
VERSION = 1

# Stands between two lines of a text, so that no phrase reaches over their border.
BREAK = "_"
LONGEST_TERM = 60

HAN = r"\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
ARABIC = (
    r"\u0620-\u065f\u066e-\u06d3\u06d5-\u06dc\u06df-\u06e8\u06ea-\u06ef\u06fa-\u06ff\u0750-\u077f"
    r"\ufb50-\ufdfb\ufe70-\ufefc"
)
# Inside a word: combining marks, soft hyphens and joiners.
MARKS = r"\u0300-\u036f\u00ad\u200c\u200d"
PIECE = re.compile(
    rf"(?P<break>\n+)|(?P<han>[{HAN}]+)|(?P<arabic>[{ARABIC}][{ARABIC}{MARKS}]*)"
    rf"|(?P<word>(?:(?![{HAN}{ARABIC}])[^\W_])(?:(?![{HAN}{ARABIC}])[^\W_]|[{MARKS}])*)"
)
HAN_SIGN = re.compile(f"[{HAN}]")
APOSTROPHES = "'’ʼ＇"
ELISIONS = {"l", "d", "j", "m", "t", "s", "c", "n", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "presqu"}
INVISIBLE = {0x00AD: None, 0x200C: None, 0x200D: None, 0x0640: None}

# What decomposition leaves as it is.
LETTERS = str.maketrans(
    {
        "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "þ": "th",
        "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ۀ": "ه", "ہ": "ه",
    }
)  # fmt: skip
BREVE = "\u0306"

# و and ف join any word, ب ك ل the article; لل is ل with it. Three letters have to be left.
ARABIC_ARTICLE = re.compile(r"^[وف]?(?:[بكل]?ال|لل)(?=\w{3})")
ARABIC_ENDINGS = ("ها", "هم", "يه", "ه", "ي")
# Snowball knows some French and Spanish endings by their accents, which folding has taken away.
FRENCH_ACCENTS = (
    (re.compile(r"(?<=\w{3})ite(s?)$"), r"ité\1"),
    (re.compile(r"(?<=\w\w)ee(s?)$"), r"ée\1"),
    (re.compile(r"(?<=\w\w)iere(s?)$"), r"ière\1"),
    (re.compile(r"(?<=\w\w)erent$"), "èrent"),
)
SPANISH_ACCENTS = ((re.compile(r"(?<=\w)ion$"), "ión"), (re.compile(r"(?<=\w\w)logia(s?)$"), r"logía\1"))

# Snowball leaves the plural of short Spanish words as it is, and takes it from the longer ones.
SPANISH_PLURALS = (
    (re.compile(r"(?<=\w[aeiou])ces$"), "z"),
    (re.compile(r"(?<=\w[aeiou][dlnrj])es$"), ""),
    (re.compile(r"(?<=\w[aeiou])s$"), ""),
)

STOP_WORDS = {
    "en": (
        "a an and are as at be but by for from has have how in is it its of on or our that the "
        "their these this those to was we were what when where which who will with"
    ),
    "fr": (
        "a au aux avec ce ces cet cette comme dans de des du elle en est et il ils je la le les "
        "leur leurs mais ne nos notre nous on ou par pas plus pour que qui sa se ses son sont sur "
        "un une vos votre vous y"
    ),
    "es": (
        "a al ante como con de del desde el ella en entre es esta este estos la las lo los mas o "
        "para pero por que se ser sin sobre son su sus un una unas uno unos y"
    ),
    "ru": (
        "а без был была были было в во вы для до же за и из или их к как ко на не но о об он она "
        "они от по под при с со также то что чтобы эта эти это этот я"
    ),
    "ar": (
        "في من على الي عن مع ان او ثم هذا هذه ذلك تلك التي الذي الذين هو هي هم ما لا لم لن قد كل "
        "كان كانت بين حول و ف ب ل كما بعد قبل عند حيث اي"
    ),
}
# Chinese particles: a long run is not to be missed because of them.
CHINESE_PARTICLES = frozenset("的了与及和在是之")

STEMMERS = {"ar": "arabic", "en": "english", "es": "spanish", "fr": "french", "ru": "russian"}
_of_thread = local()


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text from `start` to `end` that becomes one term; pairs of Chinese letters overlap."""

    start: int
    end: int
    text: str
    is_han: bool = False
    # The last sign of a Chinese run by itself, so that each sign begins a piece.
    is_end_of_run: bool = False


def pieces(text: str, language: str) -> Iterator[Piece]:
    """The pieces of a text in their order; the end of a line is one with the text `BREAK`."""
    for match in PIECE.finditer(text):
        start, end = match.span()
        if match["break"]:
            yield Piece(start, end, BREAK)
        elif match["han"]:
            for place in range(start, end):
                yield Piece(
                    place,
                    min(place + 2, end),
                    text[place : min(place + 2, end)],
                    is_han=True,
                    is_end_of_run=place == end - 1,
                )
        elif not _is_elided(text, start, end, language):
            yield Piece(start, end, match[0])


def _is_elided(text: str, start: int, end: int, language: str) -> bool:
    """Whether a word is only the l' of "l'eau" or the 's of "the Centre's"."""
    if language == "fr":
        return text[end : end + 1] in APOSTROPHES and end < len(text) and text[start:end].lower() in ELISIONS
    if language == "en":
        return end - start == 1 and text[start] in "sS" and start > 1 and text[start - 1] in APOSTROPHES
    return False


def surface(word: str) -> str:
    """A word as a dictionary has it: small letters, no tatweel, no Arabic vowels; accents stay."""
    word = unicodedata.normalize("NFKC", word).translate(INVISIBLE).casefold()
    return "".join(letter for letter in word if not ("\u064b" <= letter <= "\u065f" or letter == "\u0670"))


@lru_cache(maxsize=100_000)
def fold(word: str) -> str:
    """A word without what people leave out when they type: marks, letter forms, other scripts' digits."""
    word = unicodedata.normalize("NFKC", word).translate(INVISIBLE).casefold()
    folded = []
    for letter in unicodedata.normalize("NFD", word):
        if unicodedata.category(letter) == "Mn":
            # й is a letter of its own; the two dots of ё are not.
            if letter == BREVE and folded and folded[-1] in "иу":
                folded.append(letter)
            continue
        folded.append(str(unicodedata.decimal(letter, letter)))
    return unicodedata.normalize("NFC", "".join(folded)).translate(LETTERS)


def letters(word: str) -> str:
    """A folded word without whatever else than letters and digits is left in it."""
    return "".join(letter for letter in fold(word) if letter.isalnum())[:LONGEST_TERM]


def is_han(letter: str) -> bool:
    return bool(HAN_SIGN.match(letter))


def _stem(word: str, language: str) -> str:
    # A stemmer keeps what it is at work on in itself, so each thread has its own.
    stemmers = _of_thread.__dict__.setdefault("stemmers", {})
    if language not in stemmers:
        stemmers[language] = snowballstemmer.stemmer(STEMMERS[language])
    return stemmers[language].stemWord(word)


def _arabic(word: str) -> str:
    """The stem of a folded Arabic word, whether it stands with the article or without."""
    while (shorter := ARABIC_ARTICLE.sub("", word)) != word:
        word = shorter
    if len(word) > 3 and word[0] == "و":
        # "And", or a root that begins with it: the same way for both, or they would not meet.
        word = word[1:]
    if word.endswith("ه"):
        word = word[:-1] + "ة"
    # Snowball treats a noun with its article in another way than without, so each gets one.
    stem = _stem(f"ال{word}", "ar").removeprefix("ال").replace("ة", "ه")
    for ending in ARABIC_ENDINGS:
        if stem.endswith(ending) and len(stem) - len(ending) >= 3:
            return stem[: -len(ending)]
    return stem or word


def _spanish_singular(word: str) -> str:
    for pattern, ending in SPANISH_PLURALS:
        if pattern.search(word):
            return pattern.sub(ending, word)
    return word


def _accented(word: str, endings) -> str:
    for pattern, ending in endings:
        word = pattern.sub(ending, word)
    return word


@lru_cache(maxsize=200_000)
def term(text: str, language: str) -> str:
    """The term that stands in the index for a piece of a text in a language (its code)."""
    folded = letters(text)
    if not folded:
        return BREAK
    if len(folded) < 3 or folded[0].isdigit():
        return folded
    if "\u0620" <= folded[0] <= "\u06ff":
        stem = _arabic(folded)
    elif "\u0400" <= folded[0] <= "\u052f":
        stem = _stem(folded, "ru")
        # "приём" without its ending is "при", which says nothing.
        stem = folded if stem in stop_words("ru") else stem
    elif folded[0] < "\u0250":
        if language == "fr":
            stem = fold(_stem(_accented(folded, FRENCH_ACCENTS), "fr"))
        elif language == "es":
            stem = fold(_stem(_accented(_spanish_singular(folded), SPANISH_ACCENTS), "es"))
        else:
            stem = _stem(folded, "en")
    else:
        return folded
    return "".join(letter for letter in stem if letter.isalnum()) or folded


def terms(text: str, language: str) -> list[str]:
    """The terms of a text, one for each of its `pieces`."""
    return [
        piece.text if piece.text == BREAK else term(piece.text, language) for piece in pieces(text, language)
    ]


@lru_cache
def stop_words(language: str) -> frozenset[str]:
    return frozenset(STOP_WORDS.get(language, "").split())


def is_stop_word(piece: Piece, language: str) -> bool:
    return not piece.is_han and fold(piece.text) in stop_words(language)
