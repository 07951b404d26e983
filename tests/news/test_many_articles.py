"""Among thousands of articles, a list is read from an index up to where it ends."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from news.models import NewsIndexPage, NewsPage
from tests.benchmarks.content import grow
from translations.languages import get_language

# Of these there are few, or one for each page that is private.
SMALL = ("wagtailcore_", "news_newscategory", "library_", "django_", "CONSTANT ROW")


def read_whole(sql: str) -> list[str]:
    """The lines of a query's plan that look at each page or article."""
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'' if is_postgresql else 'QUERY PLAN '}{sql}")
        lines = [str(row[-1]) for row in cursor.fetchall()]
    if is_postgresql:
        wide = ("Seq Scan on news_newspage", "Seq Scan on pages_basepage")
        return [line for line in lines if any(each in line for each in wide)]
    return [line for line in lines if line.startswith("SCAN") and not any(name in line for name in SMALL)]


def plans(client, url: str) -> dict[str, list[str]]:
    """{query: what it reads whole} of those that name an article or a private page."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    asked = [query["sql"] for query in captured.captured_queries if "news_newspage" in query["sql"]]
    assert asked, url
    # To count them all is the one thing that looks at each; it is done once for each change.
    return {sql: found for sql in asked if "COUNT(" not in sql and (found := read_whole(sql))}


@pytest.mark.parametrize("code", ["en", "fr"])
def test_no_page_reads_all_articles_to_show_some(client, db, code):
    grow(1500)
    training = NewsPage.objects.filter(category__slug="training", live=True).in_language(get_language("fr"))
    article = training.newest_first()[100]
    for path in (
        "",
        "news/",
        "news/?page=3",
        "news/?category=training",
        "news/?category=training&year=2019",
        "news/?year=2019",
        f"news/{article.slug}/",
        "news/feed/",
        "news/feed/training/",
        "llms.txt",
    ):
        assert plans(client, f"/{code}/{path}") == {}, path


def test_the_pages_of_many_years_hold_each_article_once_and_in_its_order(client, db):
    grow(200)
    index = NewsIndexPage.objects.get()
    for code, query in (("en", ""), ("fr", ""), ("en", "category=training"), ("en", "year=2015")):
        found, number = [], 1
        while True:
            context = client.get(f"/{code}/news/?{query}&page={number}").context
            assert context["articles"].number == number
            found += context["articles"].object_list
            if not context["articles"].has_next():
                break
            number += 1
        expected = NewsPage.objects.child_of(index).live().in_language(get_language(code))
        expected = expected.order_by("-date", "-pk")
        name, _equals, value = query.partition("=")
        if name == "category":
            expected = expected.filter(category__slug=value)
        elif name == "year":
            expected = expected.filter(date__gte=date(2015, 1, 1), date__lte=date(2015, 12, 31))
        assert [article.pk for article in found] == [article.pk for article in expected]
        assert len(found) > 5


def test_a_list_for_language_models_names_pages_and_no_more_than_the_newest_articles(client, db):
    grow(100)
    text = client.get("/en/llms.txt").content.decode()
    assert len(re.findall(r"/en/news/[\w-]+/index\.md", text)) == 20
    assert text.count("/en/about/mission/index.md") == text.count("/en/news/index.md") == 1
