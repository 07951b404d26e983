"""Whether the home page shows a milestone that came or got another date."""

from caching.journal import expands
from translations.languages import all_languages

from .models import NEWEST_MILESTONES, Milestone

PLACED = "placed:milestones.milestone:"


@expands
def touched_by_milestones(touched: set[str]) -> tuple[set[str], bool]:
    numbers = {int(tag.removeprefix(PLACED)) for tag in touched if tag.startswith(PLACED)}
    if not numbers:
        return set(), False
    for language in all_languages():
        newest = Milestone.objects.live().in_language(language).newest_first()
        if numbers & set(newest.values_list("pk", flat=True)[:NEWEST_MILESTONES]):
            return {"milestones:newest"}, False
    return set(), False
