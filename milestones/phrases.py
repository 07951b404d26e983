"""How each language says a date.

The months, in the cases that a language needs, are CLDR's (through Babel), but for Arabic, where the United
Nations write both names of a month. The sentences around them are in the message catalogues, where a
translator picks the form of the month by the name of its placeholder:

| placeholder | form | in Russian |
|---|---|---|
| {month} | as in a calendar's heading; after "by", also an accusative | май |
| {month_of} | as in a full date | мая |
| {month_in} | after "in" | мае |

and the same with `end_` for the end of a range. French has its elision in {month_of}: "de mai", "d’avril".
"""

import re
from functools import lru_cache
from string import Formatter

from django.utils import translation
from django.utils.translation import pgettext

from translations.calendars import day_form, month_forms

from .dates import FuzzyDate, Precision, Qualifier


def sentence(moment: FuzzyDate, with_year: bool) -> str:
    """The sentence of the active language for dates of this kind, with its placeholders still in it."""
    start, end = moment.start, moment.end
    match moment.precision, end is not None, moment.qualifier:
        case Precision.DAY, False, _:
            if with_year:
                return pgettext("date of a milestone", "On {month_of} {day}, {year}")
            return pgettext("date of a milestone", "On {month_of} {day}")
        case Precision.MONTH, False, Qualifier.BY_THE_END:
            if with_year:
                return pgettext("date of a milestone", "By the end of {month_of} {year}")
            return pgettext("date of a milestone", "By the end of {month_of}")
        case Precision.YEAR, False, Qualifier.BY_THE_END:
            return pgettext("date of a milestone", "By the end of {year}")
        case Precision.MONTH, False, _:
            if with_year:
                return pgettext("date of a milestone", "In {month_in} {year}")
            return pgettext("date of a milestone", "In {month_in}")
        case Precision.YEAR, False, _:
            return pgettext("date of a milestone", "In {year}")
        case Precision.YEAR, True, _:
            return pgettext("date of a milestone", "From {year} to {end_year}")
        case Precision.MONTH, True, _:
            if start.year != end.year:
                return pgettext("date of a milestone", "From {month_of} {year} to {end_month} {end_year}")
            if with_year:
                return pgettext("date of a milestone", "From {month_of} to {end_month} {year}")
            return pgettext("date of a milestone", "From {month_of} to {end_month}")
    if start.year != end.year:
        return pgettext(
            "date of a milestone", "From {month_of} {day}, {year} to {end_month_of} {end_day}, {end_year}"
        )
    if start.month != end.month:
        if with_year:
            return pgettext(
                "date of a milestone", "From {month_of} {day} to {end_month_of} {end_day}, {year}"
            )
        return pgettext("date of a milestone", "From {month_of} {day} to {end_month_of} {end_day}")
    if with_year:
        return pgettext("date of a milestone", "From {month_of} {day} to {end_day}, {year}")
    return pgettext("date of a milestone", "From {month_of} {day} to {end_day}")


# A timeline has some dozens of dates, each in six languages, with its year and without.
@lru_cache(20_000)
def phrase(moment: FuzzyDate, language: str, with_year: bool = False) -> str:
    """The date in words of the language, with a capital letter first where the script has capitals."""
    with translation.override(language):
        template = sentence(moment, with_year)
    values = month_forms(moment.start.month, language) | {
        "day": day_form(moment.start.day, language),
        "year": str(moment.start.year),
    }
    if moment.end:
        forms = month_forms(moment.end.month, language)
        values |= {f"end_{form}": text for form, text in forms.items()} | {
            "end_day": day_form(moment.end.day, language),
            "end_year": str(moment.end.year),
        }
    text = Formatter().vformat(template, (), values)
    if language == "ru":
        # «со второго»: the preposition gains its vowel before в + consonant.
        text = re.sub(r"^с(?= 2 )", "со", text)
    return text[:1].upper() + text[1:]
