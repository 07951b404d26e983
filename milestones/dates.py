"""Dates as institutions know them: to the day, to the month or to the year, and ranges of these.

A date is written in ISO 8601 ("2014-06-05", "2015-05", "2022", "2018-06-11/2018-06-12") and read as a phrase
in each language ("On June 5", "In May"). Nothing here needs a database.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import total_ordering

from django.utils.translation import gettext_lazy as _

EARLIEST_YEAR, LATEST_YEAR = 1900, 2199


class Precision(StrEnum):
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Qualifier(StrEnum):
    PLAIN = ""
    BY_THE_END = "by-the-end"


class InvalidDateError(ValueError):
    """A date that can't be; its message is one translatable sentence for the person who wrote it."""

    def __init__(self, message):
        super().__init__(message)
        self.message = message


PART = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@total_ordering
@dataclass(frozen=True)
class FuzzyDate:
    """A date known to the day, the month or the year, or a range of such dates.

    `start` and `end` are first days: May 2015 is 1 May 2015 with the precision of a month. Raises
    `InvalidDateError` for a combination that can't be.
    """

    start: date
    end: date | None = None
    precision: Precision = Precision.DAY
    qualifier: Qualifier = Qualifier.PLAIN

    def __post_init__(self):
        for day in filter(None, (self.start, self.end)):
            if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
                raise InvalidDateError(
                    _("The year must lie between %(first)d and %(last)d.")
                    % {"first": EARLIEST_YEAR, "last": LATEST_YEAR}
                )
            if day != first_day(day, self.precision):
                raise InvalidDateError(_("A date known to the month or the year can't name a day."))
        if self.end and self.end < self.start:
            raise InvalidDateError(_("The end lies before the start."))
        if self.end and self.end == self.start:
            raise InvalidDateError(_("The end is the same as the start: leave the end empty."))
        if self.qualifier == Qualifier.BY_THE_END:
            if self.end:
                raise InvalidDateError(_("“By the end of” goes with one month or year, not with a range."))
            if self.precision == Precision.DAY:
                raise InvalidDateError(_("“By the end of” goes with a month or a year: leave the day empty."))

    @classmethod
    def from_parts(
        cls,
        start: tuple[int | None, int | None, int | None],
        end: tuple[int | None, int | None, int | None] = (None, None, None),
        qualifier: Qualifier = Qualifier.PLAIN,
    ) -> "FuzzyDate":
        """A date from (year, month, day), where day, or day and month, may be None for what isn't known.

        Raises `InvalidDateError`.
        """
        first, precision = date_from_parts(*start)
        if not any(end):
            return cls(first, None, precision, qualifier)
        last, end_precision = date_from_parts(*end)
        if end_precision != precision:
            raise InvalidDateError(
                _("Start and end must be known equally well: both to the day, the month or the year.")
            )
        return cls(first, last, precision, qualifier)

    @classmethod
    def parse(cls, text: str, qualifier: Qualifier = Qualifier.PLAIN) -> "FuzzyDate":
        """A date from ISO 8601: "2014-06-05", "2015-05", "2022" or two of these with "/" between them.

        Raises `InvalidDateError`.
        """
        parts = []
        for piece in text.split("/"):
            match = PART.fullmatch(piece.strip())
            if not match or len(parts) == 2:
                raise InvalidDateError(
                    _(
                        "“%(text)s” is not a date: write 2014-06-05, 2015-05, 2022 "
                        "or two of these with / between."
                    )
                    % {"text": text}
                )
            parts.append(tuple(int(group) if group else None for group in match.groups()))
        return cls.from_parts(*parts, qualifier=qualifier)

    def __str__(self):
        length = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[self.precision]
        return "/".join(day.isoformat()[:length] for day in (self.start, self.end) if day)

    @property
    def machine_readable(self) -> str:
        """The date as HTML's `time` takes it; empty for what that can't say, such as a range."""
        return "" if self.end or self.qualifier else str(self)

    @property
    def year(self) -> int:
        """The year of a timeline under which this date stands: the one in which it starts."""
        return self.start.year

    @property
    def last_day(self) -> date:
        """The last day that this date may mean: 31 May for a May, 31 December for a year."""
        day = self.end or self.start
        match self.precision:
            case Precision.DAY:
                return day
            case Precision.MONTH:
                return day.replace(day=calendar.monthrange(day.year, day.month)[1])
            case Precision.YEAR:
                return day.replace(month=12, day=31)

    @property
    def sort_key(self) -> tuple:
        """Within a year things stand in the order in which they were over: June 8 before "in June"."""
        return (self.year, self.last_day, self.start, self.precision, self.qualifier)

    def __lt__(self, other):
        return self.sort_key < other.sort_key if isinstance(other, FuzzyDate) else NotImplemented

    def phrase(self, language: str, with_year: bool = False) -> str:
        """The date as a reader of `language` (a code such as "ru") would write it; see `phrases`.

        Below the heading of its year a date needs no year of its own; elsewhere ask for it `with_year`.
        """
        from .phrases import phrase

        return phrase(self, language, with_year)


def first_day(day: date, precision: Precision) -> date:
    """The first day of the month or the year of `day`, or `day` itself."""
    match precision:
        case Precision.DAY:
            return day
        case Precision.MONTH:
            return day.replace(day=1)
        case Precision.YEAR:
            return day.replace(month=1, day=1)


def date_from_parts(year: int | None, month: int | None, day: int | None) -> tuple[date, Precision]:
    """The first day and the precision of a date that may lack its day, or its day and month.

    Raises `InvalidDateError`.
    """
    if year is None:
        raise InvalidDateError(_("Every date needs a year."))
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise InvalidDateError(
            _("The year must lie between %(first)d and %(last)d.")
            % {"first": EARLIEST_YEAR, "last": LATEST_YEAR}
        )
    if day is not None and month is None:
        raise InvalidDateError(_("A day needs its month."))
    if month is not None and not 1 <= month <= 12:
        raise InvalidDateError(_("There are twelve months in a year: write 1 to 12."))
    if day is not None:
        days = calendar.monthrange(year, month)[1]
        if not 1 <= day <= days:
            raise InvalidDateError(
                _("That month has %(days)d days in %(year)d: there is no day %(day)d.")
                % {"days": days, "year": year, "day": day}
            )
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    return date(year, month or 1, day or 1), precision
