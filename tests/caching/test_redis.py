"""The shared cache may go away at any time: visitors only notice that pages take a little longer."""

import pytest
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache

from caching import breaker
from caching.front import PageCache
from tests.caching.conftest import Visitor, new_front
from tests.caching.test_changes import publish
from tests.servers import RedisServer


@pytest.fixture
def server(tmp_path):
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def shared(settings, server, monkeypatch):
    monkeypatch.setattr(breaker, "PAUSE", 0)
    settings.CACHES = settings.CACHES | {
        "shared": {
            "BACKEND": "caching.redis.DispensableRedisCache",
            "LOCATION": server.url,
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 0.5},
        }
    }
    settings.PAGE_CACHE_SHARED = "shared"
    return caches["shared"]


def machine(settings, journal) -> Visitor:
    front: PageCache = new_front(settings)
    front.journal = journal
    return Visitor(front)


def test_a_page_that_one_machine_made_is_shown_by_the_other(db, settings, journal, shared):
    first, second = machine(settings, journal), machine(settings, journal)
    made = first.get("/ru/about/")
    assert "hit" in second.get("/ru/about/").header("cache-status")
    assert second.get("/ru/about/").body == made.body


def test_a_change_is_seen_on_both_machines(db, settings, journal, shared, committed):
    from pages.models import MissionPage

    machines = [machine(settings, journal) for _each in range(2)]
    for each in machines:
        each.get("/en/about/mission/")
    with committed():
        publish(MissionPage.objects.get(), lead_en="Words of today")
    for each in machines:
        assert b"Words of today" in each.get("/en/about/mission/").body


def test_without_it_each_machine_makes_its_pages(db, settings, journal, shared, server, caplog):
    first, second = machine(settings, journal), machine(settings, journal)
    first.get("/fr/")
    server.stop()
    for url in ("/fr/", "/es/", "/en/about/"):
        for each in (first, second):
            assert each.get(url).code == 200
    assert second.was_kept("/fr/")
    assert sum("does not answer" in record.message for record in caplog.records) == 1


def test_it_is_used_again_once_it_is_back(db, settings, journal, shared, server):
    server.stop()
    first, second = machine(settings, journal), machine(settings, journal)
    first.get("/fr/")
    server.start()
    first.get("/fr/about/")
    assert "hit" in second.get("/fr/about/").header("cache-status")


def test_after_a_failure_nobody_waits_for_the_next(shared, server, monkeypatch):
    monkeypatch.setattr(breaker, "PAUSE", 60)
    server.stop()
    asked = []
    shared.get("a")
    monkeypatch.setattr(RedisCache, "get", lambda *arguments: asked.append(1))
    assert shared.get("a", "nothing") == "nothing"
    assert asked == []


@pytest.mark.parametrize(
    ("name", "arguments", "answer"),
    [
        ("get", ("a", 1), 1), ("set", ("a", 1), None), ("add", ("a", 1), True), ("delete", ("a",), False),
        ("touch", ("a",), False), ("has_key", ("a",), False), ("get_many", (["a"],), {}),
        ("set_many", ({"a": 1},), ["a"]), ("delete_many", (["a"],), None), ("clear", (), False),
    ],
)  # fmt: skip
def test_a_server_that_is_away_is_an_empty_cache(shared, server, name, arguments, answer):
    shared.set("a", 2)
    assert shared.get("a") == 2
    server.stop()
    assert getattr(shared, name)(*arguments) == answer
