"""Whatever shows an article from the moment at which it comes is known from where it stands."""

import random
from datetime import date, timedelta

import pytest
from django.utils import translation

from caching import tags
from news.freshness import touched_by_articles
from news.models import NewsCategory, NewsIndexPage, NewsPage
from tests.translating import approve
from translations.languages import column, get_language

LANGUAGES = ("en", "ar", "fr")


def neighbours(article: NewsPage, code: str) -> tuple[tuple, set[str]]:
    """The numbers that an article shows in a language, and what its page depends on for that."""
    with translation.override(code), tags.collecting() as collected:
        found, _itself = article._find_neighbours()
    shown = [found["newer"], found["older"], *found["related"]]
    return tuple(other and other.pk for other in shown), collected.tags


def test_an_article_without_a_translation_is_touched_too_by_one_that_comes_in_that_language(db):
    index = NewsIndexPage.objects.get()
    below, newcomer, untranslated, above = (
        NewsPage(
            title_en=f"Article {day}", title_fr=f"Article {day}", slug=f"a-{day}", date=date(2020, 1, day)
        )
        for day in (1, 2, 3, 4)
    )
    for article in (below, newcomer, untranslated, above):
        index.add_child(instance=article)
    for article in (below, newcomer, above):
        approve(article, "fr")
    NewsPage.objects.filter(pk=newcomer.pk).update(live=False)
    shown, depends_on = neighbours(untranslated, "fr")
    assert shown[:2] == (above.pk, below.pk)
    NewsPage.objects.filter(pk=newcomer.pk).update(live=True)
    assert neighbours(untranslated, "fr")[0][:2] == (above.pk, newcomer.pk)
    assert depends_on & touched_by_articles({f"placed:news.newspage:{newcomer.pk}"})[0]


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(2))
def test_whatever_comes_each_article_that_shows_it_is_touched(db, seed):
    chance = random.Random(seed)
    index, categories = NewsIndexPage.objects.get(), [*NewsCategory.objects.all(), None]
    articles = []
    for number in range(12):
        article = NewsPage(
            title_en=f"Article {number}", slug=f"a-{number}", category=chance.choice(categories),
            date=date(2020, 1, 1) + timedelta(days=chance.randrange(12)),
        )  # fmt: skip
        for code in LANGUAGES[1:]:
            setattr(article, column("title", get_language(code)), f"{number} in {code}")
        index.add_child(instance=article)
        approve(article, *(code for code in LANGUAGES[1:] if chance.random() < 0.6))
        articles.append(article)
    for _time in range(40):
        newcomer = chance.choice(articles)
        NewsPage.objects.filter(pk=newcomer.pk).update(live=False)
        everyone = list(NewsPage.objects.visible())
        before = {(one.pk, code): neighbours(one, code) for one in everyone for code in LANGUAGES}
        NewsPage.objects.filter(pk=newcomer.pk).update(live=True)
        touched = touched_by_articles({f"placed:news.newspage:{newcomer.pk}"})[0]
        for one in everyone:
            for code in LANGUAGES:
                shown, depends_on = before[one.pk, code]
                if not depends_on & touched:
                    assert neighbours(one, code)[0] == shown, f"{newcomer.pk} beside {one.pk} in {code}"
        for gone in chance.sample(articles, 3):
            NewsPage.objects.filter(pk=gone.pk).update(live=chance.random() < 0.5)
