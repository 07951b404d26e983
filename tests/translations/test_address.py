"""Which language an address is answered in."""

import pytest


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
    assert "Accept-Language" in response["Vary"]


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
    assert "Vary" not in response.headers
    assert response["Content-Language"].lower() == language
