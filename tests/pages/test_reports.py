"""The reports tell staff, and staff alone, what on the site needs their care."""

import csv
import json
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook
from wagtail.contrib.redirects.models import Redirect
from wagtail.users.models import UserProfile

from library.models import CustomDocument, CustomImage
from news.models import NewsPage
from pages.links import broken_links
from pages.models import BasePage
from pages.reports import unused_images
from tests.library.test_library import picture
from tests.people import person

REPORTS = ["broken_links_report", "unused_images_report", "wagtailadmin_reports:aging_pages"]


@pytest.fixture
def link(page):
    """Puts a link into the text of the terms in a language, and says what the report finds there."""

    def put(tag, code="en"):
        terms = page("terms/")
        body = [{"type": "text", "value": f"<p>Read <a {tag}>the <b>report</b></a>.</p>", "id": "one"}]
        name = f"body_{code.replace('-', '_')}"
        stream = terms._meta.get_field(name).to_python(json.dumps(body))
        type(terms).objects.filter(pk=terms.pk).update(**{name: stream})
        return [
            (broken.language.code, broken.text, str(broken.reason))
            for broken in broken_links()
            if broken.page_id == terms.pk
        ]

    return put


def test_the_starting_content_has_no_broken_link(db):
    assert broken_links() == []


def test_a_link_to_a_page_that_is_gone_is_found_in_each_language(link, language):
    assert link('linktype="page" id="999999"', language) == [(language, "the report", "The page is gone.")]


def test_a_link_to_a_page_that_is_not_published_is_found_in_each_language(link, page, language):
    privacy = page("privacy/")
    privacy.unpublish()
    found = link(f'id="{privacy.pk}" linktype="page"', language)
    assert found == [(language, "the report", "The page is not published.")]


def test_a_link_to_a_document_that_is_gone_is_found(link):
    assert link('linktype="document" id="999999"') == [("en", "the report", "The document is gone.")]


@pytest.mark.parametrize(
    "href",
    [
        "/fr/nowhere/",
        "/about/",
        "/documents/999999/report.pdf",
        "http://localhost/en/nowhere/",
        "nowhere/",
        "/fr/about/nowhere/?a=1#b",
    ],
)
def test_an_address_on_this_site_that_leads_nowhere_is_found(link, href):
    assert [code for code, _text, _reason in link(f'href="{href}"')] == ["en"]


@pytest.mark.parametrize(
    "href",
    [
        "https://example.org/anything/",
        "mailto:office@example.org",
        "tel:+8675588010925",
        "/fr/about/",
        "/zh-hans/about/mission",
        "/ar/",
        "/",
        "/zh/about/",
        "/en/about/?a=1#facts",
        "#top",
        "../about/",
        "http://localhost/es/about/",
        "/admin/",
    ],
)
def test_an_address_that_leads_somewhere_is_no_fault(link, href):
    assert link(f'href="{href}"') == []


def test_links_to_what_is_there_are_no_fault(link, page):
    document = CustomDocument.objects.create(
        title="Report", file=SimpleUploadedFile("report.txt", b"Numbers")
    )
    Redirect.add_redirect("/en/old/", page("privacy/"))
    assert link(f'linktype="page" id="{page("privacy/").pk}"') == []
    assert link(f'linktype="document" id="{document.pk}"') == []
    assert link(f'href="/documents/{document.pk}/report.txt"') == []
    assert link('href="/en/old/"') == []


def test_links_in_rich_text_without_blocks_are_looked_at_too(page):
    functions = page("about/functions/")
    type(functions).objects.filter(pk=functions.pk).update(
        activities_ru='<p><a linktype="page" id="999999">Доклад</a></p>'
    )
    assert [(broken.language.code, broken.text) for broken in broken_links()] == [("ru", "Доклад")]


def test_pages_that_nobody_sees_are_left_out(link, page):
    page("terms/").unpublish()
    assert link('linktype="page" id="999999"') == []


def test_the_report_names_page_language_and_problem(admin_client, link, administrator, language):
    UserProfile.objects.update_or_create(user=administrator, defaults={"preferred_language": language})
    link('href="/fr/nowhere/"', "ru")
    html = admin_client.get(reverse("broken_links_report")).content.decode()
    for expected in ("Terms of Use", "Русский", "the report", "/fr/nowhere/"):
        assert expected in html


