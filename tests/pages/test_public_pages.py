"""What every page does for every visitor."""

import re
from itertools import pairwise

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from wagtail.models import PageViewRestriction

from library.models import CustomDocument, CustomImage
from tests.paths import PAGE_PATHS
from translations.languages import all_languages, get_language


def test_a_page_names_its_language_and_direction(read, language, path):
    html = read(f"/{language}/{path}").html
    assert html["lang"] == get_language(language).tag
    assert html["dir"] == ("rtl" if language == "ar" else "ltr")


def test_the_language_bar_stays_on_the_page(read, language, path):
    links = read(f"/{language}/{path}").select(".languages a")
    assert [link.get_text() for link in links] == [name for _code, name in settings.LANGUAGES]
    assert [link["href"] for link in links] == [f"/{other.code}/{path}" for other in all_languages()]
    assert [link["lang"] for link in links] == [other.tag for other in all_languages()]
    current = [link for link in links if link.has_attr("aria-current")]
    assert [link["href"] for link in current] == [f"/{language}/{path}"]


def test_the_language_bar_keeps_the_year_that_a_reader_chose(get):
    links = get("/en/news/?year=2025").select(".languages a")
    assert links[0]["href"] == "/ar/news/?year=2025"


def test_a_page_has_landmarks_one_heading_of_the_first_level_and_no_gap_in_levels(read, language, path):
    html = read(f"/{language}/{path}")
    assert (
        len(html.select("main"))
        == len(html.select("body > header"))
        == len(html.select("body > footer"))
        == 1
    )
    levels = [int(heading.name[1]) for heading in html.select("h1, h2, h3, h4")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    labels = [
        nav.get("aria-label") or html.find(id=nav["aria-labelledby"]).get_text() for nav in html.select("nav")
    ]
    assert len(labels) == len(set(labels))


def test_the_first_link_skips_to_the_content(read, language, path):
    html = read(f"/{language}/{path}")
    first = html.body.find("a")
    assert first["href"] == "#content"
    assert html.select_one("main#content")
    assert first.get_text().strip()


def test_breadcrumbs_lead_back_to_the_home_page(read, language, path):
    crumbs = read(f"/{language}/{path}").select(".breadcrumbs a")
    parts = [part for part in path.split("/") if part]
    above = ["/".join(parts[:count]) for count in range(len(parts))]
    assert [link["href"] for link in crumbs] == [
        f"/{language}/{place}/" if place else f"/{language}/" for place in above
    ]


def test_the_menu_comes_from_the_page_tree(get, page):
    menu = [link["href"] for link in get("/fr/").select(".menu a")]
    assert menu == [
        "/fr/about/",
        "/fr/about/directors-message/",
        "/fr/about/mission/",
        "/fr/about/functions/",
        "/fr/about/milestones/",
        "/fr/news/",
        "/fr/contact/",
    ]
    mission = page("about/mission/")
    mission.show_in_menus = False
    mission.save_revision().publish()
    page("news/").unpublish()
    assert [link["href"] for link in get("/fr/").select(".menu a")] == [
        menu[number] for number in (0, 1, 3, 4, 6)
    ]


def test_the_menu_marks_where_the_reader_is(get, language):
    current = get(f"/{language}/about/mission/").select('.menu [aria-current="page"]')
    assert [link["href"] for link in current] == [f"/{language}/about/mission/"]


def test_the_footer_leads_to_the_plain_pages(get, language):
    links = [link["href"] for link in get(f"/{language}/").select("footer a")]
    assert links == [f"/{language}/{slug}/" for slug in ("accessibility", "privacy", "terms")]


def test_a_private_page_is_in_no_menu(get, page):
    PageViewRestriction.objects.create(page=page("about/"), restriction_type="login")
    menu = [link["href"] for link in get("/en/").select(".menu a")]
    assert menu == ["/en/news/", "/en/contact/"]


@pytest.mark.parametrize("path", ["about/", "about/functions/"])
def test_the_functions_of_a_private_page_are_not_on_the_home_page(get, page, path):
    assert get("/en/").select(".functions")
    PageViewRestriction.objects.create(page=page(path), restriction_type="login")
    assert not get("/en/").select(".functions")


def test_a_private_page_asks_who_is_there(client, page):
    PageViewRestriction.objects.create(page=page("about/"), restriction_type="login")
    assert client.get("/en/about/mission/").status_code == 302
    assert client.get("/en/news/").status_code == 200


def test_a_document_is_not_served_past_its_own_address(client, db):
    document = CustomDocument.objects.create(title="Secret", file=ContentFile(b"secret", "secret.txt"))
    assert client.get(document.file.url).status_code == 404
    assert client.get(document.url).status_code == 200
    picture = CustomImage.objects.first().get_rendition("width-50")
    assert client.get(picture.url).status_code == 200


def test_a_page_loads_nothing_from_elsewhere_and_runs_no_script(read, language, path):
    html = read(f"/{language}/{path}")
    # What only names an address for machines loads nothing.
    loading = html.select('[src], link[href]:not([rel="canonical"], [rel="alternate"])')
    sources = [element.get("src") or element.get("href") for element in loading]
    assert all(source.startswith("/") and not source.startswith("//") for source in sources)
    assert not html.select('script:not([type="application/ld+json"])')
    assert not html.select("iframe, [style], [onclick], [onload]")


def test_every_picture_has_its_size_and_an_alternative_text(read, language):
    html = read(f"/{language}/news/netdragon-strategic-cooperation/")
    pictures = html.select("main img")
    assert len(pictures) == 2
    for picture in pictures:
        assert int(picture["width"]) > 0
        assert int(picture["height"]) > 0
        assert len(picture["alt"]) > 20


def test_a_title_names_the_page_and_the_centre(read, language, path):
    title = read(f"/{language}/{path}").title.get_text()
    assert title.endswith(" – UNESCO-ICHEI") if path else len(title) > 10
    assert "\n" not in title


def test_every_page_has_a_description_for_search_engines(read, language, path):
    description = read(f"/{language}/{path}").select_one('meta[name="description"]')
    assert 20 <= len(description["content"]) <= 160


def test_every_link_on_the_site_leads_somewhere(client, db, language):
    seen, waiting = set(), {f"/{language}/"}
    while waiting:
        url = waiting.pop()
        seen.add(url)
        response = client.get(url)
        assert response.status_code == 200, url
        hrefs = set(re.findall(r'href="(/[^"#]*)"', response.content.decode()))
        waiting |= {href for href in hrefs if href.startswith(f"/{language}/")} - seen
    assert {f"/{language}/{path}" for path in PAGE_PATHS} <= seen


def test_an_unpublished_page_is_not_found(client, db, page):
    page("privacy/").unpublish()
    assert client.get("/en/privacy/").status_code == 404


def test_a_page_below_an_unpublished_page_can_still_be_read(client, db, page):
    page("about/").unpublish()
    assert client.get("/en/about/mission/").status_code == 200


def test_an_error_page_needs_no_database(rf, language):
    from ichei_site.views import server_error

    response = server_error(rf.get(f"/{language}/"))
    assert response.status_code == 500
    assert f'lang="{get_language(language).tag}"' in response.content.decode()


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_page_answers_only_to_reading(client, db, method):
    assert getattr(client, method)("/en/about/").status_code == 405
