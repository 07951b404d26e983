"""Readers narrow the news by category and year, and go on from an article to others."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.models import NewsCategory, NewsIndexPage, NewsPage
from tests.hearing import heard
from tests.translating import column
from translations.languages import all_languages

CODES = [language.code for language in all_languages()]
ARTICLE = "news/netdragon-strategic-cooperation/"


@pytest.fixture
def write(db):
    """Adds an article that can be read in all languages, or in those that are named."""
    index = NewsIndexPage.objects.get()

    def article(title, day, codes=CODES, **fields):
        new = NewsPage(title_en=title, slug=title.lower().replace(" ", "-"), date=day, **fields)
        for code in set(codes) - {"en"}:
            setattr(new, column("title", code), title)
            new.translation_status[code] = {"state": "approved", "origin": "human"}
        index.add_child(instance=new)
        return new

    return article


@pytest.fixture
def events(db):
    return NewsCategory.objects.create(name_en="Events", name_ar="فعاليات", slug="events")


def titles(html):
    return [heading.get_text(strip=True) for heading in html.select(".lead-story h2, .news .card h3")]


def choices(html, name):
    """What can be chosen, and how many articles each leaves."""
    return [heard(link) for link in html.select(f'[aria-labelledby="by-{name}"] li a')]


def test_a_category_and_a_year_can_be_read_alone_or_together_in_every_language(get, write, events):
    write("An event", date(2025, 3, 1), category=events)
    write("An older event", date(2024, 3, 1), category=events)
    write("No event", date(2024, 4, 1))
    for code in CODES:
        assert titles(get(f"/{code}/news/?category=events")) == ["An event", "An older event"]
        assert titles(get(f"/{code}/news/?year=2024")) == ["No event", "An older event"]
        assert titles(get(f"/{code}/news/?year=2024&category=events")) == ["An older event"]
    html = get("/en/news/?category=events&year=2024")
    assert html.h1.get_text(" ", strip=True) == "News – Events – 2024"
    assert html.title.get_text(strip=True) == "News – Events – 2024 – UNESCO-ICHEI"
    assert "1 article of 4 is in this list." in html.select_one(".shown").get_text()
    assert not html.select(".lead-story")
    assert choices(html, "category") == ["All categories", "Events (1 result)"]
    assert choices(html, "year") == ["All years", "2025 (1 result)", "2024 (1 result)"]
    assert [heard(link) for link in html.select("[aria-current]")][-2:] == [
        "Events (1 result)",
        "2024 (1 result)",
    ]


def test_an_empty_combination_says_where_there_is_news(get, write, events):
    write("An event", date(2024, 3, 1), category=events)
    for code in CODES:
        html = get(f"/{code}/news/?category=events&year=2025")
        assert titles(html) == []
        assert [link["href"] for link in html.select(".nothing a")] == ["?category=events", "?year=2025"]


def test_pages_of_a_narrowed_list_keep_what_was_chosen(get, write, events):
    for number in range(14):
        write(f"Event {number}", date(2024, 1, 1) + timedelta(days=number), category=events)
    html = get("/en/news/?category=events&year=2024")
    assert len(titles(html)) == 12
    following = html.select_one('.pagination [rel="next"]')["href"]
    assert following == "?category=events&year=2024&page=2"
    html = get(f"/en/news/{following}")
    assert titles(html) == ["Event 1", "Event 0"]
    assert "Page 2 of 2" in html.title.get_text()
    # The second page of all news has no lead story.
    assert not get("/en/news/?page=2").select(".lead-story")


def test_what_is_not_public_in_a_language_is_neither_listed_nor_counted(get, write, events):
    write("In English", date(2026, 1, 1), codes=["en"], category=events)
    write("A draft", date(2026, 1, 2), category=events, live=False)
    assert titles(get("/en/news/"))[0] == "In English"
    for code in set(CODES) - {"en"}:
        html = get(f"/{code}/news/?category=events&year=2026")
        assert len(titles(html)) == 1
        assert not html.select(".choices")
        article = get(f"/{code}/{ARTICLE}")
        assert not article.select(".related, .article-neighbours")


def test_related_articles_share_the_category_first_and_then_are_the_newest(get, write, events):
    for number in range(4):
        write(f"Other {number}", date(2026, 1, 1) + timedelta(days=number))
    write("Event 0", date(2020, 1, 1), category=events)
    write("Event 1", date(2021, 1, 1), category=events)
    article = write("Event 2", date(2022, 1, 1), category=events)
    write("A draft", date(2026, 6, 1), category=events, live=False)
    for code in CODES:
        html = get(f"/{code}/news/{article.slug}/")
        assert [item.get_text(strip=True) for item in html.select(".related h3")] == [
            "Event 1",
            "Event 0",
            "Other 3",
        ]
        assert html.select_one('.article-neighbours [rel="prev"]')["href"] == f"/{code}/{ARTICLE}"
        assert html.select_one('.article-neighbours [rel="next"]')["href"] == f"/{code}/news/event-1/"


def test_articles_of_one_day_follow_one_another_once(get, write):
    slugs = [write(f"Same day {number}", date(2026, 1, 1)).slug for number in range(3)]
    seen, url = [], f"/en/news/{slugs[-1]}/"
    while url:
        seen.append(url)
        link = get(url).select_one('.article-neighbours [rel="next"]')
        url = link and link["href"]
    assert seen == [*(f"/en/news/{slug}/" for slug in reversed(slugs)), f"/en/{ARTICLE}"]


def test_an_article_names_the_other_languages_in_which_it_can_be_read(get, write):
    article = write("In three", date(2026, 1, 1), codes=["en", "ar", "zh-hans"])
    links = get(f"/en/news/{article.slug}/").select(".colophon li a")
    assert [(link["hreflang"], link["lang"], link["dir"], link["href"]) for link in links] == [
        ("ar", "ar", "rtl", f"/ar/news/{article.slug}/"),
        ("zh-Hans", "zh-Hans", "ltr", f"/zh-hans/news/{article.slug}/"),
    ]
    links = get(f"/ar/news/{article.slug}/").select(".colophon li a")
    assert [link.get_text() for link in links] == ["中文", "English"]


def test_an_article_says_when_it_was_changed_after_it_had_come_out(get, write):
    def at(*day):
        return datetime(*day, 12, tzinfo=timezone.get_current_timezone())

    def updated(**times):
        NewsPage.objects.filter(pk=article.pk).update(**times)
        return [time["datetime"] for time in get(f"/en/news/{article.slug}/").select(".colophon time")]

    article = write("Changed", date(2026, 1, 10), codes=["en"])
    assert updated(first_published_at=at(2026, 1, 10), last_published_at=at(2026, 1, 10)) == []
    assert updated(first_published_at=at(2026, 1, 10), last_published_at=at(2026, 1, 12)) == ["2026-01-12"]
    # Written in advance, and put right before its day.
    assert updated(first_published_at=at(2026, 1, 5), last_published_at=at(2026, 1, 8)) == []
    # Put on the site long after its day, as older news are.
    assert updated(first_published_at=at(2026, 3, 1), last_published_at=at(2026, 3, 1)) == []


def test_going_on_takes_no_query_more_for_more_articles(client, write, events):
    article = write("An event", date(2026, 1, 1), category=events)
    addresses = ("/en/news/", "/en/news/?category=events&year=2026", f"/en/news/{article.slug}/")

    def queries():
        counts = []
        for url in addresses:
            client.get(url)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            counts.append(len(captured))
        return counts

    picture = NewsPage.objects.get(slug="netdragon-strategic-cooperation").lead_image
    write("First", date(2026, 2, 1), category=events, lead_image=picture)
    few = queries()
    for number in range(6):
        write(
            f"More {number}", date(2026, 3, 1) + timedelta(days=number), category=events, lead_image=picture
        )
    assert queries() == few
    assert max(few) <= 12
