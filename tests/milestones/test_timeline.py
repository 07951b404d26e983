"""The timeline that visitors read."""

from milestones.dates import FuzzyDate
from milestones.models import Milestone


def add(text, when):
    milestone = Milestone(text_en=text)
    milestone.moment = FuzzyDate.parse(when)
    milestone.save()


def years(html):
    return [int(heading.get_text()) for heading in html.select(".year h2")]


def test_the_newest_year_comes_first(get, language):
    assert years(get(f"/{language}/about/milestones/")) == list(range(2025, 2013, -1))


def test_a_reader_may_begin_with_the_oldest_year(get, language):
    html = get(f"/{language}/about/milestones/")
    link = html.select_one(".order a")
    assert years(get(f"/{language}/about/milestones/{link['href']}")) == list(range(2014, 2026))


def test_within_a_year_things_stand_in_the_order_in_which_they_happened(get):
    section = get("/en/about/milestones/").select_one('section[aria-labelledby="y2022"]')
    assert [when.get_text() for when in section.select(".when")] == [
        "From April to May",
        "In May",
        "By the end of 2022",
    ]


def test_dates_known_to_the_day_the_month_and_the_year_sort_together(get):
    for when in ("2030", "2030-06", "2030-06-30", "2030-06-01/2030-06-20", "2030-12-31", "2030-05/2030-07"):
        add(f"[{when}]", when)
    section = get("/en/about/milestones/").select_one('section[aria-labelledby="y2030"]')
    assert [item.get_text() for item in section.select("li .what")] == [
        "[2030-06-01/2030-06-20]",
        "[2030-06]",
        "[2030-06-30]",
        "[2030-05/2030-07]",
        "[2030]",
        "[2030-12-31]",
    ]


def test_the_database_sorts_as_the_dates_do(db):
    for when in ("2030", "2030-06", "2030-06-30", "2030-06-01/2030-06-20", "2031-12/2032-01", "2031"):
        add(when, when)
    moments = [
        milestone.moment for milestone in Milestone.objects.order_by("year", "last_day", "start", "pk")
    ]
    assert moments == sorted(moments)


def test_every_year_can_be_reached_from_the_rail(get, language):
    html = get(f"/{language}/about/milestones/")
    targets = [link["href"].removeprefix("#") for link in html.select(".year-rail a")]
    assert targets == [heading["id"] for heading in html.select(".year h2")]


def test_the_home_page_shows_the_newest_milestones_with_their_year(get):
    items = get("/en/").select(".timeline .when")
    assert [item.get_text() for item in items] == [
        "On April 24, 2025",
        "On March 28, 2025",
        "On January 6, 2025",
        "On December 13, 2024",
    ]


def test_a_timeline_without_milestones_says_so(get, language):
    Milestone.objects.all().delete()
    html = get(f"/{language}/about/milestones/")
    assert not html.select(".timeline")
    assert not get(f"/{language}/").select("#milestones-heading")
