"""Readers narrow the timeline by theme and by year, and link to one milestone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from milestones.dates import FuzzyDate
from milestones.models import Milestone, MilestoneTheme
from tests.hearing import heard
from translations.languages import all_languages

PAGE = "about/milestones/"
CODES = [language.code for language in all_languages()]


def entries(html):
    return [item["id"] for item in html.select(".timeline > li")]


def ids(**conditions):
    milestones = Milestone.objects.filter(**conditions)
    return [f"milestone-{milestone.pk}" for years in milestones.by_year().values() for milestone in years]


def count(link):
    return int(link.select_one(".count").get_text())


def chosen(html):
    return [heard(link) for link in html.select(".choices [aria-current]")]


# What a screen reader says of a choice that leaves three milestones.
THREE = {
    "ar": "3 نتائج",
    "zh-hans": "3条结果",
    "en": "3 results",
    "fr": "3 résultats",
    "ru": "3 результата",
    "es": "3 resultados",
}


def test_a_theme_a_year_and_both_leave_what_belongs_to_them_in_every_language(read):
    for code in CODES:
        by_theme = read(f"/{code}/{PAGE}?theme=policy-dialogue")
        assert entries(by_theme) == ids(theme__slug="policy-dialogue")
        by_year = read(f"/{code}/{PAGE}?year=2024")
        assert entries(by_year) == ids(year=2024)
        by_both = read(f"/{code}/{PAGE}?theme=conferences&year=2023")
        assert entries(by_both) == ids(theme__slug="conferences", year=2023)
        assert len(entries(by_both)) == 3
        with translation.override(code):
            name = str(MilestoneTheme.objects.get(slug="conferences"))
        assert chosen(by_both) == [f"{name} ({THREE[code]})", f"2023 ({THREE[code]})"]
        assert name in by_both.title.get_text()


def test_a_count_says_what_its_link_leaves(read):
    for query in ("", "?theme=conferences&year=2023&order=oldest"):
        html = read(f"/en/{PAGE}{query}")
        links = html.select(".choices li a:has(.count)")
        assert len(links) > 5
        for link in links:
            assert len(entries(read(f"/en/{PAGE}{link['href']}"))) == count(link), link
    assert sum(count(link) for link in read(f"/en/{PAGE}").select(".overview a")) == 35


def test_the_page_says_how_many_it_shows_and_how_to_see_all_again(read):
    everything = read(f"/en/{PAGE}")
    assert (
        everything.select_one(".lead").get_text(strip=True) == "The history of the Centre from 2014 to 2025"
    )
    assert everything.select_one(".shown p").get_text(strip=True) == "All 35 milestones are shown."
    assert not everything.select(".clear")
    html = read(f"/en/{PAGE}?year=2014&order=oldest")
    assert "1 milestone of 35 is shown." in html.select_one(".shown").get_text()
    assert html.select_one(".clear")["href"] == "?order=oldest"
    assert (
        "7 milestones of 35 are shown."
        in read(f"/en/{PAGE}?theme=conferences").select_one(".shown").get_text()
    )


def test_the_order_and_the_choices_are_kept_together(read):
    html = read(f"/en/{PAGE}?theme=conferences")
    oldest = html.select_one(".order a")["href"]
    reversed_page = read(f"/en/{PAGE}{oldest}")
    assert sorted(entries(reversed_page)) == sorted(ids(theme__slug="conferences"))
    assert reversed_page.select_one(".year h2").get_text() == "2018"
    # A theme leads out of the year, and stays in the order.
    theme = read(f"/en/{PAGE}?year=2014&order=oldest").select_one(".theme")
    assert theme["href"] == "?order=oldest&theme=centre-and-governance"


def test_an_empty_combination_says_where_there_is_something(read):
    for code in CODES:
        html = read(f"/{code}/{PAGE}?theme=policy-dialogue&year=2016")
        assert not html.select(".timeline, .year-rail, .order")
        links = [link["href"] for link in html.select(".nothing a")]
        assert links == ["?theme=policy-dialogue", "?year=2016", "?"]
        assert len(chosen(html)) == 2


def test_what_an_address_can_not_mean_is_passed_over(get):
    for query in (
        "year=abc&theme=<script>alert(1)</script>",
        "year=1999",
        "year=٢٠٢٤",
        "year=-2024",
        f"year={'9' * 5000}",
        "theme=sports&order=sideways",
        "theme=%00&year=",
    ):
        html = get(f"/en/{PAGE}?{query}")
        assert len(entries(html)) == 35
        assert "alert(1)" not in str(html.main)


def test_every_milestone_can_be_linked_to_and_dated_by_machines(read):
    for code in CODES:
        html = read(f"/{code}/{PAGE}")
        links = html.select(".timeline .itself")
        assert [link["href"].removeprefix("#") for link in links] == entries(html)
        assert len({link["aria-label"] for link in links}) == 35
        years = {int(link["href"].removeprefix("#y")): count(link) for link in html.select(".year-rail a")}
        assert years[2024] == 8
        assert sum(years.values()) == 35
    exact = [time["datetime"] for time in read(f"/en/{PAGE}").select(".when time")]
    assert {"2014-06-05", "2015-05"} <= set(exact)
    # Neither a range nor "by the end of" is a moment.
    assert len(exact) == 35 - Milestone.objects.exclude(end=None, qualifier="").count()


@pytest.mark.parametrize(
    ("written", "machine"),
    [("2014-06-05", "2014-06-05"), ("2015-05", "2015-05"), ("2022", "2022"), ("2018-06-11/2018-06-12", "")],
)
def test_a_date_for_machines_is_as_exact_as_it_is_known(written, machine):
    assert FuzzyDate.parse(written).machine_readable == machine


def test_neither_drafts_nor_what_is_not_public_in_a_language_counts(get):
    theme = MilestoneTheme.objects.create(name_en="Sports", slug="sports")
    english = Milestone(text_en="Only in English.", theme=theme)
    english.moment = FuzzyDate.parse("2031")
    english.save()
    draft = Milestone(text_en="A draft.", theme=theme, live=False)
    draft.moment = FuzzyDate.parse("2032")
    draft.save()
    html = get(f"/en/{PAGE}?theme=sports")
    assert entries(html) == [f"milestone-{english.pk}"]
    assert "2032" not in html.main.get_text()
    for code in CODES:
        if code != "en":
            html = get(f"/{code}/{PAGE}?theme=sports&year=2031")
            assert len(entries(html)) == 35
            assert "Sports" not in html.main.get_text()
            assert "2031" not in html.main.get_text()


def test_a_theme_without_a_translation_is_named_in_english_and_marked(get):
    theme = MilestoneTheme.objects.create(name_en="Sports", slug="sports")
    milestone = Milestone.objects.last()
    milestone.theme = theme
    milestone.save()
    html = get(f"/ar/{PAGE}?theme=sports")
    marked = html.select('[lang="en"][dir="ltr"]')
    assert {"Sports"} <= {element.get_text() for element in marked if element.name in {"bdi", "a"}}


def test_a_timeline_without_themes_has_no_filter_for_them(get):
    Milestone.objects.update(theme=None)
    html = get(f"/en/{PAGE}")
    assert not html.select('[aria-labelledby="by-theme"]')
    assert len(entries(html)) == 35


def test_narrowing_takes_no_query_more(client, db):
    def queries(query):
        client.get(f"/fr/{PAGE}")
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/fr/{PAGE}{query}")
        return len(captured)

    assert (
        queries("")
        == queries("?theme=conferences&year=2023&order=oldest")
        == queries("?year=2016&theme=policy-dialogue")
    )
