"""Which address a page has in each language, and that all of them agree about it."""

import pytest

from news.models import NewsPage
from pages.models import MissionPage
from tests.discovery.reading import alternates_of, canonical_of, meta
from tests.paths import PAGE_PATHS
from tests.translating import approve
from translations import workflow
from translations.languages import all_languages, get_language

TAGS = {language.tag: language.code for language in all_languages()}


def crawl(open_page, paths) -> dict[str, dict[str, str]]:
    """{path of a page: its alternates}; fails where a page and its alternates don't agree."""
    seen = {}
    for path in paths:
        for code in TAGS.values():
            url = f"/{code}/{path}"
            html = open_page(url)
            found = seen[url] = alternates_of(html)
            if meta(html, "robots") == "noindex":
                assert not found, f"{url} stands in for a translation and has alternates"
                assert canonical_of(html) == f"/en/{path}"
                continue
            assert canonical_of(html) == url
            assert found[html.html["lang"]] == url, f"{url} does not name itself"
            assert found["x-default"] == found["en"] == f"/en/{path}"
    for url, found in seen.items():
        for tag, other in found.items():
            assert other in seen, f"{url} names {other}, which is no page"
            assert seen[other] == found, f"{url} names {other}, which doesn't agree"
            if tag != "x-default":
                assert other.startswith(f"/{TAGS[tag]}/")
    return seen


def test_every_page_names_itself_in_every_language_and_they_all_point_back(read):
    seen = crawl(read, [*PAGE_PATHS, "search/"])
    assert all(set(found) == {*TAGS, "x-default"} for found in seen.values())


def test_a_page_names_no_language_that_it_lacks(get, page, settings, administrator):
    settings.SHOW_UNREVIEWED_TRANSLATIONS = False
    mission = page("about/mission/")
    crawl(get, ["about/mission/"])
    assert set(alternates_of(get("/en/about/mission/"))) == {"en", "x-default"}
    approve(mission, "fr", "zh-hans")
    crawl(get, ["about/mission/"])
    assert set(alternates_of(get("/fr/about/mission/"))) == {"zh-Hans", "en", "fr", "x-default"}
    workflow.withdraw(MissionPage.objects.get().working_copy(), get_language("fr"), user=administrator)
    crawl(get, ["about/mission/"])
    assert set(alternates_of(get("/en/about/mission/"))) == {"zh-Hans", "en", "x-default"}
    settings.SHOW_UNREVIEWED_TRANSLATIONS = True
    crawl(get, ["about/mission/"])
    assert "fr" not in alternates_of(get("/en/about/mission/"))
    assert "ru" in alternates_of(get("/en/about/mission/"))


@pytest.mark.django_db
def test_what_is_asked_of_a_list_changes_its_canonical_address_only_for_a_later_page(get):
    article = NewsPage.objects.get()
    index = article.get_parent().specific
    for number in range(13):
        index.add_child(instance=NewsPage(title_en="News", slug=f"n{number}", date=article.date))
    for query in ("?year=2025", "?page=1", "?page=99&utm_source=x", "?utm_source=x", "?year=2025&page=2"):
        html = get(f"/en/news/{query}")
        assert canonical_of(html) == "/en/news/", query
        assert alternates_of(html)["fr"] == "/fr/news/"
    second = get("/en/news/?page=2")
    assert canonical_of(second) == "/en/news/?page=2"
    # French has one article, and no second page.
    assert not alternates_of(second)
    assert canonical_of(get("/en/about/milestones/?order=oldest")) == "/en/about/milestones/"


@pytest.mark.django_db
def test_an_address_is_that_of_the_site_whatever_host_is_asked(client, get, settings):
    from wagtail.models import Site

    settings.WAGTAILADMIN_BASE_URL = "https://www.example.org"
    link = get("/en/about/", host="evil.example").select_one('link[rel="canonical"]')["href"]
    assert link == "https://www.example.org/en/about/"
    Site.objects.update(hostname="ichei.example", port=443)
    link = get("/en/about/").select_one('link[rel="canonical"]')["href"]
    assert link == "https://ichei.example/en/about/"


def test_a_draft_in_preview_and_a_missing_page_say_nothing_to_machines(get, page):
    html = get("/en/nowhere/", status=404)
    assert not html.select('link[rel="canonical"], link[hreflang]:not(nav link), script')
    from bs4 import BeautifulSoup

    mission = page("about/mission/")
    response = mission.make_preview_request(preview_mode="fr")
    preview = BeautifulSoup(response.content.decode(), "html.parser")
    assert not preview.select('link[rel="canonical"], head link[hreflang], script')


@pytest.mark.django_db
def test_a_page_that_stands_in_for_a_translation_keeps_the_menu_in_its_own_language(get, settings, page):
    settings.SHOW_UNREVIEWED_TRANSLATIONS = False
    for path in ("", "about/", "news/"):
        approve(page(path), "fr")
    html = get("/fr/about/mission/")
    assert [link["href"] for link in html.select(".menu a")] == ["/fr/about/", "/fr/news/"]
    assert "/en/card/" in meta(html, "og:image")
    assert meta(html, "og:locale") == "en_US"
