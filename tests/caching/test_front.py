"""What visitors get from the page cache, and when Django is asked."""

import gzip
import threading
import time
from datetime import timedelta
from unittest.mock import Mock

import brotli
import pytest
from django.db import OperationalError
from django.utils import timezone

from caching import front as front_module
from caching import tags
from caching.front import understood_query
from caching.journal import changed
from caching.store import Entry, Memory
from tests.caching.conftest import Visitor, new_front
from tests.paths import PAGE_PATHS


def test_every_page_is_made_once_and_kept(visitor, language):
    for path in PAGE_PATHS:
        assert not visitor.was_kept(f"/{language}/{path}"), path
        assert visitor.was_kept(f"/{language}/{path}"), path


@pytest.mark.parametrize(
    "path",
    [
        "news/feed/",
        "sitemap.xml",
        "llms.txt",
        "about/index.md",
        "news/?page=2",
        "about/milestones/?year=2019",
    ],
)
def test_lists_for_machines_and_of_readers_are_kept_too(visitor, path):
    visitor.get(f"/fr/{path}")
    assert visitor.was_kept(f"/fr/{path}")


def test_a_kept_page_costs_no_query_and_no_template(
    visitor, language, django_assert_num_queries, monkeypatch
):
    url = f"/{language}/news/"
    fresh = visitor.get(url)
    monkeypatch.setattr("caching.journal.INTERVAL", 60)
    visitor.front.application = None
    with django_assert_num_queries(0):
        kept = visitor.get(url)
    assert kept.body == fresh.body


def test_a_kept_page_is_what_django_made(visitor, client, language):
    url = f"/{language}/about/mission/"
    visitor.get(url)
    kept, made = visitor.get(url), client.get(url)
    assert kept.body == made.content
    assert kept.header("content-language") == made["Content-Language"]
    assert kept.header("content-type") == made["Content-Type"]


