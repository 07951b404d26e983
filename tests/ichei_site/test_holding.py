"""A closed site shows visitors its holding page and nothing else; people who work on it see everything."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from wagtail.models import PageViewRestriction

from library.models import CustomImage
from pages.models import HoldingPage
from tests.paths import PAGE_PATHS
from tests.people import person
from translations.languages import all_languages

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed():
    holding = HoldingPage.objects.get()
    holding.mode = HoldingPage.Mode.CLOSED
    holding.save()
    return holding


def test_every_public_address_answers_503_in_its_language(client, closed):
    for language in all_languages():
        with translation.override(language.code):
            title = str(closed.localize("title"))
        for path in (*PAGE_PATHS, "nowhere/"):
            response = client.get(f"/{language.code}/{path}")
            assert response.status_code == 503
            assert response.headers["Retry-After"] == "3600"
            assert response.headers["Cache-Control"] == "no-store"
            assert response.headers["Content-Language"] == language.tag
            assert response.headers.get("Vary", "Accept-Encoding") == "Accept-Encoding"
            assert not response.cookies
        html = BeautifulSoup(response.content.decode(), "html.parser")
        assert (html.html["lang"], html.html["dir"]) == (language.tag, language.direction)
        assert html.h1.get_text() == title
        assert not html.h1.has_attr("lang")
        links = [link["href"] for link in html.select("nav a")]
        assert links == [f"/{other.code}/nowhere/" for other in all_languages()]
        assert not html.select("script, style, [style], form")


def test_what_is_for_programs_and_visitors_is_closed_too(client, closed):
    for address in ("/sitemap.xml", "/en/news/feed/", "/documents/1/report.txt", "/anything"):
        assert client.get(address).status_code == 503, address
    for method in ("post", "head", "options", "put"):
        assert getattr(client, method)("/en/").status_code == 503, method


def test_an_address_without_a_language_takes_the_browser_at_its_word(get, closed):
    for header, tag in (("ru", "ru"), ("zh-CN,zh;q=0.9", "zh-Hans"), ("de", "en")):
        html = get("/", status=503, **{"Accept-Language": header})
        assert html.html["lang"] == tag
        assert html.select_one("nav a")["href"] == "/ar/"


def test_admin_files_and_addresses_for_machines_stay_open(client, closed):
    picture = CustomImage.objects.first().get_rendition("width-50")
    assert client.get("/admin/login/").status_code == 200
    assert client.get("/static/css/site.css").status_code == 200
    assert client.get(picture.url).status_code == 200
    for address in ("/robots.txt", "/health/", "/healthz", "/.well-known/security.txt"):
        assert client.get(address).status_code != 503, address


def test_a_machine_that_asks_whether_the_site_is_up_needs_no_database(client, closed):
    # Whatever answers there: the holding page has not looked anything up before.
    with CaptureQueriesContext(connection) as captured:
        client.get("/static/css/site.css")
    assert len(captured) == 0


def test_people_who_work_on_the_site_see_it_with_a_bar(client, closed):
    for group in ("Editors", "French translators"):
        user = person(f"somebody of {group}", group)
        client.force_login(user)
        response = client.get("/fr/privacy/")
        assert response.status_code == 200
        assert {"private", "no-store"} <= set(response.headers["Cache-Control"].replace(" ", "").split(","))
        bar = BeautifulSoup(response.content.decode(), "html.parser").select_one(".announcement-closed")
        assert bar.get_text(" ", strip=True)


def test_an_account_without_a_right_to_the_admin_is_a_visitor(client, closed, django_user_model):
    client.force_login(django_user_model.objects.create_user("nobody"))
    assert client.get("/en/").status_code == 503
    client.cookies["sessionid"] = "made-up"
    assert client.get("/en/").status_code == 503
    assert Group.objects.exists()


def test_a_preview_is_shown_while_the_site_is_closed(admin_client, closed, page, rf):
    response = page("privacy/").make_preview_request(rf.get("/"), "fr")
    assert response.status_code == 200


def test_programs_are_told_when_the_site_is_back(client, closed, monkeypatch):
    now = timezone.now()
    closed.back_at = now + timedelta(minutes=90)
    closed.save()
    monkeypatch.setattr(timezone, "now", lambda: now)
    response = client.get("/en/")
    assert response.headers["Retry-After"] == "5400"
    assert "Expected back:" in response.content.decode()
    # It was announced too early: nobody is told of a time that has gone by, and the site stays closed.
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(hours=2))
    response = client.get("/en/")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "3600")
    assert "Expected back:" not in response.content.decode()


def test_the_site_opens_and_closes_at_once(client, closed):
    assert client.get("/en/").status_code == 503
    closed.mode = HoldingPage.Mode.OFF
    closed.save()
    assert client.get("/en/").status_code == 200
    closed.mode = HoldingPage.Mode.CLOSED
    closed.save()
    assert client.get("/en/").status_code == 503


def test_an_open_site_costs_visitors_no_session_and_no_query_more(client):
    client.get("/en/privacy/")
    with CaptureQueriesContext(connection) as captured:
        response = client.get("/en/privacy/")
    assert response.headers.get("Vary", "Accept-Encoding") == "Accept-Encoding"
    assert not response.cookies
    assert not [query for query in captured if "session" in query["sql"] or "holding" in query["sql"]]


def test_a_closed_site_asks_one_thing_of_the_database_once_it_is_known(client, closed):
    client.get("/en/")
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/en/about/").status_code == 503
    assert len(captured) == 1  # which site this host is
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/en/about/").status_code == 503
    assert len(captured) <= 5


def test_a_closed_site_does_not_say_which_pages_are_private(client, closed, page):
    PageViewRestriction.objects.create(page=page("about/"), restriction_type="login")
    assert client.get("/en/about/").status_code == 503
