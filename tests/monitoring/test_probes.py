"""Whoever runs the site learns whether a process lives, and whether it can serve."""

import json
import threading
import time

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError

from monitoring import readiness as module
from monitoring.front import Monitored
from monitoring.questions import Question, answers
from monitoring.readiness import Readiness, State
from tests.monitoring.conftest import Site


def looked(site: Site, url: str = "/readyz") -> tuple[int, dict]:
    answer = site.get(url)
    return answer.code, json.loads(answer.body)


def answering(monkeypatch, readiness: Readiness, name: str, answer) -> None:
    """Lets one of the checks answer otherwise from now on."""

    def ask():
        if isinstance(answer, Exception):
            raise answer
        return answer

    question = next(question for question in readiness.questions if question.name == name)
    monkeypatch.setattr(question, "ask", ask)
    monkeypatch.setattr(module, "KEPT_FOR", 0)


LOST = OperationalError('connection to server at "10.1.2.3", user "ichei", password "hidden" failed')


def test_a_process_says_that_it_lives_without_a_database(site):
    answer = site.get("/livez")
    assert (answer.code, json.loads(answer.body)) == (200, {"status": "alive"})
    assert answer.header("cache-control") == "no-store"
    assert not answer.header("set-cookie")


def test_a_process_is_ready_once_all_that_it_leans_on_answers(site, db):
    status, report = looked(site)
    assert (status, report["status"]) == (200, "ready")
    assert report["checks"] == dict.fromkeys(("database", "cache", "storage", "migrations"), "ok")
    assert site.get("/readyz").header("cache-control") == "no-store"


@pytest.mark.parametrize("probe", ["/livez", "/readyz"])
def test_a_probe_may_ask_by_number_over_plain_http(settings, fresh, db, probe):
    settings.ALLOWED_HOSTS = ["ichei.example"]
    settings.SECURE_SSL_REDIRECT = True
    site = Site(Monitored(get_wsgi_application()))
    assert site.get(probe, host="10.0.0.8:8000").code == 200
    assert site.get("/en/", host="10.0.0.8:8000").code == 400


def test_a_site_that_is_closed_to_visitors_is_ready(site, db, monkeypatch):
    from ichei_site import holding

    def closed(request):
        class Surroundings:
            is_closed = True

        return Surroundings

    monkeypatch.setattr(holding, "surroundings", closed)
    monkeypatch.setattr(holding, "closed", lambda request: holding.HttpResponse(status=503))
    assert site.get("/en/").code == 503
    assert looked(site)[0] == looked(site, "/readyz?strict")[0] == 200


@pytest.mark.parametrize("lost", ["database", "cache", "storage"])
def test_what_is_lost_later_leaves_the_machine_in_service_unless_somebody_asks_strictly(
    site, fresh, db, monkeypatch, lost
):
    assert looked(site)[1]["status"] == "ready"
    answering(monkeypatch, fresh, lost, LOST)
    status, report = looked(site)
    assert (status, report["status"], report["checks"][lost]) == (200, "degraded", "failed")
    assert looked(site, "/readyz?strict")[0] == 503


def test_a_process_that_never_reached_its_database_is_not_ready(site, fresh, db, monkeypatch):
    answering(monkeypatch, fresh, "database", LOST)
    assert looked(site)[0] == 503


def test_a_worker_that_takes_the_place_of_another_is_as_ready_as_that_one_was(db, monkeypatch, tmp_path):
    monkeypatch.setenv("READY_MARK", str(tmp_path / "ready"))
    assert Readiness().report().status == "ready"
    successor = Readiness()
    answering(monkeypatch, successor, "database", LOST)
    answering(monkeypatch, successor, "migrations", LOST)
    assert successor.report().status == "degraded"


def test_pending_migrations_keep_a_process_out_of_service(site, fresh, db, monkeypatch):
    assert looked(site)[0] == 200
    answering(monkeypatch, fresh, "migrations", State.PENDING)
    status, report = looked(site)
    assert (status, report["status"]) == (503, "unavailable")


def test_migrations_are_looked_at_until_none_is_pending_and_then_no_more(db, monkeypatch):
    plans, looks = [["one"], [], ["never asked for"]], []

    class Executor(module.MigrationExecutor):
        def migration_plan(self, targets):
            looks.append(targets)
            return plans[len(looks) - 1]

    monkeypatch.setattr(module, "MigrationExecutor", Executor)
    migrations = module.Migrations()
    assert [migrations.ask() for _probe in range(4)] == ["pending", "ok", "ok", "ok"]
    assert len(looks) == 2


def test_what_hangs_delays_a_probe_no_longer_than_its_limit_and_is_not_asked_twice():
    released, asked = threading.Event(), []

    def hang():
        asked.append(1)
        released.wait(10)

    hanging = Question("database", hang, seconds=0.1)
    quick = Question("cache", lambda: State.OK, seconds=0.1)
    began = time.monotonic()
    found = [answers([hanging, quick]) for _probe in range(3)]
    assert time.monotonic() - began < 2
    assert all(isinstance(each["database"], TimeoutError) and each["cache"] == "ok" for each in found)
    assert len(asked) == 1
    released.set()


def test_a_slow_database_is_called_slow(site, fresh, db, monkeypatch):
    released = threading.Event()
    fresh.questions[0] = Question("database", lambda: released.wait(10), seconds=0.1)
    assert looked(site)[1]["checks"]["database"] == "slow"
    released.set()


def test_a_cache_that_forgets_at_once_is_found(settings, monkeypatch):
    monkeypatch.setattr(LocMemCache, "set", lambda self, *args, **kwargs: None)
    assert module.ask_caches() == State.FAILED


def test_probes_without_end_cost_one_look(site, fresh, db, monkeypatch):
    asked = []
    monkeypatch.setattr(module, "KEPT_FOR", 60)
    fresh.questions = [
        *fresh.questions[1:],
        Question("database", lambda: asked.append(1) or State.OK, seconds=1),
    ]
    for _probe in range(50):
        site.get("/readyz")
    assert len(asked) == 1


def test_neither_answer_nor_log_says_where_the_database_is_or_its_password(site, fresh, db, monkeypatch, log):
    answering(monkeypatch, fresh, "database", LOST)
    told = site.get("/readyz").body.decode() + log.getvalue()
    assert "database is failed (OperationalError)" in told
    assert not any(secret in told for secret in ("10.1.2.3", "hidden", "ichei"))


def test_probes_leave_no_lines_in_the_log(site, db, log):
    for probe in ("/livez", "/readyz", "/metrics"):
        site.get(probe)
    assert log.requests == []
