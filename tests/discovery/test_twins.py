"""Each page as Markdown: the same words, and only those that are public."""

import json

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from markdown_it import MarkdownIt
from wagtail.models import PageViewRestriction
from wagtail.rich_text import RichText

from milestones.models import Milestone
from tests.discovery.reading import canonical_of, path_of
from tests.paths import PAGE_PATHS
from tests.translating import approve
from translations.languages import all_languages

pytestmark = pytest.mark.django_db


def twin(client, url: str) -> tuple[dict, str]:
    """(facts, text) of the twin of a page."""
    response = client.get(f"{url}index.md")
    assert response.status_code == 200, url
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    before, head, text = response.content.decode().split("---\n", 2)
    assert not before
    return {
        name: json.loads(value)
        for name, _colon, value in (line.partition(": ") for line in head.splitlines())
    }, text


def words(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def test_every_page_has_a_twin_with_the_words_of_its_text(client, read):
    from bs4 import BeautifulSoup

    for language in all_languages():
        for path in PAGE_PATHS:
            url = f"/{language.code}/{path}"
            html = read(url)
            (link,) = html.select('head link[type="text/markdown"]')
            assert path_of(link["href"]) == f"{url}index.md"
            facts, text = twin(client, url)
            assert facts["language"] == language.tag
            assert path_of(facts["canonical"]) == canonical_of(html) == url
            rendered = BeautifulSoup(MarkdownIt("commonmark").render(text), "html.parser")
            assert rendered.h1.get_text() == facts["title"]
            known = words(rendered.get_text())
            for element in html.select("main .prose p, main .prose li, main .prose h2, main .lead"):
                assert words(element.get_text()) in known, f"{url}: {element}"
            for element in rendered.select("a[href], img[src]"):
                assert path_of(element.get("href") or element.get("src"))
            assert all(image["alt"] for image in rendered("img"))


def test_the_timeline_is_a_list_with_dates(client, settings):
    _facts, text = twin(client, "/en/about/milestones/")
    assert "- **On June 5, 2014**: Shenzhen Municipal People's Government signed" in text
    assert text.count("\n- **") == Milestone.objects.count()
    settings.SHOW_UNREVIEWED_TRANSLATIONS = False
    approve(Milestone.objects.get(year=2014), "fr")
    from pages.models import BasePage

    approve(BasePage.objects.get(slug="milestones").specific, "fr")
    _facts, text = twin(client, "/fr/about/milestones/")
    assert text.count("\n- **") == 1


def test_a_twin_is_only_there_where_the_page_is_public(client, page, settings):
    settings.SHOW_UNREVIEWED_TRANSLATIONS = False
    assert client.get("/en/about/mission/index.md").status_code == 200
    assert client.get("/fr/about/mission/index.md").status_code == 404
    approve(page("about/mission/"), "fr")
    assert client.get("/fr/about/mission/index.md").status_code == 200
    PageViewRestriction.objects.create(page=page("about/"), restriction_type=PageViewRestriction.LOGIN)
    page("privacy/").unpublish()
    for path in ("about/mission/", "about/", "privacy/", "nowhere/"):
        assert client.get(f"/en/{path}index.md").status_code == 404


def test_a_twin_says_what_is_not_translated(client, page):
    mission = page("about/mission/")
    mission.lead_fr = None
    mission.save_revision().publish()
    _facts, text = twin(client, "/fr/about/mission/")
    assert "n’ont pas encore été traduites" in text
    assert "UNESCO-ICHEI works closely around" in text


def test_marks_links_and_signs_survive(client, page):
    mission, target = page("about/mission/"), page("privacy/")
    mission.body_en = [
        ("heading", "What * and _ mean"),
        (
            "text",
            RichText(
                f'<p>A <b>bold</b> <a linktype="page" id="{target.pk}">link</a> 1. [x] # <i>end</i></p>'
            ),
        ),
        ("quote", {"text": "To be\nor not", "attribution": "Hamlet"}),
    ]
    mission.save_revision().publish()
    facts, text = twin(client, "/en/about/mission/")
    html = MarkdownIt("commonmark").render(text)
    link = facts["canonical"].replace("/en/about/mission/", "/en/privacy/")
    assert "<h2>What * and _ mean</h2>" in html
    assert f'<strong>bold</strong> <a href="{link}">link</a> 1. [x] # <em>end</em>' in html
    assert "<blockquote>" in html
    assert "<p>— Hamlet</p>" in html


def test_a_twin_takes_no_more_queries_for_more_content(client, page):
    def queries():
        client.get("/en/about/index.md")
        cache.clear()
        ContentType.objects.clear_cache()
        with CaptureQueriesContext(connection) as captured:
            client.get("/en/about/index.md")
        return len(captured)

    about, target = page("about/"), page("privacy/")
    counts = []
    for many in (1, 8):
        link = f'<p><a linktype="page" id="{target.pk}">page</a></p>'
        about.body_en = [("text", RichText(link)) for _block in range(many)]
        about.save_revision().publish()
        counts.append(queries())
    # It asks for a page in Wagtail's own way, and nobody waits for it.
    assert counts[0] == counts[1] <= 14


def test_the_list_for_language_models_leads_to_the_twins(client, settings):
    text = client.get("/llms.txt").content.decode()
    lines = text.splitlines()
    assert lines[0] == "# UNESCO-ICHEI"
    assert lines[2].startswith("> International Centre")
    assert [line for line in lines if line.startswith("## ")][-1] == "## Optional"
    html = MarkdownIt("commonmark").render(text)
    from bs4 import BeautifulSoup

    links = [path_of(a["href"]) for a in BeautifulSoup(html, "html.parser")("a")]
    assert {f"/en/{path}index.md" for path in PAGE_PATHS} < set(links)
    assert all(client.get(url).status_code == 200 for url in links)
    assert "/ru/about/index.md" in client.get("/ru/llms.txt").content.decode()
    settings.SHOW_UNREVIEWED_TRANSLATIONS = False
    assert "index.md" not in client.get("/ru/llms.txt").content.decode()
