"""The site as gunicorn asks it, with what it says in its log."""

import json
import logging
import sys
from dataclasses import dataclass
from io import BytesIO, StringIO

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from caching.front import Answer, PageCache, ask
from caching.journal import Journal
from monitoring import front as monitoring_front
from monitoring import metrics, readiness
from monitoring.front import Monitored
from monitoring.logs import ACCESS, JsonLines

TOKEN = "a token for tests, long enough"


@dataclass
class Site:
    application: Monitored

    def get(self, url: str, method: str = "GET", body: bytes = b"", **headers: str) -> Answer:
        path, _mark, query = url.partition("?")
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path.encode().decode("latin-1"), "QUERY_STRING": query,
            "SERVER_NAME": "testserver", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "testserver", "wsgi.url_scheme": "http", "wsgi.input": BytesIO(body),
            "wsgi.errors": sys.stderr, "SCRIPT_NAME": "", "REMOTE_ADDR": "203.0.113.7",
            "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/x-www-form-urlencoded",
        }  # fmt: skip
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        return ask(self.application, environ)

    def metrics(self) -> dict[str, float]:
        """{name with labels, as Prometheus writes it: value}."""
        text = self.get("/metrics", authorization=f"Bearer {TOKEN}").body.decode()
        lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
        return {name: float(value) for name, _space, value in lines}


class Log(StringIO):
    """What was said, in the format of production."""

    @property
    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.getvalue().splitlines()]

    @property
    def requests(self) -> list[dict]:
        return [line for line in self.lines if line["logger"] == ACCESS]


@pytest.fixture(autouse=True)
def _one_transaction():
    """A request leaves the connection of the test open, as with Django's own client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def fresh(monkeypatch):
    """A process that has just started."""
    started = readiness.Readiness()
    for module in (readiness, monitoring_front, metrics):
        monkeypatch.setattr(module, "readiness", started)
    return started


@pytest.fixture
def site(settings, fresh):
    settings.METRICS_TOKEN = TOKEN
    return Site(Monitored(get_wsgi_application(), release=lambda: "a1b2c3"))


@pytest.fixture
def cached_site(settings, fresh):
    """With the page cache, as in production."""
    settings.METRICS_TOKEN = TOKEN
    settings.PAGE_CACHE_MEGABYTES = 16
    kept = PageCache(get_wsgi_application(), count=metrics.count_cache, release="test")
    kept.journal = Journal()
    return Site(Monitored(kept))


@pytest.fixture
def log():
    said = Log()
    handler = logging.StreamHandler(said)
    handler.setFormatter(JsonLines())
    root, access = logging.getLogger(), logging.getLogger(ACCESS)
    level = access.level
    root.addHandler(handler)
    access.setLevel(logging.INFO)
    yield said
    access.setLevel(level)
    root.removeHandler(handler)
