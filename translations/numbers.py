"""The numbers of a text, in figures or in words, as the languages of the United Nations write them.

Only as much as it takes to see whether a translation says the same numbers as its source. A number in words
is looked for, never read: "216" is said where the words for 200 and for 16 stand.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel.dates import get_month_names

from .calendars import month_forms
from .languages import Language, source_language

# Arabic-Indic, eastern Arabic-Indic and full-width figures, and the Arabic separators (CLDR).
ASCII_FIGURES = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９٫٬", "0123456789" * 3 + ".,")
ARABIC_MARKS = re.compile(r"[\u064b-\u0652\u0670\u0640]")
# Full hours: 10:00 says no more than 10 o'clock.
FULL_HOUR = re.compile(r"(?<=\d):00\b")
# 08.06.2016 is three numbers.
DATE_IN_FIGURES = re.compile(r"(?<!\d)\d{1,2}\.\d{1,2}\.(?=\d{4}(?!\d))")
AFTERNOON = re.compile(r"\s*(?:p\.\s?m\.?|pm\b)", re.IGNORECASE)

# What may stand between groups of three figures; an ordinary blank only where typists use it so.
FIXED_BLANKS = "\u00a0\u202f\u2009"
BLANK_GROUPS = {"fr", "ru", "es"}
# How "," and "." may be read: "g" parts groups of three figures, "d" the decimals.
SEPARATORS = {
    "en": {",": "g", ".": "d"},
    "zh-hans": {",": "g", ".": "d"},
    "ar": {",": "gd", ".": "gd"},
    "fr": {",": "d", ".": "d"},
    "ru": {",": "d", ".": "d"},
    "es": {",": "d", ".": "gd"},
}
DEFAULT_SEPARATORS = {",": "gd", ".": "gd"}

# Words and signs that multiply the number before them.
SCALES = {
    "en": {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12},
    "fr": {"mille": 10**3, "milliers": 10**3, "million": 10**6, "milliard": 10**9, "billion": 10**12},
    "es": {"mil millones": 10**9, "mil": 10**3, "millón": 10**6, "millones": 10**6, "billones": 10**12},
    "ru": {
        "тыс": 10**3,
        "миллион": 10**6,
        "млн": 10**6,
        "миллиард": 10**9,
        "млрд": 10**9,
        "трлн": 10**12,
        "триллион": 10**12,
    },
    "ar": {
        "ألف": 10**3,
        "آلاف": 10**3,
        "مليون": 10**6,
        "ملايين": 10**6,
        "مليار": 10**9,
        "بليون": 10**9,
        "تريليون": 10**12,
    },
    "zh-hans": {"万亿": 10**12, "千万": 10**7, "百万": 10**6, "亿": 10**8, "万": 10**4, "千": 10**3},
}

# The beginnings of the words for a number, cardinal and ordinal.
UNITS = {
    "en": {
        1: "one|once|first|single|sole|inaugural",
        2: "two|twice|second|both|double|dual|pair",
        3: "three|third|thrice|tripl",
        4: "four|quart",
        5: "five|fifth",
        6: "six",
        7: "seven",
        8: "eight",
        9: "nin",
        10: "ten|decade",
        11: "eleven",
        12: "twel|dozen",
        13: "thirteen",
        14: "fourteen",
        15: "fifteen",
        16: "sixteen",
        17: "seventeen",
        18: "eighteen",
        19: "nineteen",
        20: "twent",
        30: "thirt(?!een)",
        40: "fort",
        50: "fift(?!een)",
        60: "sixt(?!een)",
        70: "sevent(?!een)",
        80: "eight(?!een)",
        90: "ninet(?!een)",
        100: "hundred",
    },
    "fr": {
        1: r"une?\b|premi|unique|inaugur",
        2: "deux|second|doubl",
        3: "trois|tripl|tiers",
        4: "quatr|quart",
        5: "cinq",
        6: "six",
        7: "sept",
        8: "huit",
        9: "neuf|neuv",
        10: "dix|dizaine|décenni",
        11: "onz",
        12: "douz",
        13: "treiz",
        14: "quatorz",
        15: "quinz",
        16: "seiz",
        17: "dix-sept",
        18: "dix-huit",
        19: "dix-neu",
        20: "vingt",
        30: "trent",
        40: "quarant",
        50: "cinquant",
        60: "soixant",
        70: "soixante-dix",
        80: "quatre-vingt",
        90: "quatre-vingt-dix",
        100: "cent",
    },
    "es": {
        1: r"un[oa]?\b|primer|únic|inaugur",
        2: "dos|segund|dobl",
        3: "tres|tercer",
        4: "cuatr|cuart",
        5: "cinco|quint",
        6: "seis|sext",
        7: "siete|séptim",
        8: "ocho|octav",
        9: "nueve|noven",
        10: "diez|décim|decen",
        11: "once|undécim",
        12: "doc|duodécim",
        13: "trece",
        14: "catorce",
        15: "quince",
        16: "dieciséis",
        17: "diecisiete",
        18: "dieciocho",
        19: "diecinueve",
        20: "veint|vigésim",
        30: "treint|trigésim",
        40: "cuarent",
        50: "cincuent",
        60: "sesent",
        70: "setent",
        80: "ochent",
        90: "novent",
        100: "cien|centésim",
    },
    "ru": {
        1: "одн|один|перв",
        2: "дв[аеоу]|втор",
        3: "тр[иеё]",
        4: "четыр|четв[её]р",
        5: "пят",
        6: "шест",
        7: "сем|седьм",
        8: "восем|восьм",
        9: "девят",
        10: "десят",
        11: "одиннадцат",
        12: "двенадцат",
        13: "тринадцат",
        14: "четырнадцат",
        15: "пятнадцат",
        16: "шестнадцат",
        17: "семнадцат",
        18: "восемнадцат",
        19: "девятнадцат",
        20: "двадцат",
        30: "тридцат",
        40: "сорок",
        50: "пять?и?десят",
        60: "шесть?и?десят",
        70: "семь?и?десят",
        80: "восемь?десят|восьмидесят",
        90: "девянос",
        100: r"ст[оа]\b|сот",
    },
    "ar": {
        1: "واحد|أول|إحد|أحد|حادي|مر[ةّ]ة",
        2: "اثن|إثن|ثان",
        3: "ثلاث|ثالث",
        4: "أربع|رابع",
        5: "خمس|خامس",
        6: "ست|سادس",
        7: "سبع|سابع",
        8: "ثمان|ثامن",
        9: "تسع|تاسع",
        10: "عشر|عاشر",
        20: "عشرون|عشرين",
        30: "ثلاثون|ثلاثين",
        40: "أربعون|أربعين",
        50: "خمسون|خمسين",
        60: "ستون|ستين",
        70: "سبعون|سبعين",
        80: "ثمانون|ثمانين",
        90: "تسعون|تسعين",
        100: "مائ|مئ",
    },
}
# Parts of Arabic that are written together with the word after them: and, so, by, as, for, the.
ARABIC_PREFIX = "[وف]?[بكل]?(?:ال|ل)?"
# The dual of Arabic says "two" by itself.
ARABIC_DUALS = {1000: "ألف(?:ان?|ين?)", 10**6: "مليون(?:ان?|ين?)", 10**9: "(?:مليار|بليون)(?:ان?|ين?)"}

CHINESE_FIGURES = {figure: value for value, figure in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
CHINESE_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
CHINESE_NUMBER = re.compile("[零〇一二三四五六七八九两十百千万亿]+")
ROMAN_NUMBER = re.compile(r"(?<![A-Za-z])(?:[IVXLC]{2,}|[IVX])(?=(?:er|e|re|ème|ère)?(?!\w))")
ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


@dataclass(frozen=True)
class Figure:
    """A number in figures: how it is written, and what it may mean ("1.234" has two readings in Spanish)."""

    text: str
    readings: frozenset[str]
    start: int
    is_percentage: bool = False

    @property
    def whole(self) -> int | None:
        """Its value if it is a whole number without a doubt."""
        if len(self.readings) != 1 or not (only := next(iter(self.readings))).isdecimal():
            return None
        return int(only)


def normalized(value: Decimal) -> str:
    return format(value.normalize(), "f")


def readings(written: str, language: Language) -> set[str]:
    """What a number in figures may mean: {"1234"} for "1,234" in English, {"1.234"} in French."""
    groups = re.split(f"[{FIXED_BLANKS} ]", written)
    if len(groups) > 1:
        written = "".join(groups)
    meanings = SEPARATORS.get(language.code, DEFAULT_SEPARATORS)
    marks = re.findall(r"[.,]", written)
    parts = re.split(r"[.,]", written)
    if not marks:
        return {normalized(Decimal(written))}
    found = set()
    of_three = 1 <= len(parts[0]) <= 3 and all(len(part) == 3 for part in parts[1:])
    if len(set(marks)) == 1 and of_three and "g" in meanings[marks[0]]:
        found.add(normalized(Decimal("".join(parts))))
    if len(marks) == 1 and "d" in meanings[marks[0]]:
        found.add(normalized(Decimal(".".join(parts))))
    last_is_decimal = len(set(marks)) == 2 and marks.count(marks[-1]) == 1 and "d" in meanings[marks[-1]]
    if last_is_decimal and len(set(marks[:-1])) == 1:
        found.add(normalized(Decimal("".join(parts[:-1]) + "." + parts[-1])))
    # "2.1.3" is the number of a section; "1,5" in English is nothing at all. Both are compared as they are.
    return found or {written}


def figures(text: str, language: Language) -> list[Figure]:
    """All numbers in figures of a text, in their order; 1.5亿 and "150 million" have the same value."""
    text = FULL_HOUR.sub("", text.translate(ASCII_FIGURES))
    text = DATE_IN_FIGURES.sub(lambda date: date[0].replace(".", "/"), text)
    blanks = FIXED_BLANKS + (" " if language.code in BLANK_GROUPS else "")
    number = re.compile(rf"(?<!\d)\d{{1,3}}(?:[{blanks}]\d{{3}})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)*")
    scales = SCALES.get(language.code, {})
    longest_first = "|".join(sorted(scales, key=len, reverse=True)) or "(?!)"
    scale = re.compile(rf"[\s{FIXED_BLANKS}]*({longest_first})", re.IGNORECASE)
    found = []
    for match in number.finditer(text):
        values = readings(match[0], language)
        following = text[match.end() :]
        if multiplied := scale.match(following):
            factor = scales[multiplied[1].lower()]
            decimals = (value for value in values if value.count(".") <= 1 and "," not in value)
            values = {normalized(Decimal(value) * factor) for value in decimals} or values
        if AFTERNOON.match(following) and match[0].isdecimal() and int(match[0]) < 12:
            values = values | {str(int(match[0]) + 12)}
        is_percentage = bool(re.match(r"\s*(?:%|٪|％|per ?cent)", following))
        found.append(Figure(match[0], frozenset(values), match.start(), is_percentage))
    return found


def chinese_numbers(text: str) -> Iterator[int]:
    """The values of the numbers that are written with Chinese characters: 二十一 → 21, 二〇一六 → 2016."""
    for match in CHINESE_NUMBER.finditer(text):
        number = match[0]
        if not set(number) & CHINESE_POWERS.keys():
            yield int("".join(str(CHINESE_FIGURES[character]) for character in number))
            continue
        total = section = figure = 0
        for character in number:
            if character in CHINESE_FIGURES:
                figure = CHINESE_FIGURES[character]
            elif (power := CHINESE_POWERS[character]) < 10**4:
                section += (figure or 1) * power
                figure = 0
            else:
                total = (total + section + figure or 1) * power
                section = figure = 0
        yield total + section + figure


def roman_numbers(text: str) -> Iterator[int]:
    """The values of Roman numerals, as in "XXIe siècle"."""
    for match in ROMAN_NUMBER.finditer(text):
        values = [ROMAN_VALUES[letter] for letter in match[0]]
        following = [*values[1:], 0]
        yield sum(value if value >= after else -value for value, after in zip(values, following, strict=True))


def is_said_in_words(value: int, text: str, language: Language) -> bool:
    """Whether a whole number stands in a text in words, Chinese characters or Roman numerals."""
    if value in set(roman_numbers(text)):
        return True
    if language.code == "zh-hans":
        return value in set(chinese_numbers(text)) or (value == 1 and re.search("首|唯一", text) is not None)
    if language.code == "ar":
        text = ARABIC_MARKS.sub("", text)
    for word, factor in SCALES.get(language.code, {}).items():
        if value >= factor and value % factor == 0 and word in text.lower():
            count = value // factor
            if language.code == "ar" and count == 2 and re.search(ARABIC_DUALS.get(factor, "(?!)"), text):
                return True
            if count < 1000 and (count == 1 or _says(count, text, language)):
                return True
    return 0 < value < 1000 and _says(value, text, language)


def _says(value: int, text: str, language: Language) -> bool:
    """Whether the words for the hundreds, tens and units of a number all stand in a text."""
    words = UNITS.get(language.code, {})
    hundreds, rest = divmod(value, 100)
    if rest in words:
        parts = [rest]
    else:
        tens, units = divmod(rest, 10)
        # One word in Spanish (veintidós), two in the others.
        is_one_word = language.code == "es" and tens == 2
        parts = [part for part in (tens * 10, 0 if is_one_word else units) if part]
    if hundreds:
        parts.append(100)
    prefix = ARABIC_PREFIX if language.code == "ar" else ""
    return bool(parts) and all(
        part in words and re.search(rf"(?<!\w){prefix}(?:{words[part]})", text, re.IGNORECASE)
        for part in parts
    )


def months(text: str, language: Language) -> set[int]:
    """The months that a text names, 1 to 12; in English only with a capital ("may" is no month)."""
    text = text.translate(ASCII_FIGURES)
    if language.code == "zh-hans":
        written = {int(number) for number in re.findall(r"(\d{1,2})\s*月", text)}
        for name in re.findall("([一二三四五六七八九十]+)月", text):
            written |= set(chinese_numbers(name))
        return {month for month in written if month <= 12}
    return {month for month in range(1, 13) if _month_pattern(month, language).search(text)}


@cache
def _month_pattern(month: int, language: Language) -> re.Pattern:
    names = {get_month_names("wide", "format", language.locale)[month]}
    prefix = ""
    if language.code == "ar":
        prefix = ARABIC_PREFIX
        for form in month_forms(month, language.code).values():
            names |= set(form.split("/"))
    else:
        names |= {re.sub(r"^d(?:e |’)", "", form) for form in month_forms(month, language.code).values()}
    if language == source_language():
        short = get_month_names("abbreviated", "format", language.locale)[month]
        names.add(rf"{short}(?=\.? \d)")
        return re.compile(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)")
    return re.compile(rf"(?<!\w){prefix}(?:{'|'.join(names)})(?!\w)", re.IGNORECASE)


@dataclass(frozen=True)
class WrittenDate:
    """A date with a day or a year in a source text: "June 8, 2016", "8 June", "June 2016"."""

    text: str
    month: int
    start: int
    end: int


def written_dates(text: str, language: Language) -> list[WrittenDate]:
    """The dates of a text in the source language."""
    found = []
    for month in range(1, 13):
        name = _month_pattern(month, language).pattern
        day = r"\d{1,2}(?!\d)(?:st|nd|rd|th)?"
        pattern = rf"(?:{day} (?:of )?)?{name}\.?(?: {day})?(?:,? \d{{4}}(?!\d))?"
        for match in re.finditer(pattern, text):
            if any(character.isdecimal() for character in match[0]):
                found.append(WrittenDate(match[0], month, match.start(), match.end()))
    return sorted(found, key=lambda date: date.start)