@pytest.mark.parametrize(
    ("accepted", "coding", "decode"),
    [
        ("gzip, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("", "", bytes),
        ("br;q=0", "", bytes),
    ],
)
def test_each_encoding_has_its_variant_and_its_etag(visitor, accepted, coding, decode):
    plain = visitor.get("/ar/about/")
    for _time in range(2):
        answer = visitor.get("/ar/about/", accept_encoding=accepted)
        assert answer.header("content-encoding") == coding
        assert decode(answer.body) == plain.body
        assert int(answer.header("content-length")) == len(answer.body)
        assert answer.header("vary") == "Accept-Encoding"
        assert (answer.header("etag") == plain.header("etag")) == (not coding)


def test_a_browser_that_has_the_page_gets_no_body(visitor):
    first = visitor.get("/ru/", accept_encoding="br")
    again = visitor.get("/ru/", accept_encoding="br", if_none_match=first.header("etag"))
    assert again.code == 304
    assert again.body == b""
    assert again.header("etag") == first.header("etag")
    assert again.header("cache-control") == first.header("cache-control")
    assert visitor.get("/ru/", accept_encoding="gzip", if_none_match=first.header("etag")).code == 200


def test_a_head_request_gets_the_headers_of_the_page(visitor):
    whole = visitor.get("/es/")
    head = visitor.get("/es/", method="HEAD")
    assert head.body == b""
    assert head.header("content-length") == whole.header("content-length")


def test_visitors_get_no_cookie_and_browsers_ask_again_each_time(visitor):
    answer = visitor.get("/zh-hans/contact/")
    assert not answer.header("set-cookie")
    assert "max-age=0" in answer.header("cache-control")


@pytest.mark.parametrize("headers", [{"cookie": "sessionid=abc"}, {"authorization": "Basic abc"}])
def test_whoever_may_be_signed_in_is_answered_by_django(visitor, headers):
    visitor.get("/en/")
    assert not visitor.get("/en/", **headers).header("cache-status")


def test_other_cookies_change_nothing(visitor):
    visitor.get("/en/")
    assert "hit" in visitor.get("/en/", cookie="_ga=1; csrftoken=x").header("cache-status")


@pytest.mark.parametrize(
    ("query", "understood"),
    [
        ("", ""),
        ("utm_source=letter&fbclid=1&from=timeline", ""),
        ("year=2019&theme=policy", "theme=policy&year=2019"),
        ("year=2019&utm_source=letter", "year=2019"),
        ("year=2019&year=2020", None),
        ("q=unesco", None),
        ("sent=1", None),
        ("year", None),
        ("year=" + "9" * 400, None),
    ],
)
def test_only_the_parameters_of_lists_are_looked_at(query, understood):
    assert understood_query(query) == understood


def test_a_shared_link_with_a_tracker_shows_the_kept_page_without_it(visitor):
    plain = visitor.get("/fr/news/")
    tracked = visitor.get("/fr/news/?utm_source=letter")
    assert "hit" in tracked.header("cache-status")
    assert tracked.body == plain.body
    assert b"utm_source" not in tracked.body


@pytest.mark.parametrize(
    "url", ["/en/no-such-page/", "/en/search/?q=unesco", "/", "/admin/", "/en/contact/?sent=1"]
)
def test_what_is_not_to_be_kept_is_made_each_time(visitor, url):
    for _time in range(2):
        assert "hit" not in visitor.get(url).header("cache-status")


def test_what_is_not_kept_is_compressed_all_the_same(visitor):
    plain = visitor.get("/en/no-such-page/")
    small = visitor.get("/en/no-such-page/", accept_encoding="br")
    assert small.code == 404
    assert brotli.decompress(small.body) == plain.body


def test_a_foreign_host_gets_nothing_that_is_kept(visitor, settings):
    front_module.is_allowed.cache_clear()
    settings.ALLOWED_HOSTS = ["testserver"]
    visitor.get("/en/")
    try:
        assert visitor.get("/en/", host="evil.example").code == 400
    finally:
        front_module.is_allowed.cache_clear()


def test_http_and_https_are_kept_apart(visitor, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    visitor.get("/en/")
    assert "hit" not in visitor.get("/en/", x_forwarded_proto="https").header("cache-status")


def test_pages_of_another_release_are_never_shown(visitor):
    visitor.get("/en/")
    visitor.front.release = "next"
    assert not visitor.was_kept("/en/")


# With an application in the place of Django -----------------------------------------------------------------


class Site:
    """Says how often it was asked, in as long as it is told to take."""

    def __init__(self):
        self.asked = 0
        self.begun, self.may_end = threading.Event(), threading.Event()
        self.may_end.set()
        self.status = "200 OK"

    def __call__(self, environ, start_response):
        self.asked += 1
        number = self.asked
        tags.may_be_kept("page:1")
        self.begun.set()
        self.may_end.wait(5)
        headers = [("Content-Type", "text/html")]
        if self.status.startswith("503"):
            headers.append(("Retry-After", "120"))
        start_response(self.status, headers)
        return [b"<p>%d</p>" % number]


@pytest.fixture
def site():
    return Site()


@pytest.fixture
def reader(db, settings, site, journal):
    front = new_front(settings, site)
    front.journal = journal
    return Visitor(front)


@pytest.fixture
def offline(monkeypatch, reader):
    """The journal as it is while nobody reaches the database."""

    refuse = Mock(side_effect=OperationalError("gone"))
    return lambda: monkeypatch.setattr("caching.journal.Journal._read", refuse)


def in_parallel(reader, number: int) -> list:
    """Visitors who come while the page is being made. The database is looked at beforehand: tests have one
    connection, which threads can't share.
    """
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(reader.get("/en/"))) for _each in range(number)]
    for thread in threads:
        thread.start()
    return answers, threads


def test_of_many_who_ask_at_once_one_makes_django_work(reader, site, monkeypatch):
    changed("page:1")
    reader.front.journal.look()
    monkeypatch.setattr("caching.journal.INTERVAL", 60)
    reader.front.journal._asked = time.monotonic()
    site.may_end.clear()
    answers, threads = in_parallel(reader, 8)
    site.begun.wait(5)
    time.sleep(0.1)
    site.may_end.set()
    for thread in threads:
        thread.join(10)
    assert site.asked == 1
    assert {answer.body for answer in answers} == {b"<p>1</p>"}
    assert len(answers) == 8


def test_who_comes_while_a_page_is_renewed_gets_the_old_one(reader, site, committed, monkeypatch):
    reader.get("/en/")
    with committed():
        changed("page:1")
    reader.front.journal.look()
    monkeypatch.setattr("caching.journal.INTERVAL", 60)
    reader.front.journal._asked = time.monotonic()
    site.begun.clear()
    site.may_end.clear()
    answers, threads = in_parallel(reader, 1)
    assert site.begun.wait(5)
    assert reader.get("/en/").body == b"<p>1</p>"
    site.may_end.set()
    threads[0].join(10)
    assert answers[0].body == reader.get("/en/").body == b"<p>2</p>"


