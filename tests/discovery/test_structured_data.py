"""The facts of a page in the vocabulary of schema.org, and what a shared link shows."""

from datetime import datetime

from wagtail.models import Site

from news.models import NewsPage
from pages.models import SiteSettings, SocialProfile
from tests.discovery.reading import graph_of, meta, path_of
from tests.paths import PAGE_PATHS
from translations.languages import all_languages

# What schema.org's own documentation and the readers of these types require or expect.
EXPECTED = {
    "Organization": {"@id", "name", "alternateName", "url", "logo", "parentOrganization"},
    "WebSite": {"@id", "name", "url", "inLanguage", "publisher", "potentialAction"},
    "NewsArticle": {
        "@id",
        "headline",
        "datePublished",
        "dateModified",
        "inLanguage",
        "image",
        "description",
        "author",
        "publisher",
        "mainEntityOfPage",
    },
    "BreadcrumbList": {"itemListElement"},
}
ADDRESSES = {"url", "logo", "image", "item", "mainEntityOfPage", "@id", "urlTemplate", "sameAs"}


def check(value, name: str = "") -> None:
    """No value is empty, and every address is a whole one."""
    if isinstance(value, dict):
        assert value
        for key, item in value.items():
            check(item, key)
    elif isinstance(value, list):
        assert value
        for item in value:
            check(item, name)
    else:
        assert value, name
        if name in ADDRESSES:
            assert path_of(value)


def test_every_page_says_in_its_own_language_what_it_is(read):
    for language in all_languages():
        for path in PAGE_PATHS:
            html = read(f"/{language.code}/{path}")
            graph = graph_of(html)
            check(graph)
            for kind, thing in graph.items():
                assert thing.keys() >= EXPECTED[kind], f"{path}: {kind}"
                assert thing.get("inLanguage", language.tag) == language.tag
            kinds = {
                "": {"Organization", "WebSite"},
                "about/": {"Organization", "BreadcrumbList"},
                "news/netdragon-strategic-cooperation/": {"NewsArticle", "BreadcrumbList"},
            }
            assert set(graph) == kinds.get(path, {"BreadcrumbList"})
            assert meta(html, "og:url") == html.select_one('link[rel="canonical"]')["href"]
            assert meta(html, "og:title") in html.title.string
            assert meta(html, "og:description")


def test_the_breadcrumbs_are_those_that_a_reader_sees(read):
    html = read("/zh-hans/about/mission/")
    items = graph_of(html)["BreadcrumbList"]["itemListElement"]
    assert [item["position"] for item in items] == [1, 2, 3]
    seen = [" ".join(item.get_text(" ").replace("/", "").split()) for item in html.select(".breadcrumbs li")]
    assert [item["name"] for item in items] == seen
    assert [path_of(item["item"]) for item in items] == [
        "/zh-hans/",
        "/zh-hans/about/",
        "/zh-hans/about/mission/",
    ]


def test_an_article_says_of_what_it_is_a_translation(read):
    path = "news/netdragon-strategic-cooperation/"
    russian, english = (graph_of(read(f"/{code}/{path}"))["NewsArticle"] for code in ("ru", "en"))
    assert russian["translationOfWork"]["@id"] == english["@id"]
    assert "translationOfWork" not in english
    assert english["datePublished"] == "2025-06-12"
    assert datetime.fromisoformat(english["dateModified"]).tzinfo
    assert english["headline"] == read(f"/en/{path}").h1.get_text()
    assert meta(read(f"/ru/{path}"), "og:type") == "article"
    assert meta(read(f"/ru/{path}"), "article:published_time") == "2025-06-12"


def test_no_title_can_end_the_element_that_the_facts_stand_in(get, db):
    title = 'A </script><script>alert(1)</script> <!-- "quoted" & more'
    article = NewsPage.objects.get()
    article.title_en = title
    article.save_revision().publish()
    html = get("/en/news/netdragon-strategic-cooperation/")
    assert graph_of(html)["NewsArticle"]["headline"] == title
    assert meta(html, "og:title") == title
    assert len(html.select("head script")) == 1


def test_the_organization_tells_how_to_reach_it_where_the_settings_know(get, db):
    site = Site.objects.get()
    SiteSettings.objects.create(
        site=site, postal_address_en="1088 Xueyuan Avenue\nShenzhen", email="office@example.org"
    )
    SocialProfile.objects.create(service="weibo", url="https://weibo.com/example", sort_order=1)
    SocialProfile.objects.create(service="wechat", account="Example", sort_order=2)
    organization = graph_of(get("/en/"))["Organization"]
    assert organization["address"] == "1088 Xueyuan Avenue Shenzhen"
    assert organization["email"] == "office@example.org"
    assert organization["sameAs"] == ["https://weibo.com/example"]
    assert "telephone" not in organization
