"""What Prometheus reads."""

import random
import string
import threading
import time
from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from contact.models import ContactMessage, ContactPage
from ichei_site import measures as own_measures
from monitoring import measures
from monitoring.metrics import MeasuredNow, count_cache
from monitoring.questions import Question
from tests.monitoring.conftest import TOKEN
from tests.paths import PAGE_PATHS


def requests(figures: dict[str, float]) -> dict[tuple[str, str, str], float]:
    """{(page type, language, status): count}."""
    name = "http_request_duration_seconds_count"
    return {
        tuple(part.split('"')[1] for part in sorted(figure.partition("{")[2].split(","))): value
        for figure, value in figures.items()
        if figure.startswith(name)
    }


def counted(site, url: str) -> dict[tuple[str, str, str], float]:
    """What one request adds, as {(language, page type, status): 1}."""
    before = requests(site.metrics())
    site.get(url)
    after = requests(site.metrics())
    return {key: value - before.get(key, 0) for key, value in after.items() if value != before.get(key, 0)}


def test_there_are_no_metrics_where_there_is_no_token(settings, fresh, db):
    from django.core.wsgi import get_wsgi_application

    from monitoring.front import Monitored
    from tests.monitoring.conftest import Site

    settings.METRICS_TOKEN = ""
    site = Site(Monitored(get_wsgi_application()))
    for authorization in ("", "Bearer ", "Bearer x"):
        assert site.get("/metrics", authorization=authorization).code == 404


@pytest.mark.parametrize("given", ["", TOKEN, "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer é"])
def test_metrics_are_for_whoever_has_the_token(site, db, given):
    answer = site.get("/metrics", authorization=given)
    assert answer.code == 401
    assert b"http_request" not in answer.body
    allowed = site.get("/metrics", authorization=f"Bearer {TOKEN}")
    assert (allowed.code, allowed.header("cache-control")) == (200, "no-store")


def test_a_page_counts_by_its_model_and_language(site, db, language):
    assert counted(site, f"/{language}/news/") == {(language, "news.newsindexpage", "2xx"): 1}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/en/search/", ("en", "search:results", "2xx")),
        ("/fr/nowhere/", ("fr", "none", "4xx")),
        ("/nowhere", ("none", "none", "4xx")),
        ("/admin/", ("none", "admin", "3xx")),
        ("/static/css/site.css", ("none", "static", "2xx")),
        ("/static/nothing.css", ("none", "static", "4xx")),
    ],
)
def test_what_is_no_page_counts_by_what_answers_it(site, db, url, expected):
    assert counted(site, url) == {expected: 1}


def test_made_up_addresses_make_no_new_figures(site, db):
    def kinds():
        return {key[1] for key in requests(site.metrics())}

    for path in ("nowhere/", "search/"):
        site.get(f"/en/{path}")
    site.get("/nowhere")
    before = kinds()
    chance = random.Random(1)
    for _address in range(30):
        word = "".join(chance.choices(string.ascii_lowercase, k=12))
        site.get(chance.choice([f"/{word}", f"/en/{word}/", f"/en/search/?q={word}", f"/{word}/news/"]))
    assert kinds() == before


def test_a_kept_page_counts_as_what_it_is(cached_site, db):
    def outcomes():
        figures = cached_site.metrics()
        names = ("hit", "miss", "bypass")
        return [figures[f'page_cache_requests_total{{outcome="{name}"}}'] for name in names]

    before = outcomes()
    first = counted(cached_site, "/fr/about/")
    second = counted(cached_site, "/fr/about/")
    counted(cached_site, "/nowhere")
    assert first == second == {("fr", "pages.aboutpage", "2xx"): 1}
    assert [new - old for new, old in zip(outcomes(), before, strict=True)] == [1, 1, 1]


def test_nobody_outside_hears_of_the_page_type(cached_site, site, db):
    for answer in (cached_site.get("/fr/about/"), cached_site.get("/fr/about/"), site.get("/nowhere")):
        assert not answer.header("x-page-type")


@pytest.mark.parametrize("path", PAGE_PATHS)
def test_each_page_of_the_site_has_a_model(site, db, path):
    (_language, kind, _status) = next(iter(counted(site, f"/en/{path}")))
    assert apps.get_model(kind)


def test_an_unknown_outcome_of_the_page_cache_is_a_mistake():
    with pytest.raises(KeyError):
        count_cache("perhaps")


def test_messages_of_visitors_that_wait_are_counted(db):
    before = own_measures.messages_waiting()
    page = ContactPage.objects.get()
    for delivery in (ContactMessage.Delivery.WAITING, ContactMessage.Delivery.SENT):
        ContactMessage.objects.create(page=page, form_data={}, language="en", delivery=delivery)
    assert own_measures.messages_waiting() - before == 1


def test_a_lost_database_leaves_the_other_figures(site, fresh, db, monkeypatch):
    def lost():
        raise OSError("gone")

    site.get("/en/")
    measured = site.application.metrics_page.measured
    measured.questions[-1] = Question(measured.measures[-1].name, lost, 1)
    figures = site.metrics()
    assert measured.measures[-1].name not in figures
    assert figures["site_measures_failed"] == 1
    assert figures['site_check_up{check="database"}'] == 1
    assert requests(figures)


def test_a_database_that_hangs_delays_a_scrape_no_longer_than_its_limit(site, db):
    released = threading.Event()
    measured = site.application.metrics_page.measured
    measured.questions[-1] = Question(measured.measures[-1].name, lambda: released.wait(10), 0.1)
    began = time.monotonic()
    assert site.metrics()["site_measures_failed"] == 1
    assert time.monotonic() - began < 5
    released.set()


def test_what_runs_is_named(site, db):
    assert any('release="a1b2c3"' in name for name in site.metrics() if name.startswith("site_build_info"))


def test_without_a_queue_in_the_database_its_length_is_no_figure(site, db, monkeypatch):
    monkeypatch.setattr(measures.apps, "is_installed", lambda name: False)
    of_the_queue = ("background_tasks_waiting", "background_task_oldest_seconds")
    assert not any(name.startswith(of_the_queue) for name in site.metrics())


def put(minutes_ago: int, run_after_minutes_ago: int | None = None):
    now = timezone.now()
    late = run_after_minutes_ago
    task = DBTaskResult.objects.create(
        task_path="tests.nothing",
        queue_name="default",
        backend_name="default",
        args_kwargs={"args": [], "kwargs": {}},
        run_after=get_date_max() if late is None else now - timedelta(minutes=late),
    )
    DBTaskResult.objects.filter(pk=task.pk).update(enqueued_at=now - timedelta(minutes=minutes_ago))


def test_the_queue_is_as_long_and_as_old_as_what_a_worker_could_begin_with(db):
    assert (measures.tasks_waiting(), measures.oldest_task_seconds()) == (0, 0)
    put(3)
    put(90, run_after_minutes_ago=5)
    put(60, run_after_minutes_ago=-30)
    assert measures.tasks_waiting() == 2
    assert measures.oldest_task_seconds() == pytest.approx(300, abs=10)


def test_each_measure_of_the_settings_is_found(settings):
    names = [measure.name for measure in MeasuredNow(lambda: "").measures]
    assert len(names) == len(set(names)) == 5
