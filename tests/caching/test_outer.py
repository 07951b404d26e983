"""Caches in front of the site hear which addresses have changed, and of no others."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from caching.journal import announce, forget_all
from caching.models import Address
from pages.models import AboutPage, MissionPage
from tests.caching.test_changes import CODES, new_article, publish


@pytest.fixture
def purged(settings, visitor):
    """The addresses that a cache in front was told to forget."""
    heard = []

    class Cache(BaseHTTPRequestHandler):
        def do_PURGE(self):
            heard.append(f"http://{self.headers['Host']}{self.path}")
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Cache)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.WAGTAILFRONTENDCACHE = {
        "cache": {
            "BACKEND": "wagtail.contrib.frontend_cache.backends.HTTPBackend",
            "LOCATION": f"http://127.0.0.1:{server.server_port}",
        }
    }
    yield heard
    server.shutdown()
    server.server_close()


def visit(visitor, *paths):
    for path in paths:
        for code in CODES:
            visitor.get(f"/{code}/{path}")


def in_all_languages(*paths) -> set[str]:
    return {f"http://testserver/{code}/{path}" for path in paths for code in CODES}


def test_a_page_with_new_words_is_purged_in_all_languages(purged, visitor, committed):
    visit(visitor, "about/mission/", "terms/")
    with committed():
        publish(MissionPage.objects.get(), lead_en="New words")
    assert sorted(purged) == sorted(in_all_languages("about/mission/"))


def test_what_lists_an_article_is_purged_with_its_narrowed_pages(purged, visitor, committed):
    visit(visitor, "", "news/", "news/?year=2025", "terms/")
    with committed():
        new_article()
    assert set(purged) == in_all_languages("", "news/", "news/?year=2025")


def test_a_new_title_in_the_menu_is_purged_where_it_stands(purged, visitor, committed):
    visit(visitor, "terms/")
    with committed():
        publish(AboutPage.objects.get(), title_fr="Autre titre", title_en="Another title")
    assert set(purged) >= {"http://testserver/en/terms/"}


def test_each_address_is_purged_once_and_known_again_when_it_is_made_anew(purged, visitor, committed):
    visit(visitor, "about/mission/")
    for words in ("First", "Second"):
        with committed():
            publish(MissionPage.objects.get(), lead_en=words)
    assert len(purged) == 6
    visit(visitor, "about/mission/")
    with committed():
        publish(MissionPage.objects.get(), lead_en="Third")
    assert len(purged) == 12


def test_whoever_writes_past_the_models_purges_everything(purged, visitor):
    visit(visitor, "about/mission/", "terms/")
    forget_all()
    announce()
    assert set(purged) == in_all_languages("about/mission/", "terms/")


def test_caches_that_are_told_may_keep_a_page_for_longer(purged, visitor):
    assert "s-maxage=3600" in visitor.get("/en/").header("cache-control")


def test_without_such_a_cache_nothing_is_noted(visitor):
    visit(visitor, "about/mission/")
    assert not Address.objects.exists()
    assert visitor.get("/en/").header("cache-control") == "public, max-age=0, s-maxage=1"
