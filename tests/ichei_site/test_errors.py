"""What visitors read where there is no page for them, or no website at the moment."""

import hashlib
import re
from base64 import b64encode
from html.parser import HTMLParser
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import gettext
from wagtail.models import PageViewRestriction
from wagtail.users.models import UserProfile

from ichei_site import error_pages
from ichei_site.views import forbidden, server_error
from ichei_site.wrong_addresses import place_meant
from pages.models import BasePage
from translations.languages import all_languages, get_language

CODES = [language.code for language in all_languages()]
SMALL = 5000


def in_language(code: str, message: str) -> str:
    with translation.override(code):
        return gettext(message)


def parsed(response) -> BeautifulSoup:
    return BeautifulSoup(response.content.decode(), "html.parser")


def assert_well_formed(html: str):
    """Every element is closed in the order in which it was opened."""
    open_elements = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag not in {"meta", "link", "input", "br", "img"}:
                open_elements.append(tag)

        def handle_endtag(self, tag):
            assert open_elements.pop() == tag

    Parser().feed(html)
    assert not open_elements


# A page that isn't there -----------------------------------------------------------------------------------


def test_a_missing_page_helps_in_each_language(client, db):
    for code in CODES:
        response = client.get(f"/{code}/no-such-page/")
        html, language = parsed(response), get_language(code)
        assert response.status_code == 404
        assert (html.html["lang"], html.html["dir"]) == (language.tag, language.direction)
        assert html.h1.get_text() == in_language(code, "Page not found")
        assert html.select_one("body > header nav.languages")
        assert html.select_one("body > footer")
        form = html.select_one("main form")
        assert (form["action"], form["method"]) == (f"/{code}/search/", "get")
        assert form.select_one('input[name="q"]')["id"] == form.label["for"]
        links = [link["href"] for link in html.select(".ways-on a")]
        assert links[:2] == [f"/{code}/", f"/{code}/about/"]
        assert f"/{code}/news/" in links
        assert not html.select(".pages-meant")


def test_a_missing_page_is_cheap_however_large_the_site(client, db, page):
    client.get("/fr/")
    news = page("news/")
    for number in range(10):
        child = BasePage(title_en=f"Page {number}", slug=f"page-{number}", show_in_menus=True)
        news.add_child(instance=child)
    counts = {}
    for address in ("/fr/no-such-page/", "/about/mission/", "/fr/mission/", "/a/b/c/d/e/f/g/"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 404
        counts[address] = len(queries)
    assert max(counts.values()) <= 9, counts
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/static/css/gone.css").status_code == 404
    assert len(queries) <= 2


def test_head_gets_what_get_gets_without_the_page(client, db):
    for address in ("/fr/no-such-page/", "/about/", "/"):
        got, head = client.get(address), client.head(address)
        assert (head.status_code, head.content) == (got.status_code, b"")
        assert head.headers["Content-Length"] == got.headers["Content-Length"] == str(len(got.content))
        assert head.headers["Content-Language"] == got.headers["Content-Language"]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/about/", ["about"]),
        ("/de/about/mission/", ["about", "mission"]),
        ("/EN/About/Mission", ["about", "mission"]),
        ("/cn/about/", ["about"]),
        ("/faq/", ["faq"]),
        ("/index.html", []),
        ("/en/about/index.php", ["about"]),
        ("/about.html", ["about"]),
        ("/about/\0/", None),
        ("/about/../etc/passwd", None),
        ("/عن/", None),
        ("//", []),
    ],
)
def test_what_an_address_may_have_meant(path, place):
    assert place_meant(path) == place


def test_an_address_without_its_language_leads_to_the_right_one_in_each_language(client, page):
    for code in CODES:
        response = client.get("/about/mission/", headers={"Accept-Language": code})
        meant = parsed(response).select_one(".pages-meant")
        assert response.status_code == 404
        assert "Accept-Language" in response.headers["Vary"]
        others = [f"/{other}/about/mission/" for other in CODES if other != code]
        assert [link["href"] for link in meant.select("a")] == [f"/{code}/about/mission/", *others]
        with translation.override(code):
            assert meant.select_one("a").get_text() == page("about/mission/").localize("title").value


def test_a_wrong_address_names_pages_of_the_same_name_but_never_private_or_unpublished_ones(client, db, page):
    def meant(address):
        return [link["href"] for link in parsed(client.get(address)).select(".pages-meant a")]

    assert meant("/ru/mission/") == ["/ru/about/mission/"]
    assert meant("/de/privacy/")[0] == "/en/privacy/"
    page("privacy/").unpublish()
    PageViewRestriction.objects.create(page=page("about/"), restriction_type="login")
    assert meant("/ru/mission/") == meant("/de/privacy/") == meant("/about/mission/") == []


