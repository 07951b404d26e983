"""A query that takes long leaves a line, without what was asked for."""

from contextlib import contextmanager

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from monitoring import slow_queries


@pytest.fixture
def watched(settings):
    """Watches this connection; the argument says from how many milliseconds on."""

    @contextmanager
    def watch(milliseconds):
        settings.SLOW_QUERY_MS = milliseconds
        slow_queries.watch(connection=connection)
        try:
            yield
        finally:
            connection.execute_wrappers.remove(slow_queries.timed)

    return watch


def told(log) -> list[dict]:
    return [line for line in log.lines if line["logger"] == "monitoring.slow_queries"]


def test_a_slow_query_is_told_without_its_values(db, watched, log):
    with watched(0.000001):
        get_user_model().objects.filter(email="somebody@example.org", last_name="Perez").exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 'Perez''s' AS name")
    first, second = told(log)
    assert '"accounts_user"."email" = %s' in first["statement"]
    assert first["milliseconds"] >= 0
    assert second["statement"] == "SELECT '…' AS name"
    assert "Perez" not in log.getvalue()


def test_it_says_for_which_request_and_kind_of_page(site, db, watched, log):
    with watched(0.000001):
        site.get("/fr/about/", x_request_id="0123456789abcdef")
    lines = told(log)
    assert {line["request_id"] for line in lines} == {"0123456789abcdef"}
    assert lines[-1]["page_type"] == "pages.aboutpage"


def test_a_quick_query_is_not_told(db, watched, log):
    with watched(60_000):
        get_user_model().objects.exists()
    assert told(log) == []


def test_nought_is_off(db, watched, log):
    with watched(0):
        get_user_model().objects.exists()
    assert told(log) == []


def test_a_connection_that_is_opened_anew_tells_each_query_once(db, watched, log):
    with watched(0.000001):
        slow_queries.watch(connection=connection)
        get_user_model().objects.exists()
    assert len(told(log)) == 1


def test_what_is_watched_fails_as_before(db, watched):
    with watched(0.000001), pytest.raises(Exception, match=r"nowhere"), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM nowhere")


def test_a_slow_query_is_counted(site, db, watched):
    before = site.metrics()["slow_queries_total"]
    with watched(0.000001):
        get_user_model().objects.exists()
    assert site.metrics()["slow_queries_total"] == before + 1
