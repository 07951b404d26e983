"""The page cache in front of the site, in this process."""

import sys
from dataclasses import dataclass
from io import BytesIO

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from caching import journal as journal_module
from caching.front import Answer, PageCache, ask
from caching.journal import Journal


@dataclass
class Visitor:
    """Asks the site as a browser does, through the page cache."""

    front: PageCache

    def get(self, url: str, method: str = "GET", host: str = "testserver", **headers: str) -> Answer:
        path, _mark, query = url.partition("?")
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "testserver",
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": host, "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(), "wsgi.errors": sys.stderr, "SCRIPT_NAME": "", "REMOTE_ADDR": "127.0.0.1",
        }  # fmt: skip
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        return ask(self.front, environ)

    def was_kept(self, url: str) -> bool:
        """Whether the page that a visitor gets was made before."""
        return "hit" in self.get(url).header("cache-status")


def new_front(settings, application=None) -> PageCache:
    """A page cache with a journal of its own, as another process has."""
    settings.PAGE_CACHE_MEGABYTES = 16
    front = PageCache(application or WSGIHandler(), release="test")
    front.journal = Journal()
    return front


@pytest.fixture(autouse=True)
def _one_connection():
    """A test has one connection, with a transaction that is open: as Django's own test client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def journal(monkeypatch):
    """A journal that asks the database at every request."""
    monkeypatch.setattr(journal_module, "INTERVAL", 0)
    journal_module.journal.reset(None)
    yield journal_module.journal
    journal_module.journal.reset(None)


@pytest.fixture
def front(db, settings, journal):
    cache = new_front(settings)
    cache.journal = journal
    return cache


@pytest.fixture
def visitor(front):
    return Visitor(front)


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """What is done in this block is committed at its end, as far as the site can tell."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
