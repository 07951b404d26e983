"""The timeline as a reader has narrowed it: which years and themes there are, and what is left of them.

Works on milestones that were read already; nothing here asks the database.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .models import Milestone, MilestoneTheme

# The overview draws a year as a column of dots; where one has more than this, all move closer together.
DOTS_APART = 12
DOT_STEP = 10


@dataclass(frozen=True)
class ThemeChoice:
    theme: "MilestoneTheme"
    # How many milestones of the chosen year, or of all, belong to it.
    count: int


@dataclass(frozen=True)
class YearChoice:
    year: int
    # How many milestones of the chosen theme, or of all, happened in it.
    count: int
    # How far its columns of dots rise: of those counted, and of all that happened.
    counted_rise: int
    rise: int


@dataclass(frozen=True)
class Chronicle:
    """The milestones that visitors may read, by year, with the theme and the year that a reader chose."""

    by_year: dict[int, list["Milestone"]]
    theme: "MilestoneTheme | None" = None
    year: int | None = None
    oldest_first: bool = False

    @classmethod
    def from_query(cls, by_year: dict[int, list["Milestone"]], query) -> "Chronicle":
        """The chronicle that an address asks for; what it can't mean counts as not asked for."""
        everything = cls(by_year)
        return cls(
            by_year,
            theme={theme.slug: theme for theme in everything.themes()}.get(query.get("theme")),
            year={str(year): year for year in by_year}.get(query.get("year")),
            oldest_first=query.get("order") == "oldest",
        )

    def _milestones(self, theme=None, year=None) -> Iterator["Milestone"]:
        for own_year, milestones in self.by_year.items():
            if year in {None, own_year}:
                yield from (item for item in milestones if theme in {None, item.theme})

    @property
    def key(self) -> tuple:
        """What the links in an entry depend on."""
        return tuple(self.chosen.items())

    @property
    def chosen(self) -> dict[str, str | int]:
        """The choices as an address says them."""
        values = {
            "theme": self.theme.slug if self.theme else None,
            "year": self.year,
            "order": "oldest" if self.oldest_first else None,
        }
        return {name: value for name, value in values.items() if value}

    @property
    def is_filtered(self) -> bool:
        return bool(self.theme or self.year)

    @property
    def shown(self) -> list["Milestone"]:
        return list(self._milestones(self.theme, self.year))

    @property
    def total(self) -> int:
        return sum(map(len, self.by_year.values()))

    @property
    def first_year(self) -> int:
        return min(self.by_year)

    @property
    def last_year(self) -> int:
        return max(self.by_year)

    def years(self) -> list[tuple[int, list["Milestone"]]]:
        """(year, its milestones) of what is shown, in the order of reading."""
        years = {year: list(self._milestones(self.theme, year)) for year in self.by_year}
        shown = [(year, years[year]) for year in years if years[year] and self.year in {None, year}]
        return shown[::-1] if self.oldest_first else shown

    def themes(self) -> list["MilestoneTheme"]:
        """All themes that a milestone has, those of most milestones first."""
        counts = Counter(milestone.theme for milestone in self._milestones() if milestone.theme)
        return sorted(counts, key=lambda theme: (-counts[theme], theme.slug))

    def theme_choices(self) -> list[ThemeChoice]:
        counts = Counter(milestone.theme for milestone in self._milestones(year=self.year))
        return [ThemeChoice(theme, counts[theme]) for theme in self.themes()]

    @property
    def dot_step(self) -> int:
        """From the middle of one dot of the overview to the next."""
        tallest = max(map(len, self.by_year.values()), default=0)
        return DOT_STEP if tallest <= DOTS_APART else max(1, DOT_STEP * DOTS_APART // tallest)

    @property
    def chart_base(self) -> int:
        """Where the lowest dots of the overview lie, from its top."""
        tallest = max(map(len, self.by_year.values()), default=1)
        return (tallest - 1) * self.dot_step + DOT_STEP // 2

    @property
    def chart_height(self) -> int:
        return self.chart_base + DOT_STEP // 2

    def year_choices(self) -> list[YearChoice]:
        """The years, the oldest first as on any chart."""
        counts = Counter(milestone.year for milestone in self._milestones(self.theme))
        return [
            YearChoice(year, counts[year], self._rise(counts[year]), self._rise(len(milestones)))
            for year, milestones in sorted(self.by_year.items())
        ]

    def _rise(self, dots: int) -> int:
        # A little more than up to the middle of the last dot, which would be lost otherwise.
        return (dots - 1) * self.dot_step + 1
