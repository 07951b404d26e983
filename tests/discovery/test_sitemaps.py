"""The sitemaps: what stands in them, and that they say no more than visitors may read."""

from datetime import datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from milestones.models import Milestone
from news.models import NewsIndexPage, NewsPage
from pages.models import ContentPage, MissionPage
from tests.discovery.reading import SITEMAP, XHTML, alternates_of, assert_sitemap, path_of, xml
from tests.paths import PAGE_PATHS
from tests.translating import approve
from translations.languages import all_languages, get_language

pytestmark = pytest.mark.django_db


def entries(client, code: str) -> dict[str, dict[str, str]]:
    """{path: its alternates} of the sitemap of a language."""
    tree = xml(client, f"/{code}/sitemap.xml")
    assert_sitemap(tree)
    return {
        path_of(entry.findtext(f"{SITEMAP}loc")): {
            link.get("hreflang"): path_of(link.get("href")) for link in entry.iterfind(f"{XHTML}link")
        }
        for entry in tree
    }


def changed(client, path: str) -> datetime:
    tree = xml(client, f"/{path.split('/')[1]}/sitemap.xml")
    return next(
        datetime.fromisoformat(entry.findtext(f"{SITEMAP}lastmod"))
        for entry in tree
        if path_of(entry.findtext(f"{SITEMAP}loc")) == path
    )


def test_the_index_leads_to_a_sitemap_in_each_language_with_all_its_pages(client, read):
    tree = xml(client, "/sitemap.xml")
    assert_sitemap(tree)
    files = [path_of(item.findtext(f"{SITEMAP}loc")) for item in tree]
    assert files == [f"/{language.code}/sitemap.xml" for language in all_languages()]
    for language in all_languages():
        found = entries(client, language.code)
        assert list(found) == [f"/{language.code}/{path}" for path in PAGE_PATHS]
        url = f"/{language.code}/about/mission/"
        assert found[url] == alternates_of(read(url))


def test_only_public_pages_and_languages_are_listed(client, page, settings):
    settings.SHOW_UNREVIEWED_TRANSLATIONS = False
    approve(page("about/mission/"), "fr")
    page("privacy/").unpublish()
    PageViewRestriction.objects.create(page=page("news/"), restriction_type=PageViewRestriction.LOGIN)
    english = entries(client, "en")
    assert set(english) == {f"/en/{path}" for path in PAGE_PATHS if not path.startswith(("privacy", "news"))}
    assert set(english["/en/about/mission/"]) == {"en", "fr", "x-default"}
    assert list(entries(client, "fr")) == ["/fr/about/mission/"]
    tree = xml(client, "/sitemap.xml")
    assert [path_of(item[0].text) for item in tree] == ["/en/sitemap.xml", "/fr/sitemap.xml"]


def test_each_language_has_the_date_of_its_own_words(client, page):
    before = {code: changed(client, f"/{code}/about/mission/") for code in ("en", "fr", "ru")}
    approve_only(page("about/mission/"), "fr")
    after = {code: changed(client, f"/{code}/about/mission/") for code in before}
    assert after["fr"] > before["fr"]
    assert (after["en"], after["ru"]) == (before["en"], before["ru"])
    mission = MissionPage.objects.get()
    mission.lead_en = "The lead says something else now."
    mission.save_revision().publish()
    assert changed(client, "/en/about/mission/") > before["en"]
    # The approved French words still translate the older English ones: they did not change.
    assert changed(client, "/fr/about/mission/") == after["fr"]


def lists(client, code: str) -> dict[str, datetime]:
    return {path: changed(client, f"/{code}/{path}") for path in ("", "news/", "about/milestones/", "about/")}


def later(before: dict, after: dict) -> set[str]:
    assert all(after[path] >= before[path] for path in before)
    return {path for path in before if after[path] > before[path]}


