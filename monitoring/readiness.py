"""Whether this process can serve visitors, and how well what it leans on is.

Kept pages are served without the database, so a lost one must not take every machine out of rotation at once:
then nobody would get the pages that all of them still have. See docs/decisions/0013-monitoring.md.
"""

import logging
import os
import secrets
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from .questions import Question, answers

logger = logging.getLogger(__name__)

# For how many seconds an answer counts: whoever asks without end costs one look in that time.
KEPT_FOR = 2.0
# A file that all processes of one gunicorn know by this name; a worker that takes the place of another during
# an outage must not begin as if the site had never been up.
MARK = "READY_MARK"


class State(StrEnum):
    """What became of a check."""

    OK = "ok"
    FAILED = "failed"
    SLOW = "slow"
    PENDING = "pending"


class Status(StrEnum):
    READY = "ready"
    # Something is missing; kept pages and whatever doesn't need it are served all the same.
    DEGRADED = "degraded"
    # Nothing to serve yet: just started without a database, or the database lacks migrations.
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class Report:
    status: Status
    checks: dict[str, State]


def ask_database() -> State:
    for alias in connections:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    return State.OK


def ask_caches() -> State:
    # A key for each process: they would read each other's value.
    key, value = f"monitoring.readiness.{socket.gethostname()}.{os.getpid()}", secrets.token_hex(8)
    for alias in settings.CACHES:
        caches[alias].set(key, value, 60)
        if caches[alias].get(key) != value:
            return State.FAILED
    return State.OK


def ask_storage() -> State:
    """Whether uploads can be read and, on a disk, written."""
    # A bucket that isn't there has no file of any name either, but can't be listed.
    with suppress(FileNotFoundError):
        default_storage.listdir("readiness")
    location = getattr(default_storage, "location", None)
    if location and Path(location).is_absolute():
        # It is made at the first upload.
        folder = next(place for place in (Path(location), *Path(location).parents) if place.exists())
        return State.OK if os.access(folder, os.W_OK) else State.FAILED
    return State.OK


def has_pending_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


class Migrations:
    """Looks for pending ones until there are none; a new release is a new process."""

    def __init__(self):
        self.are_done = False

    def ask(self) -> State:
        if not self.are_done:
            self.are_done = not has_pending_migrations()
        return State.OK if self.are_done else State.PENDING


class Readiness:
    def __init__(self):
        self.questions = [
            Question("database", ask_database, 2.0),
            Question("cache", ask_caches, 1.0),
            Question("storage", ask_storage, 2.0),
            Question("migrations", Migrations().ask, 3.0),
        ]
        self._was_ready = False
        self._lock = threading.Lock()
        self._report: Report | None = None
        self._looked = 0.0

    def report(self) -> Report:
        """How it is, or was two seconds ago at most."""
        with self._lock:
            if self._report is None or time.monotonic() - self._looked >= KEPT_FOR:
                self._report = self._look(self._report)
                self._looked = time.monotonic()
            return self._report

    def _look(self, last: Report | None) -> Report:
        found = answers(self.questions)
        checks = {name: state_of(answer) for name, answer in found.items()}
        if checks["database"] == checks["migrations"] == State.OK:
            self.was_ready = True
        if checks["migrations"] == State.PENDING or not self.was_ready:
            status = Status.UNAVAILABLE
        else:
            status = Status.READY if set(checks.values()) == {State.OK} else Status.DEGRADED
        for name, state in checks.items():
            if state != (State.OK if last is None else last.checks[name]):
                error = found[name] if isinstance(found[name], Exception) else None
                reason = f" ({type(error).__name__})" if error is not None else ""
                logger.warning("Readiness: %s is %s%s.", name, state, reason)
        return Report(status, checks)

    @property
    def was_ready(self) -> bool:
        """Whether this process, or another of the same gunicorn, has ever been."""
        if not self._was_ready and (mark := os.environ.get(MARK)):
            self._was_ready = Path(mark).exists()
        return self._was_ready

    @was_ready.setter
    def was_ready(self, value: bool) -> None:
        self._was_ready = value
        if value and (mark := os.environ.get(MARK)):
            Path(mark).touch()


def state_of(answer: object) -> State:
    if isinstance(answer, TimeoutError):
        return State.SLOW
    return State.FAILED if isinstance(answer, Exception) else answer


readiness = Readiness()
