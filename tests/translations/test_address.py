"""Which language an address is answered in."""

import pytest
from bs4 import BeautifulSoup

from translations.languages import all_languages
from translations.middleware import accepted_language


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("fr", "fr"),
        ("fr-CH, fr;q=0.9, en;q=0.8", "fr"),
        ("zh-CN,zh;q=0.9", "zh-hans"),
        ("zh", "zh-hans"),
        ("zh-SG", "zh-hans"),
        ("ar-EG", "ar"),
        ("es-419;q=0.5, ru;q=0.7", "ru"),
        ("de, pt;q=0.9, es;q=0.1", "es"),
        ("de", "en"),
        ("*", "en"),
        ("", "en"),
        ("nonsense;;q=,,", "en"),
    ],
)
def test_the_root_sends_a_visitor_to_the_language_of_their_browser(client, db, header, code):
    response = client.get("/", headers={"Accept-Language": header})
    assert response.status_code == 302
    assert response.url == f"/{code}/"
    assert response["Vary"] in {"Accept-Language", "Accept-Language, Accept-Encoding"}
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        # Any Chinese is better than none, and the longest part of a range that fits wins (RFC 4647, 3.4).
        ("zh-TW", "zh-hans"),
        ("zh-Hant-HK", "zh-hans"),
        ("ZH-hans-cn", "zh-hans"),
        ("ar-Arab-EG-u-nu-latn", "ar"),
        ("pt-BR", "en"),
        ("pt-BR, pt;q=0.9", "en"),
        # The order counts among equals, the quality before it.
        ("ru, fr", "ru"),
        ("ru;q=0.5, fr;q=0.50", "ru"),
        ("ru;q=0.001, fr;q=0.002", "fr"),
        # A quality of nought is a refusal, of what the range names and of nothing else.
        ("fr;q=0", "en"),
        ("de, fr;q=0, es;q=0.1", "es"),
        ("fr;q=0, fr-CH", "en"),
        ("zh-TW;q=0, zh", "zh-hans"),
        ("en;q=0, *;q=0.1", "ar"),
        ("*;q=0", "en"),
        ("en;q=0", "en"),
        # Any language: the site's own, but for one that is liked better.
        ("fr;q=0.4, *;q=0.5", "en"),
        ("fr;q=0.5, *;q=0.4", "fr"),
        # What is malformed counts for nothing, and spoils nothing beside it.
        ("fr;q=2, ru", "ru"),
        ("fr;q=abc, ru;q=0.1", "ru"),
        ("es;q=0.9;level=1, ru;q=0.2", "ru"),
        ("../../etc/passwd, \x00, ru", "ru"),
        (", ,ru,", "ru"),
        ("ru-" + "x" * 5000, "en"),
        ("de," * 5000 + "ru", "en"),
        ("q=1", "en"),
    ],
)
def test_a_list_of_languages_is_read_as_its_standard_says(header, code):
    assert accepted_language(header) == code


def test_the_root_keeps_what_was_asked_and_offers_all_languages_to_those_who_do_not_follow(client, db):
    asked = client.get("/?utm_source=x&q=%D8%B9", headers={"Accept-Language": "es"})
    assert asked.url == "/es/?utm_source=x&q=%D8%B9"
    html = BeautifulSoup(asked.content.decode(), "html.parser")
    assert [(link["href"], link["lang"], link.get_text()) for link in html.select("a")] == [
        (f"/{language.code}/?utm_source=x&q=%D8%B9", language.tag, language.name)
        for language in all_languages()
    ]
    assert client.head("/").url == client.get("/").url == "/en/"
    assert client.get('/?"><script>').content.count(b"<script") == 0
    assert client.post("/").status_code == 405


@pytest.mark.parametrize("header", ["fr", "ar", "zh-CN"])
def test_an_address_with_a_language_answers_in_it_whatever_the_browser_asks_for(get, language, header):
    html = get(f"/{language}/about/", **{"Accept-Language": header}).html
    assert html["lang"].lower() == language


def test_an_address_without_a_language_is_no_page(client, db):
    response = client.get("/about/", headers={"Accept-Language": "fr"})
    assert response.status_code == 404


@pytest.mark.parametrize(
    ("header", "lang", "words"),
    [
        ("ar", "ar", "تعذَّر العثور على الصفحة"),
        ("zh-CN", "zh-Hans", "未找到页面"),
        ("en", "en", "Page not found"),
        ("fr", "fr", "Page introuvable"),
        ("ru", "ru", "Страница не найдена"),
        ("es", "es", "Página no encontrada"),
    ],
)
@pytest.mark.parametrize("url", ["/de/about/", "/nonsense/", "/{}/no-such-page/"])
def test_a_page_that_is_not_there_says_so_in_the_language_of_the_visitor(get, url, header, lang, words):
    html = get(url.format(lang.lower()), status=404, **{"Accept-Language": header})
    assert html.html["lang"] == lang
    assert words in html.h1.get_text()


@pytest.mark.parametrize("code", ["zh", "zh-cn", "zh-CN", "zh-Hans", "ZH"])
def test_chinese_by_another_name_leads_to_its_address(client, db, code):
    assert client.get(f"/{code}/about/?x=1").url == "/zh-hans/about/?x=1"


def test_a_page_sets_no_cookie_and_varies_on_nothing(client, db, language, path):
    response = client.get(f"/{language}/{path}")
    assert not response.cookies
    # Compressed or not is the only choice that there is.
    assert response.headers.get("Vary", "Accept-Encoding") == "Accept-Encoding"
    assert response["Content-Language"].lower() == language
