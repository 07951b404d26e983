"""Which articles and lists show an article that came, went or got another date or category."""

from caching.journal import expands
from translations.languages import all_languages

from .models import NEWEST_ARTICLES, RELATED_ARTICLES, NewsPage

PLACED = "placed:news.newspage:"
# An article whose category has too few others shows the newest of all the rest, among which itself and those
# few may stand.
MOST_BEFORE_RELATED = 2 * RELATED_ARTICLES + 1


@expands
def touched_by_articles(touched: set[str]) -> tuple[set[str], bool]:
    """What shows an article from now on. What showed it up to now depends on the article itself."""
    numbers = [int(tag.removeprefix(PLACED)) for tag in touched if tag.startswith(PLACED)]
    found = set()
    for article in NewsPage.objects.visible().filter(pk__in=numbers).without_texts():
        for language in all_languages():
            if article.is_public_in(language):
                found |= shows_now(article, language)
    return found, False


def shows_now(article: NewsPage, language) -> set[str]:
    visible = NewsPage.objects.visible().in_language(language)
    beside = visible.filter(depth=article.depth, path__startswith=article.path[: -article.steplen])
    # Those that aren't in this language show the same neighbours, and lie anywhere between.
    found = {f"news:beside:{language.code}"}
    for others in (
        beside.newer_than(article).order_by("date", "basepage_ptr_id"),
        beside.older_than(article).newest_first(),
    ):
        found |= {f"news:beside:{pk}" for pk in others.values_list("pk", flat=True)[:1]}
    newer = visible.newer_than(article).order_by("date", "basepage_ptr_id")
    before = len(newer.values_list("pk")[:MOST_BEFORE_RELATED])
    if before < NEWEST_ARTICLES:
        found.add("news:newest")
    if before < MOST_BEFORE_RELATED:
        found.add("news:related:")
    # Each shows the three newest others of its category.
    in_category = (
        beside.newer_than(article).filter(category=article.category_id).order_by("date", "basepage_ptr_id")
    )
    if article.category_id and len(in_category.values_list("pk")[: RELATED_ARTICLES + 1]) <= RELATED_ARTICLES:
        found.add(f"news:related:{article.category_id}")
    return found