def test_who_comes_while_something_is_withdrawn_does_not_get_the_old_page(reader, site, committed):
    reader.get("/en/")
    with committed():
        changed("page:1", withdraws=True)
    site.status = "503 Service Unavailable"
    assert reader.get("/en/").code == 503


def test_while_the_database_is_down_kept_pages_are_shown_and_others_say_when_to_come_back(
    reader, site, offline
):
    reader.get("/en/")
    offline()
    site.status = "503 Service Unavailable"
    assert reader.get("/en/").code == 200
    missing = reader.get("/en/about/")
    assert missing.code == 503
    assert missing.header("retry-after")


def test_a_page_that_changed_before_the_database_went_is_shown_as_it_was(
    reader, site, committed, monkeypatch
):
    reader.get("/en/")
    with committed():
        changed("page:1")
    site.status = "503 Service Unavailable"
    answer = reader.get("/en/")
    assert answer.code == 200
    assert answer.body == b"<p>1</p>"
    site.status = "200 OK"
    assert reader.get("/en/").body == b"<p>3</p>"


def test_after_the_database_is_back_changes_are_seen_again(reader, site, committed, monkeypatch):
    reader.get("/en/")
    with monkeypatch.context() as broken:
        broken.setattr("caching.journal.Journal._read", Mock(side_effect=OperationalError("gone")))
        reader.get("/en/")
        assert reader.front.journal.is_cut_off
    with committed():
        changed("page:1")
    assert reader.get("/en/").body == b"<p>2</p>"


def test_a_page_without_a_word_that_it_may_be_kept_is_not(reader, monkeypatch):
    monkeypatch.setattr("caching.tags.may_be_kept", lambda *names: None)
    reader.get("/en/")
    assert not reader.was_kept("/en/")


@pytest.mark.parametrize(
    "header",
    [("Set-Cookie", "a=b"), ("Cache-Control", "private"), ("Cache-Control", "no-store"), ("Vary", "Cookie")],
)
def test_an_answer_for_one_visitor_is_not_kept(db, settings, header, journal):
    def personal(environ, start_response):
        tags.may_be_kept("page:1")
        start_response("200 OK", [("Content-Type", "text/html"), header])
        return [b"for you"]

    reader = Visitor(new_front(settings, personal))
    reader.get("/en/")
    assert not reader.was_kept("/en/")


def test_a_page_that_is_right_up_to_a_moment_is_made_anew_then(reader, site, monkeypatch):
    ends = timezone.now() + timedelta(seconds=30)
    site_of = reader.front.application

    def ending(environ, start_response):
        tags.until(ends)
        return site_of(environ, start_response)

    reader.front.application = ending
    reader.get("/en/")
    assert reader.was_kept("/en/")
    monkeypatch.setattr("caching.front.time.time", lambda: ends.timestamp() + 1)
    assert not reader.was_kept("/en/")


# The memory -------------------------------------------------------------------------------------------------


def entry(size: int) -> Entry:
    return Entry(headers=[], body=b"x" * size, tags=frozenset(), epoch=None, position=0)


def test_memory_holds_no_more_than_it_may_and_forgets_what_was_asked_for_longest_ago():
    memory = Memory(1)
    for number in range(200):
        memory.put(str(number), entry(20_000))
        memory.get("0")
    assert memory.size <= 1024 * 1024
    assert memory.get("0") is not None
    assert memory.get("1") is None
    assert memory.get("199") is not None


def test_made_up_addresses_of_lists_do_not_push_out_pages(reader):
    reader.get("/en/")
    for number in range(3000):
        reader.get(f"/en/?year={number}")
    assert reader.was_kept("/en/")
    assert len(reader.front.lists) < 3000


def test_outcomes_are_counted(db, settings, site, journal):
    counted = []
    front = new_front(settings, site)
    front.count = lambda outcome: counted.append(str(outcome))
    reader = Visitor(front)
    reader.get("/en/")
    reader.get("/en/")
    reader.get("/admin/")
    assert counted == ["miss", "hit", "bypass"]