def test_a_page_in_english_alone_is_said_to_be_so(client, page):
    page("").add_child(instance=BasePage(title_en="Jobs", slug="jobs"))
    html = parsed(client.get("/jobs/", headers={"Accept-Language": "fr"}))
    meant = html.select_one(".pages-meant")
    note = "This page has not been translated yet and is shown in English."
    assert in_language("fr", note) in meant.get_text()
    link = meant.select_one("a")
    assert (link["href"], link["lang"]) == ("/fr/jobs/", "en")
    assert [link["href"] for link in meant.select(".elsewhere a")] == ["/en/jobs/"]


# A page that isn't for everybody ---------------------------------------------------------------------------


def test_who_has_no_access_reads_so_in_their_language(client, db):
    for code in CODES:
        request = RequestFactory().get(f"/{code}/about/?x=1&next=//evil.example")
        with translation.override(code):
            response = forbidden(request, PermissionDenied("secret"))
        html = parsed(response)
        assert response.status_code == 403
        assert html.html["lang"] == get_language(code).tag
        assert html.h1.get_text() == in_language(code, "You have no access to this page")
        assert "secret" not in response.content.decode()
        links = [link["href"] for link in html.select("ul.ways-on a")]
        assert links[0].startswith(f"/{code}/_util/login/?next=%2F{code}%2Fabout%2F%3Fx%3D1%26next%3D")
        assert links[1] == f"/{code}/"


def test_a_private_page_asks_a_visitor_to_sign_in_and_tells_staff_that_their_account_will_not_do(
    client, page, django_user_model
):
    restriction = PageViewRestriction.objects.create(page=page("about/"), restriction_type="groups")
    restriction.groups.add(Group.objects.create(name="Board"))
    for code in ("en", "ar"):
        response = client.get(f"/{code}/about/mission/", follow=True)
        assert response.redirect_chain == [(f"/{code}/_util/login/?next=/{code}/about/mission/", 302)]
        html = parsed(response)
        assert html.html["dir"] == get_language(code).direction
        assert {field["id"] for field in html.select("main input[id]")} <= {
            label["for"] for label in html.select("main label")
        }
    before = html.select_one(".lead").get_text()
    client.force_login(django_user_model.objects.create_user("outsider"))
    after = parsed(client.get("/ar/about/mission/", follow=True)).select_one(".lead").get_text()
    assert before != after
    member = django_user_model.objects.create_user("member", password="not a secret")
    member.groups.add(restriction.groups.get())
    client.logout()
    answer = client.post(
        "/ar/_util/login/",
        {"username": "member", "password": "not a secret", "next": "/ar/about/mission/"},
        follow=True,
    )
    assert (answer.redirect_chain, answer.status_code) == ([("/ar/about/mission/", 302)], 200)


def test_nothing_of_a_page_with_a_password_is_in_what_asks_for_it(client, page):
    private = page("about/mission/")
    PageViewRestriction.objects.create(page=private, restriction_type="password", password="open")
    for code in ("en", "ru"):
        response = client.get(f"/{code}/about/mission/")
        html = parsed(response)
        assert "no-store" in response.headers["Cache-Control"]
        with translation.override(code):
            for words in (private.localize("title"), private.localize("search_description")):
                assert f">{words}<" not in response.content.decode()
                assert f'"{words}"' not in response.content.decode()
    form = html.select_one("main form")
    data = {field["name"]: field.get("value", "") for field in form.select("input")}
    wrong = parsed(client.post(form["action"], data | {"password": "shut"}))
    assert wrong.select_one(".field .error").get_text(strip=True)
    answer = client.post(form["action"], data | {"password": "open"}, follow=True)
    assert (answer.redirect_chain, answer.status_code) == ([("/ru/about/mission/", 302)], 200)


def test_a_form_without_its_token_is_refused_in_the_language_of_its_reader(db, administrator):
    strict = Client(enforce_csrf_checks=True)
    title = "What you entered was not accepted"
    for code in CODES:
        response = strict.post(f"/{code}/_util/login/", {"username": "x"})
        assert response.status_code == 403
        assert parsed(response).html["lang"] == get_language(code).tag
        assert parsed(response).h1.get_text() == in_language(code, title)
    strict.force_login(administrator)
    UserProfile.objects.create(user=administrator, preferred_language="es")
    refused = strict.post("/admin/account/", headers={"Accept-Language": "fr"})
    assert parsed(refused).html["lang"] == "es"


# No website ------------------------------------------------------------------------------------------------


@pytest.fixture
def broken(client, monkeypatch):
    """Lets every page fail with an exception; the client then gives what a visitor gets."""
    client.raise_request_exception = False

    def fail_with(exception):
        def route(request, path):
            raise exception

        monkeypatch.setattr(BasePage, "route_for_request", staticmethod(route))
        return client

    return fail_with


def raising(request):
    raise RuntimeError("A context processor fails.")


