"""The list of news and the articles."""

from datetime import date, timedelta

import pytest

from news.models import NewsIndexPage, NewsPage
from tests.hearing import heard
from tests.translating import column

TARGETS = ("ar", "zh-hans", "fr", "ru", "es")


def add(count, start=date(2024, 1, 1), **fields):
    index = NewsIndexPage.objects.get()
    for number in range(count):
        day = start + timedelta(days=number)
        article = NewsPage(title_en=f"News of {day}", slug=f"news-{day}", date=day, **fields)
        for code in TARGETS:
            setattr(article, column("title", code), f"News of {day}")
            article.translation_status[code] = {"state": "approved", "origin": "human"}
        index.add_child(instance=article)


def titles(html):
    return [heading.get_text(strip=True) for heading in html.select(".lead-story h2, .news .card h3")]


def test_the_newest_article_opens_the_news_and_the_others_stand_under_their_years(get, language):
    add(3)
    html = get(f"/{language}/news/")
    assert html.select_one(".lead-story a")["href"] == f"/{language}/news/netdragon-strategic-cooperation/"
    assert html.select_one(".lead-story img")["fetchpriority"] == "high"
    assert [heading.get_text() for heading in html.select(".band > h2")] == ["2024"]
    assert titles(html)[1:] == ["News of 2024-01-03", "News of 2024-01-02", "News of 2024-01-01"]


def test_a_long_list_is_cut_into_pages_that_together_hold_everything(get):
    add(30)
    seen, url = [], "/en/news/"
    while url:
        html = get(url)
        seen += titles(html)
        link = html.select_one('.pagination [rel="next"]')
        url = link and f"/en/news/{link['href']}"
    assert len(seen) == len(set(seen)) == 31
    assert seen[-1] == "News of 2024-01-01"


def test_a_year_can_be_read_alone(get):
    add(20)
    html = get("/en/news/?year=2024&page=2")
    assert titles(html)[-1] == "News of 2024-01-01"
    assert len(titles(html)) == 8
    assert html.select_one('.pagination [rel="prev"]')["href"] == "?year=2024&page=1"
    assert heard(html.select_one('[aria-labelledby="by-year"] [aria-current]')) == "2024 (20 results)"


@pytest.mark.parametrize(
    "query",
    [
        *("year=1999", "year=x", "page=99", "page=x", "page=-1", "year=&page=", "year=٢٠٢٤"),
        *("category=<script>", "category=sports&year=abc", "category=%00", f"year={'9' * 5000}"),
    ],
)
def test_a_strange_address_still_shows_news(get, query):
    add(20)
    assert titles(get(f"/en/news/?{query}"))


def test_an_empty_list_says_so(get, language):
    NewsPage.objects.get().delete()
    html = get(f"/{language}/news/")
    assert not html.select(".card, .lead-story, .choices")
    assert len(html.select(".page > p")) == 1
    assert not get(f"/{language}/").select("#news-heading")


def test_a_draft_is_listed_nowhere(get):
    add(1, live=False)
    assert len(titles(get("/en/news/"))) == len(get("/en/").select(".card h3")) == 1


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("ar", "12 حزيران/يونيه 2025"),
        ("zh-hans", "2025年6月12日"),
        ("en", "June 12, 2025"),
        ("fr", "12 juin 2025"),
        ("ru", "12 июня 2025 года"),
        ("es", "12 de junio de 2025"),
    ],
)
def test_an_article_has_its_date_in_words_of_its_language(get, language, day):
    html = get(f"/{language}/news/netdragon-strategic-cooperation/")
    time = html.select_one("time")
    assert (time["datetime"], time.get_text()) == ("2025-06-12", day)


def test_the_first_of_a_month_is_the_first_in_french():
    from translations.calendars import long_date

    assert long_date(date(2025, 7, 1), "fr") == "1er juillet 2025"
    assert long_date(date(2025, 7, 11), "fr") == "11 juillet 2025"


def test_an_article_has_its_picture_with_credit_its_headings_and_its_figure(get, language):
    html = get(f"/{language}/news/netdragon-strategic-cooperation/")
    figures = html.select("figure.picture")
    assert html.select_one("a.tag")["href"] == f"/{language}/news/?category=cooperation"
    assert len(figures) == 2
    assert figures[0].img["loading"] == "eager"
    assert figures[1].img["loading"] == "lazy"
    assert all(figure.select_one("small").get_text() for figure in figures)
    assert "(" in figures[1].figcaption.get_text() or "（" in figures[1].figcaption.get_text()
    assert len(html.select(".prose h2")) == 2
    assert html.select_one(".tag").get_text()


def test_an_article_without_picture_category_or_summary_can_be_read(get, language):
    add(1)
    html = get(f"/{language}/news/news-2024-01-01/")
    assert html.h1.get_text() == "News of 2024-01-01"
    assert not html.select("article.article :is(figure, .tag, .lead)")