def test_the_report_of_links_is_exported(admin_client, link):
    link('href="/fr/nowhere/"')
    url = reverse("broken_links_report")
    content = b"".join(admin_client.get(f"{url}?export=csv").streaming_content).decode()
    rows = list(csv.reader(content.splitlines()))
    assert rows[0] == ["Page", "Language", "Field", "Words of the link", "Leads to", "Problem"]
    assert rows[1][0] == "Terms of Use"
    assert rows[1][-2:] == ["/fr/nowhere/", "Nothing is found at this address."]
    sheet = load_workbook(BytesIO(admin_client.get(f"{url}?export=xlsx").getvalue())).active
    assert [[cell.value for cell in row] for row in sheet.rows] == rows


def test_the_report_of_links_asks_nothing_a_page(page, link):
    def count():
        with CaptureQueriesContext(connection) as queries:
            broken_links()
        return len(queries)

    before = count()
    privacy = page("privacy/")
    with translation.override("en"):
        for number in range(10):
            child = type(privacy)(title_en=f"Page {number}", slug=f"page-{number}")
            child.body_en = json.dumps(
                [{"type": "text", "value": f'<p><a href="/en/{number}/">x</a></p>', "id": "one"}]
            )
            privacy.add_child(instance=child)
    assert len(broken_links()) == 10
    assert count() <= before + 5
    assert before <= 14


@pytest.fixture
def unused(db):
    return CustomImage.objects.create(title="Nowhere", file=picture())


def test_an_image_that_nothing_shows_is_reported(admin_client, unused):
    assert list(unused_images()) == [unused]
    html = admin_client.get(reverse("unused_images_report")).content.decode()
    assert "Nowhere" in html
    assert "two-signatories" not in html


def test_an_image_in_a_published_text_is_used_in_whatever_language(page, unused, language):
    terms = page("terms/")
    name = f"body_{language.replace('-', '_')}"
    with translation.override("en"):
        figure = [{"type": "figure", "value": {"image": unused.pk, "caption": ""}, "id": "one"}]
        setattr(terms, name, json.dumps(figure))
        BasePage.save(terms)
    assert not unused_images().exists()


def test_an_image_in_a_draft_is_used(page, unused):
    with translation.override("en"):
        draft = page("terms/")
        draft.body_en = json.dumps(
            [{"type": "figure", "value": {"image": unused.pk, "caption": ""}, "id": "one"}]
        )
        draft.save_revision()
    assert not unused_images().exists()


def test_an_image_beside_the_title_of_a_draft_is_used(unused):
    with translation.override("en"):
        draft = NewsPage.objects.get()
        draft.lead_image = unused
        draft.save_revision()
    assert not unused_images().exists()


def test_an_image_whose_number_only_begins_like_a_used_one_is_unused(page, unused):
    with translation.override("en"):
        draft = page("terms/")
        draft.body_en = json.dumps(
            [{"type": "figure", "value": {"image": int(f"{unused.pk}7"), "caption": ""}, "id": "one"}]
        )
        draft.save_revision()
    assert list(unused_images()) == [unused]


def test_the_report_of_images_is_exported(admin_client, unused):
    url = reverse("unused_images_report")
    content = b"".join(admin_client.get(f"{url}?export=csv").streaming_content).decode()
    assert [row[0] for row in csv.reader(content.splitlines())] == ["Title", "Nowhere"]
    sheet = load_workbook(BytesIO(admin_client.get(f"{url}?export=xlsx").getvalue())).active
    assert [row[0].value for row in sheet.rows] == ["Title", "Nowhere"]


def test_pages_are_listed_by_age_in_each_language_of_the_admin(admin_client, administrator, language):
    UserProfile.objects.update_or_create(user=administrator, defaults={"preferred_language": language})
    url = reverse("wagtailadmin_reports:aging_pages")
    # Under their English titles, as everywhere in the admin.
    assert "Terms of Use" in admin_client.get(url).content.decode()
    exported = b"".join(admin_client.get(f"{url}?export=csv").streaming_content).decode()
    assert "Terms of Use" in exported


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize(
    ("group", "allowed"),
    [
        ("Editors", True),
        ("Publishers", True),
        ("French translators", False),
        ("French reviewers", False),
    ],
)
def test_only_those_who_write_pages_see_the_reports(client, db, report, group, allowed):
    client.force_login(person("member", group))
    response = client.get(reverse(report))
    assert response.status_code == (200 if allowed else 302)
    menu = client.get(reverse("wagtailadmin_home")).content.decode()
    assert (reverse(report) in menu) is allowed
