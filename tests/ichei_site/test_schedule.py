"""Pages and milestones come and go at their times, in each language, without anybody's doing."""

import logging
import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.utils import timezone, translation

from ichei_site import schedule
from ichei_site.schedule import Schedule, is_between, seconds_to_next_minute
from ichei_site.settings.base import hour_of_day
from milestones.models import Milestone
from pages.models import BasePage

ROOT = Path(__file__).resolve().parent.parent.parent
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2031, 5, 20, 12, tzinfo=SHANGHAI)
TIMELINE = "about/milestones/"


@pytest.fixture
def at(monkeypatch):
    """Sets the clock."""

    def set_clock(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_clock


def run():
    call_command("run_schedule", "--once")


def schedule_record(record, **times):
    """As the form does it: the draft holds its times, and its revision is approved for them."""
    with translation.override("en"):
        for name, moment in times.items():
            setattr(record, name, moment)
        record.save_revision().publish()


def test_a_page_goes_live_at_its_time_in_each_language(client, page, at, language):
    address = f"/{language}/terms/"
    page("terms/").unpublish()
    schedule_record(page("terms/"), go_live_at=NOON)
    at(NOON - timedelta(seconds=1))
    run()
    assert client.get(address).status_code == 404
    at(NOON + timedelta(seconds=1))
    run()
    assert client.get(address).status_code == 200


def test_a_page_expires_at_its_time_in_each_language(client, page, at, language):
    address = f"/{language}/terms/"
    schedule_record(page("terms/"), expire_at=NOON)
    at(NOON - timedelta(seconds=1))
    run()
    assert client.get(address).status_code == 200
    at(NOON + timedelta(seconds=1))
    run()
    assert client.get(address).status_code == 404
    terms = page("terms/")
    assert (terms.live, terms.expired) == (False, True)


def timeline(client, language):
    return client.get(f"/{language}/{TIMELINE}").content.decode()


def test_a_milestone_goes_live_and_expires_at_its_times_in_each_language(client, at, db, language):
    milestone = Milestone.objects.live().newest_first()[0]
    words = getattr(milestone, f"text_{language.replace('-', '_')}")
    assert words in timeline(client, language)
    milestone.unpublish()
    schedule_record(milestone, go_live_at=NOON, expire_at=NOON + timedelta(days=1))
    for moment, expected in (
        (NOON - timedelta(seconds=1), False),
        (NOON + timedelta(seconds=1), True),
        (NOON + timedelta(days=1, seconds=1), False),
    ):
        at(moment)
        run()
        assert (words in timeline(client, language)) is expected


def test_a_scheduled_change_leaves_the_page_as_it_is_until_then(page, at):
    terms, title = page("terms/"), page("terms/").title_en
    with translation.override("en"):
        draft = terms.get_latest_revision_as_object()
        draft.title_en = "New terms"
    schedule_record(draft, go_live_at=NOON)
    run()
    assert page("terms/").title_en == title
    at(NOON + timedelta(minutes=1))
    run()
    assert page("terms/").title_en == "New terms"


def test_it_says_in_one_line_what_happened_and_nothing_where_nothing_did(page, at, caplog):
    caplog.set_level(logging.INFO, logger="ichei_site.schedule")
    run()
    assert not caplog.messages
    schedule_record(page("terms/"), expire_at=NOON)
    at(NOON + timedelta(minutes=1))
    run()
    assert caplog.messages == [f"Expired: {page('terms/').title_en}."]


def test_a_record_that_fails_is_logged_and_keeps_no_other_from_its_time(page, at, caplog):
    broken, sound = page("terms/"), page("privacy/")
    for moment, record in ((NOON, broken), (NOON + timedelta(seconds=1), sound)):
        record.unpublish()
        schedule_record(record, go_live_at=moment)
    revision = broken.get_latest_revision()
    revision.content["title"] = revision.content["title_en"] = ""
    revision.save()
    at(NOON + timedelta(minutes=1))
    run()
    assert f"Could not publish revision {revision.pk}." in caplog.messages
    assert BasePage.objects.get(pk=sound.pk).live
    assert not BasePage.objects.get(pk=broken.pk).live


@pytest.mark.parametrize(
    ("last", "now", "expected"),
    [
        ("2031-05-20 06:59:30", "2031-05-20 07:00:00", True),
        ("2031-05-20 07:00:00", "2031-05-20 07:01:00", False),
        ("2031-05-20 06:58:00", "2031-05-20 06:59:00", False),
        # The machine slept.
        ("2031-05-19 12:00:00", "2031-05-20 12:00:00", True),
        ("2031-05-19 12:00:00", "2031-05-20 06:00:00", False),
        # Over midnight, before the hour has come.
        ("2031-05-19 23:59:30", "2031-05-20 00:00:00", False),
    ],
)
def test_the_digest_has_one_time_a_day(last, now, expected):
    moments = [datetime.fromisoformat(text).replace(tzinfo=SHANGHAI) for text in (last, now)]
    assert is_between(moments[0], 7, moments[1]) is expected


def test_the_digest_is_sent_at_its_hour_and_once(at, monkeypatch, settings, db):
    settings.DIGEST_HOUR = 13
    sent = []
    monkeypatch.setattr(schedule, "get_commands", lambda: {schedule.DIGEST: "translations"})
    monkeypatch.setattr(schedule, "call_command", sent.append)
    at(NOON)
    daily = Schedule()
    for minutes in range(0, 24 * 60, 30):
        at(NOON + timedelta(minutes=minutes, seconds=1))
        daily.run_once()
    assert sent == [schedule.DIGEST]


def test_a_digest_that_fails_is_logged_and_comes_again_tomorrow(at, monkeypatch, caplog, db):
    def fail(name):
        raise ConnectionError("No mail server")

    monkeypatch.setattr(schedule, "get_commands", lambda: {schedule.DIGEST: "translations"})
    monkeypatch.setattr(schedule, "call_command", fail)
    at(NOON)
    daily = Schedule()
    at(NOON + timedelta(days=1))
    daily.run_once()
    assert "Could not send the daily digest" in caplog.text
    assert daily.done_until == NOON + timedelta(days=1)


def test_runs_begin_with_the_minute():
    assert seconds_to_next_minute(NOON) == 60
    assert seconds_to_next_minute(NOON + timedelta(seconds=59, milliseconds=500)) == 0.5


@pytest.mark.parametrize("text", ["24", "-1", "seven", "7.5"])
def test_an_hour_that_is_none_is_refused_with_one_sentence(text):
    with pytest.raises(ImproperlyConfigured, match="DIGEST_HOUR is no hour"):
        hour_of_day(text)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_when_it_is_told_to(tmp_path, number):
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "ichei_site.settings.test",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}",
    }
    process = subprocess.Popen(
        [sys.executable, "-u", "manage.py", "run_schedule"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    # The database has no tables, so the first run says that it failed: by then it is at work, and it goes on.
    assert "Could not" in process.stderr.readline()
    process.send_signal(number)
    assert process.wait(timeout=10) == 0
