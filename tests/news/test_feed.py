"""The feeds of news: Atom (RFC 4287), one a language and a category."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from news.models import NewsCategory, NewsIndexPage, NewsPage
from tests.discovery.reading import ATOM, assert_atom, path_of, xml
from tests.translating import approve
from translations.languages import all_languages

pytestmark = pytest.mark.django_db
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def feed(client, code: str, category: str = ""):
    tree = xml(client, f"/{code}/news/feed/{category}")
    assert_atom(tree)
    return tree


def link(element, rel: str):
    (found,) = (item for item in element.iterfind(f"{ATOM}link") if item.get("rel") == rel)
    return found


def add_articles(numbers) -> None:
    index, model = NewsIndexPage.objects.get(), NewsPage.objects.get(slug="netdragon-strategic-cooperation")
    for number in numbers:
        index.add_child(
            instance=NewsPage(
                title_en=f"Article {number} & <more>",
                slug=f"article-{number}",
                date=model.date,
                category=model.category,
                lead_image=model.lead_image,
                summary_en="About <b> & so on.",
            )
        )


def test_each_language_has_a_feed_of_its_own_words(client):
    ids = set()
    for language in all_languages():
        tree = feed(client, language.code)
        assert tree.get(XML_LANG) == language.tag
        assert path_of(link(tree, "self").get("href")) == f"/{language.code}/news/feed/"
        assert path_of(link(tree, "alternate").get("href")) == f"/{language.code}/news/"
        (entry,) = tree.iterfind(f"{ATOM}entry")
        article = NewsPage.objects.get()
        assert entry.findtext(f"{ATOM}title") == str(article.localize("title", language))
        summary = entry.findtext(f"{ATOM}summary")
        assert summary.startswith(f'<p lang="{language.tag}" dir="{language.direction}">')
        assert str(article.localize("summary", language))[:20] in summary
        url = path_of(link(entry, "alternate").get("href"))
        assert url == f"/{language.code}/news/netdragon-strategic-cooperation/"
        assert entry.findtext(f"{ATOM}published") == "2025-06-12T00:00:00+08:00"
        category = entry.find(f"{ATOM}category")
        assert category.get("term") == "cooperation"
        assert category.get("label") == str(article.category.localize("name", language))
        picture = link(entry, "enclosure")
        response = client.get(path_of(picture.get("href")))
        assert picture.get("type") == response["Content-Type"] == "image/webp"
        assert int(picture.get("length")) == len(b"".join(response.streaming_content))
        ids |= {tree.findtext(f"{ATOM}id"), entry.findtext(f"{ATOM}id")}
    assert len(ids) == 12


def test_an_entry_keeps_its_id_when_the_article_is_renamed(client):
    before = feed(client, "fr").find(f"{ATOM}entry").findtext(f"{ATOM}id")
    article = NewsPage.objects.get()
    article.slug = "renamed"
    article.title_en = "Something else"
    article.save_revision().publish()
    entry = feed(client, "fr").find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == before
    assert path_of(link(entry, "alternate").get("href")) == "/fr/news/renamed/"


def test_a_feed_has_only_what_is_public_in_its_language(client, settings):
    settings.SHOW_UNREVIEWED_TRANSLATIONS = False
    assert feed(client, "en").findall(f"{ATOM}entry")
    empty = feed(client, "ru")
    assert not empty.findall(f"{ATOM}entry")
    # Still with a date of its own, which does not change with every look at it.
    assert empty.findtext(f"{ATOM}updated") == feed(client, "ru").findtext(f"{ATOM}updated")
    approve(NewsPage.objects.get(), "ru")
    assert len(feed(client, "ru").findall(f"{ATOM}entry")) == 1
    NewsPage.objects.get().unpublish()
    assert not feed(client, "en").findall(f"{ATOM}entry")


def test_a_category_has_a_feed_and_an_unknown_one_has_none(client):
    NewsCategory.objects.create(name_en="Events", slug="events")
    assert len(feed(client, "es", "cooperation/").findall(f"{ATOM}entry")) == 1
    assert not feed(client, "es", "events/").findall(f"{ATOM}entry")
    for path in ("nothing/", "cooperation/more/"):
        assert client.get(f"/es/news/feed/{path}").status_code == 404
    index = NewsIndexPage.objects.get()
    index.unpublish()
    assert client.get("/es/news/feed/").status_code == 404


def test_a_feed_holds_the_newest_twenty_and_takes_the_same_queries_for_them(client):
    def queries():
        feed(client, "en")
        with CaptureQueriesContext(connection) as captured:
            feed(client, "en")
        return len(captured)

    add_articles(range(2))
    few = queries()
    add_articles(range(2, 25))
    assert queries() == few <= 12
    tree = feed(client, "en")
    assert len(tree.findall(f"{ATOM}entry")) == 20
    moments = [
        datetime.fromisoformat(entry.findtext(f"{ATOM}updated")) for entry in tree.iter(f"{ATOM}entry")
    ]
    assert datetime.fromisoformat(tree.findtext(f"{ATOM}updated")) == max(moments)


def test_pages_with_news_lead_to_their_feeds(read, client):
    for path, feeds in (
        ("", ["/ar/news/feed/"]),
        ("news/", ["/ar/news/feed/", "/ar/news/feed/cooperation/"]),
        ("news/netdragon-strategic-cooperation/", ["/ar/news/feed/", "/ar/news/feed/cooperation/"]),
        ("about/mission/", []),
    ):
        links = read(f"/ar/{path}").select('head link[type="application/atom+xml"]')
        assert [path_of(item["href"]) for item in links] == feeds
        assert len({item["title"] for item in links}) == len(links)
        assert all(client.get(url).status_code == 200 for url in feeds)


def test_the_picture_of_an_entry_may_be_missing(client):
    article = NewsPage.objects.get()
    article.lead_image = None
    article.category = None
    article.save_revision().publish()
    entry = feed(client, "en").find(f"{ATOM}entry")
    assert [item.get("rel") for item in entry.iterfind(f"{ATOM}link")] == ["alternate"]
    assert entry.find(f"{ATOM}category") is None