def test_a_list_has_the_date_of_what_it_lists(client, page):
    english, french = lists(client, "en"), lists(client, "fr")
    article = NewsPage.objects.order_by("-date").first()
    approve_only(article, "fr")
    assert later(french, lists(client, "fr")) == {"", "news/"}
    assert later(english, lists(client, "en")) == set()
    article.summary_en = "It is told anew."
    article.save_revision().publish()
    assert later(english, lists(client, "en")) == {"", "news/"}
    english = lists(client, "en")
    oldest = Milestone.objects.newest_first().last()
    oldest.save_revision().publish()
    assert later(english, lists(client, "en")) == {"about/milestones/"}


def test_the_index_has_the_date_of_the_newest_change_in_each_language(client, page, settings):
    settings.SHOW_UNREVIEWED_TRANSLATIONS = False

    def newest() -> dict[str, datetime]:
        """{path of a sitemap: when anything in it changed}, which the index must say, too."""
        found = {}
        for item in xml(client, "/sitemap.xml"):
            path = path_of(item.findtext(f"{SITEMAP}loc"))
            moments = [entry.findtext(f"{SITEMAP}lastmod") for entry in xml(client, path)]
            found[path] = max(map(datetime.fromisoformat, moments))
            assert item.findtext(f"{SITEMAP}lastmod") == max(moments, key=datetime.fromisoformat)
        return found

    assert list(newest()) == ["/en/sitemap.xml"]
    approve(page("about/mission/"), "fr")
    approve(page("about/milestones/"), "fr")
    before = newest()
    milestone = Milestone.objects.newest_first().last()
    approve_only(milestone, "fr")
    after = newest()
    assert after["/fr/sitemap.xml"] > before["/fr/sitemap.xml"]
    assert after["/en/sitemap.xml"] == before["/en/sitemap.xml"]
    # A source that went ahead leaves the approved translation as it is.
    mission = MissionPage.objects.get()
    mission.lead_en = "The lead says something else now."
    mission.save_revision().publish()
    assert newest()["/fr/sitemap.xml"] == after["/fr/sitemap.xml"]
    assert newest()["/en/sitemap.xml"] > after["/en/sitemap.xml"]


def test_a_list_of_news_has_the_articles_and_the_date_of_its_own(client, page):
    page("").add_child(instance=NewsIndexPage(title_en="Notices", slug="notices"))
    before = changed(client, "/en/notices/")
    NewsPage.objects.get().save_revision().publish()
    assert changed(client, "/en/notices/") == before < changed(client, "/en/news/")
    assert "NetDragon" in client.get("/en/news/index.md").content.decode()
    assert "NetDragon" not in client.get("/en/notices/index.md").content.decode()


def approve_only(page, code: str) -> None:
    """As a reviewer does, who publishes no source."""
    from translations.states import Origin, State
    from translations.workflow import mark

    work = page.working_copy()
    mark(work, get_language(code), State.APPROVED, Origin.HUMAN)
    assert work.publish_language(get_language(code))


def test_many_pages_take_as_many_queries_as_few_and_more_than_one_file(client, page, monkeypatch):
    monkeypatch.setattr("discovery.sitemaps.PAGES_PER_FILE", 8)

    def queries(url):
        client.get(url)
        cache.clear()
        ContentType.objects.clear_cache()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    few = [queries("/sitemap.xml"), queries("/en/sitemap.xml")]
    for number in range(20):
        page("").add_child(instance=ContentPage(title_en=f"Page {number}", slug=f"page-{number}"))
    assert [queries("/sitemap.xml"), queries("/en/sitemap.xml")] == few
    assert max(few) <= 8
    files = [item[0].text for item in xml(client, "/sitemap.xml") if "/en/" in item[0].text]
    assert [path_of(url) for url in files] == [
        "/en/sitemap.xml",
        *(f"/en/sitemap.xml?p={number}" for number in (2, 3, 4)),
    ]
    listed = [entry[0].text for url in files for entry in xml(client, path_of(url))]
    assert len(listed) == len(set(listed)) == len(PAGE_PATHS) + 20
    for number in ("0", "5", "x"):
        assert client.get(f"/en/sitemap.xml?p={number}").status_code == 404
