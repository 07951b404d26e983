"""Months and dates in words, from CLDR (through Babel) and from the usage of the United Nations."""

import re
from datetime import date

from babel.dates import format_date, get_month_names

from .languages import get_language

# The months in the documents of the United Nations in Arabic (UN Arabic editorial manual): the Syriac name,
# then the Latin one as in Egypt, with يونيه and يوليه where CLDR has يونيو and يوليو.
UN_ARABIC_MONTHS = (
    "كانون الثاني/يناير",
    "شباط/فبراير",
    "آذار/مارس",
    "نيسان/أبريل",
    "أيار/مايو",
    "حزيران/يونيه",
    "تموز/يوليه",
    "آب/أغسطس",
    "أيلول/سبتمبر",
    "تشرين الأول/أكتوبر",
    "تشرين الثاني/نوفمبر",
    "كانون الأول/ديسمبر",
)


def month_forms(month: int, language: str) -> dict[str, str]:
    """The forms of a month (1 to 12) that the sentences of a language may need."""
    if language == "ar":
        return dict.fromkeys(("month", "month_of", "month_in"), UN_ARABIC_MONTHS[month - 1])
    locale = get_language(language).locale
    name = get_month_names("wide", "format", locale)[month]
    forms = dict.fromkeys(("month", "month_of", "month_in"), name)
    if language == "ru":
        # Asked of Russian alone, which has names of its own for it: where CLDR only refers to "format", Babel
        # 2.18 gives the names of whichever language was asked first in this process (python-babel, #1234).
        forms["month"] = get_month_names("wide", "stand-alone", locale)[month]
        # май → мае, март → марте, июнь → июне: CLDR has no prepositional case.
        forms["month_in"] = re.sub(r"[ьй]$", "", forms["month"]) + "е"
    elif language == "fr":
        forms["month_of"] = f"d’{name}" if name[0] in "aeiouéèâ" else f"de {name}"
    elif language == "zh-hans":
        # 6月, as in all dates with figures; CLDR's long name is 六月.
        forms = dict.fromkeys(forms, get_month_names("abbreviated", "format", locale)[month])
    return forms


def day_form(day: int, language: str) -> str:
    """A day of the month as it stands in a date: French alone says "1er" for the first."""
    return "1er" if language == "fr" and day == 1 else str(day)


def long_date(day: date, language: str) -> str:
    """A date as it stands above an article: "June 12, 2025", "12 июня 2025 года", "2025年6月12日"."""
    locale = get_language(language).locale
    match language:
        case "ar":
            return f"{day.day} {UN_ARABIC_MONTHS[day.month - 1]} {day.year}"
        case "ru":
            # The United Nations write the word for "year" in full, where CLDR shortens it.
            return f"{format_date(day, 'd MMMM yyyy', locale)} года"
        case "fr":
            return f"{day_form(day.day, language)} {format_date(day, 'MMMM yyyy', locale)}"
    return format_date(day, "long", locale)
