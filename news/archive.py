"""The news as a reader has narrowed them: the years and categories that there are, and how many each holds.

Works on counts that were read already; the categories are asked for once, by their numbers.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .models import NewsCategory


@dataclass(frozen=True)
class Archive:
    """How many articles there are of each year and category, and which of these a reader chose."""

    # {(year, category or None): how many}
    counts: dict[tuple[int, "NewsCategory | None"], int]
    category: "NewsCategory | None" = None
    year: int | None = None

    @classmethod
    def from_query(
        cls,
        tally: list[tuple[int, int | None, int]],
        find: Callable[[Iterable[int]], dict[int, "NewsCategory"]],
        query,
    ) -> "Archive":
        """The archive that an address asks for; what it can't mean counts as not asked for.

        `tally` has (year, number of the category, how many); `find` gives categories by their numbers.
        """
        found = find({category for _year, category, _count in tally if category is not None})
        counts = Counter()
        for year, category, count in tally:
            counts[year, found.get(category)] += count
        return cls(
            dict(counts),
            category={category.slug: category for category in found.values()}.get(query.get("category")),
            year={str(year): year for year, _category in counts}.get(query.get("year")),
        )

    @property
    def chosen(self) -> dict[str, str | int]:
        """The choices as an address says them."""
        values = {"category": self.category.slug if self.category else None, "year": self.year}
        return {name: value for name, value in values.items() if value}

    @property
    def conditions(self) -> dict[str, object]:
        """The choices as a queryset takes them."""
        values = {"category": self.category, "date__year": self.year}
        return {name: value for name, value in values.items() if value}

    @property
    def is_filtered(self) -> bool:
        return bool(self.chosen)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def found(self) -> int:
        """How many articles the choices leave."""
        return sum(
            count
            for (year, category), count in self.counts.items()
            if self.year in {None, year} and self.category in {None, category}
        )

    def category_choices(self) -> list[tuple["NewsCategory", int]]:
        """(category, how many articles of the chosen year, or of all), those of most articles first."""
        overall, counts = Counter(), Counter()
        for (year, category), count in self.counts.items():
            overall[category] += count
            if self.year in {None, year}:
                counts[category] += count
        categories = sorted(filter(None, overall), key=lambda category: (-overall[category], category.slug))
        return [(category, counts[category]) for category in categories]

    def year_choices(self) -> list[tuple[int, int]]:
        """(year, how many articles of the chosen category, or of all), the newest first."""
        counts = Counter(dict.fromkeys((year for year, _category in self.counts), 0))
        for (year, category), count in self.counts.items():
            if self.category in {None, category}:
                counts[year] += count
        return sorted(counts.items(), reverse=True)

    def place_of(self, number: int) -> tuple[int | None, int]:
        """(year, how many of those found are of later years) of the article with this number, from 0 on.

        The newest come first. No year where there are not as many.
        """
        before = 0
        for year, count in self.year_choices():
            if self.year in {None, year}:
                if number < before + count:
                    return year, before
                before += count
        return None, 0