def test_a_failure_is_told_in_each_language_without_database_and_without_the_templates_of_the_site(
    broken, settings
):
    """No `db` here: pytest-django refuses every query."""
    client = broken(ValueError("secret"))
    options = settings.TEMPLATES[0]["OPTIONS"] | {"context_processors": [f"{__name__}.raising"]}
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"OPTIONS": options, "DIRS": [], "APP_DIRS": False}]
    for code in CODES:
        response = client.get(f"/{code}/about/")
        html = parsed(response)
        assert response.status_code == 500
        assert html.html["lang"] == get_language(code).tag == response.headers["Content-Language"]
        assert html.h1.get_text() == in_language(code, "Something went wrong")
        assert html.select_one("a")["href"] == f"/{code}/"
        assert "secret" not in response.content.decode()
        assert response.headers["Cache-Control"] == "no-store"
        assert "Retry-After" not in response.headers
        assert not response.cookies


def test_a_database_that_is_cut_off_makes_the_site_unavailable_and_not_faulty(client, monkeypatch):
    def refuse(connection):
        raise OperationalError("could not connect to server: secret.host")

    client.raise_request_exception = False
    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", refuse)
    for code in CODES:
        for address in ("about/", "no-such-page/", "_util/login/"):
            response = client.get(f"/{code}/{address}", {"next": "/"} if "login" in address else {})
            assert (response.status_code, response.headers["Retry-After"]) == (503, "120"), address
            assert parsed(response).html["lang"] == get_language(code).tag
            assert "secret" not in response.content.decode()
    # Where the address has no language, that of the browser.
    for address in ("/", "/nonsense/"):
        response = client.get(address, headers={"Accept-Language": "ru"})
        assert (response.status_code, parsed(response).html["lang"]) == (503, "ru"), address


def test_a_failure_outside_of_everything_has_the_language_of_the_address(client, monkeypatch):
    client.raise_request_exception = False
    translation.activate("es")

    def fail(self, request):
        raise ValueError

    monkeypatch.setattr("django.contrib.sessions.middleware.SessionMiddleware.process_request", fail)
    assert parsed(client.get("/fr/")).html["lang"] == "fr"
    assert parsed(client.get("/x/", headers={"Accept-Language": "ar"})).html["lang"] == "ar"


def test_a_request_that_makes_no_sense_gets_a_page_in_the_language_of_the_visitor(client, settings):
    settings.ALLOWED_HOSTS = ["ichei.example"]
    response = client.get("/ar/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert parsed(response).h1.get_text() == in_language("ar", "This request can't be answered")


def test_the_static_pages_are_complete_small_and_the_same_each_time(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    call_command("make_error_pages", first, verbosity=0)
    error_pages.error_page.cache_clear()
    translation.activate("fr")
    call_command("make_error_pages", second, verbosity=0)
    pages = {path.name: path.read_bytes() for path in first.iterdir()}
    assert pages == {path.name: path.read_bytes() for path in second.iterdir()}
    assert set(pages) == {
        f"{status}{code}.html" for status in (500, 503) for code in ("", *(f".{code}" for code in CODES))
    }
    for name, content in pages.items():
        assert len(content) < SMALL, name
        text = content.decode()
        assert_well_formed(text)
        assert not re.search(r"(?:src|href)=\"(?!/[a-z-]+/\")|<script|@import|url\(", text), name
        assert "prefers-color-scheme: dark" in text


def test_a_static_page_speaks_its_language_and_the_common_one_all_of_them():
    for status, words in error_pages.WORDS.items():
        pages = {code: error_pages.error_page(status, get_language(code)) for code in CODES}
        common = BeautifulSoup(error_pages.error_page(status), "html.parser")
        assert [section["lang"] for section in common.select("section")] == [
            language.tag for language in all_languages()
        ]
        for section, (code, page) in zip(common.select("section"), pages.items(), strict=True):
            html, language = BeautifulSoup(page, "html.parser"), get_language(code)
            assert (html.html["lang"], html.html["dir"]) == (language.tag, language.direction)
            assert section["dir"] == language.direction
            with translation.override(code):
                title, text = map(str, words)
            assert html.h1.get_text() == section.h2.get_text() == title
            assert html.title.get_text().startswith(title)
            for place in (html.main, section):
                assert text in place.get_text()
                assert place.a["href"] == f"/{code}/"


def test_a_page_with_its_own_style_allows_that_style_and_nothing_else(client, db):
    for response in (client.get("/"), server_error(RequestFactory().get("/ar/"))):
        style = parsed(response).style.string
        digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert response.headers["Content-Security-Policy"] == (
            f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        )


def test_the_image_and_the_proxy_use_the_names_that_the_command_writes():
    root = Path(__file__).resolve().parent.parent.parent
    assert "manage.py make_error_pages" in (root / "Dockerfile").read_text()
    proxy = (root / "deploy" / "nginx-errors.conf").read_text()
    for code in CODES:
        assert f'".{code}"' in proxy
    assert "/errors/503$error_language.html" in proxy
