"""Stands in front of Django and answers with finished pages: no query, no template, no middleware.

Only complete answers to anonymous GET and HEAD requests are kept, by host, path and the few parameters of
lists. The language is part of the path. Each answer knows what it shows (`tags`), and the journal says what
has changed, so a kept page is right or it is not shown.
"""

import re
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, InterfaceError
from django.http.request import split_domain_port, validate_host

from . import encodings, outer, tags
from .journal import Journal, journal
from .store import Entry, Memory, Shared

# Parameters that a list understands; all others, but for those that only trackers read, go to Django.
OF_LISTS = frozenset({"page", "year", "category", "theme", "order", "p"})
# What others add to links that are shared; no page of ours depends on it.
OF_TRACKERS = re.compile(
    "utm_.*|gclid|dclid|gbraid|wbraid|fbclid|msclkid|yclid|twclid|ttclid|igshid|igsh|mc_[ce]id|_openstat"
    "|spm|isappinstalled|from|scene|clicktime|enterid|weixin.*|nsukey"
)
LONGEST_QUERY = 300
PATH = re.compile(r"/[a-z][a-z0-9-]*/[A-Za-z0-9/_.-]*")

# How many pages a process makes at a time.
RENDERS = 1
# How long a request waits, in seconds, for another that makes the same page.
PATIENCE = 10.0


class Outcome(StrEnum):
    """What became of a request, as `Cache-Status` (RFC 9211) and the metrics say it."""

    HIT = "hit"
    MISS = "miss"
    STALE = "stale"
    BYPASS = "bypass"


@dataclass(frozen=True)
class Answer:
    status: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def code(self) -> int:
        return int(self.status.split(" ", 1)[0])

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")

    def is_for_everybody(self) -> bool:
        """Whether nothing in the answer itself says that it is for this visitor or this moment alone."""
        control = self.header("cache-control").lower()
        varies = {part.strip().lower() for part in self.header("vary").split(",") if part.strip()}
        return (
            self.code == HTTPStatus.OK
            and not self.header("set-cookie")
            and not any(word in control for word in ("no-store", "private", "no-cache"))
            and varies <= {"accept-encoding"}
        )


class PageCache:
    """A WSGI application around Django's."""

    def __init__(self, application, count: Callable[[str], None] = lambda outcome: None, release: str = ""):
        """`count` hears of the `Outcome` of each request; pages of another `release` are never shown."""
        self.application = application
        self.count = count
        self.release = release
        self.journal: Journal = journal
        self.journal.is_followed = True
        self.keeps_pages = settings.PAGE_CACHE_MEGABYTES > 0
        # Apart, so that made-up addresses of lists can't push out the pages that people read.
        self.memory = Memory(settings.PAGE_CACHE_MEGABYTES * 3 // 4)
        self.lists = Memory(settings.PAGE_CACHE_MEGABYTES // 4)
        self.shared = Shared(caches[settings.PAGE_CACHE_SHARED]) if settings.PAGE_CACHE_SHARED else None
        self._turns: dict[str, threading.Event] = {}
        self._lock = threading.Lock()
        # Threads that make pages at the same moment take turns anyhow, and lose time with it.
        self._render = threading.Semaphore(RENDERS)
        self._languages = tuple(f"/{code}/" for code, _name in settings.LANGUAGES)
        self._session = f"{settings.SESSION_COOKIE_NAME}="

    def __call__(self, environ, start_response) -> Iterable[bytes]:
        self.journal.look()
        asked = self.understood(environ)
        if asked is None:
            self.count(Outcome.BYPASS)
            return self.application(environ, start_response)
        key, query = asked
        entry, outcome = self.kept(key), Outcome.HIT
        if entry is None or not self.is_current(entry):
            old = entry if entry is not None and self.may_be_shown_old(entry) else None
            entry, outcome, answer = self.renewed(key, query, environ, old)
            if entry is None:
                self.count(outcome)
                return respond(answer, environ, start_response)
        self.count(outcome)
        return self.respond(entry, outcome, environ, start_response)

    def understood(self, environ) -> tuple[str, str] | None:
        """(key, query without what no page depends on), or None for what isn't kept."""
        path = environ.get("PATH_INFO", "")
        if (
            environ["REQUEST_METHOD"] not in {"GET", "HEAD"}
            or not path.startswith(self._languages)
            or PATH.fullmatch(path) is None
            or "HTTP_AUTHORIZATION" in environ
            or self._session in environ.get("HTTP_COOKIE", "")
        ):
            return None
        query = understood_query(environ.get("QUERY_STRING", ""))
        host = environ.get("HTTP_HOST", "")
        if query is None or not is_allowed(host):
            return None
        return f"{self.release}:{scheme(environ)}://{host}{path}?{query}", query

    def kept(self, key: str) -> Entry | None:
        """What this process has of a page, else what all machines have; it may be old."""
        memory = self.memory_for(key)
        entry = memory.get(key)
        if self.shared is not None and (entry is None or not self.is_current(entry)):
            found = self.shared.get(key)
            if found is not None and (entry is None or self.is_current(found)):
                entry = found
                memory.put(key, entry)
        return entry

    def memory_for(self, key: str) -> Memory:
        return self.memory if key.endswith("?") else self.lists

    def is_current(self, entry: Entry) -> bool:
        return (
            entry.epoch == self.journal.epoch
            and not self.journal.has_changed(entry.tags, entry.position)
            and not entry.has_ended(time.time())
        )

    def may_be_shown_old(self, entry: Entry) -> bool:
        """Whether an old copy may stand in for a while: not if anything in it was taken from visitors."""
        if entry.epoch != self.journal.epoch:
            return False
        return not self.journal.has_withdrawn(entry.tags, entry.position)

    def has_old(self, key: str) -> bool:
        old = self.memory_for(key).get(key)
        return old is not None and self.may_be_shown_old(old)

    def renewed(self, key: str, query: str, environ, old: Entry | None):
        """(entry or None, outcome, answer where there is no entry), with one render at a time for a page."""
        if old is not None and self.journal.is_cut_off:
            return old, Outcome.STALE, None
        with self.turn(key) as is_mine:
            if not is_mine and old is not None:
                return old, Outcome.STALE, None
            # Whoever waited finds what was made meanwhile.
            if not is_mine and (entry := self.kept(key)) is not None and self.is_current(entry):
                return entry, Outcome.HIT, None
            entry, answer = self.made(key, query, environ)
        if entry is not None:
            return entry, Outcome.MISS, None
        if answer.code >= HTTPStatus.INTERNAL_SERVER_ERROR and old is not None:
            self.journal.look()
            if self.may_be_shown_old(old) and answer.header("retry-after") != "":
                return old, Outcome.STALE, None
        return None, Outcome.MISS, answer

    @contextmanager
    def turn(self, key: str):
        """Yields True to the one that is to make a page; to others, when that is done or takes too long."""
        with self._lock:
            done = self._turns.get(key)
            if is_mine := done is None:
                self._turns[key] = threading.Event()
        if not is_mine:
            # Nobody waits who has an old copy to show.
            if not self.has_old(key):
                done.wait(PATIENCE)
            yield False
            return
        try:
            yield self._turn_among_machines(key)
        finally:
            with self._lock:
                self._turns.pop(key).set()
            if self.shared is not None:
                self.shared.end_turn(key)

    def _turn_among_machines(self, key: str) -> bool:
        if self.shared is None or self.shared.take_turn(key):
            return True
        if self.has_old(key):
            return False
        ends = time.monotonic() + PATIENCE / 4
        while time.monotonic() < ends:
            time.sleep(0.03)
            found = self.shared.get(key)
            if found is not None and self.is_current(found):
                return False
        return True

    def made(self, key: str, query: str, environ) -> tuple[Entry | None, Answer]:
        """Lets Django make a page, and keeps it if it is one to keep."""
        position, epoch = self.journal.position, self.journal.epoch
        with self._render, tags.collecting() as collected:
            answer = ask(self.application, plain(environ, query))
        if collected.is_makeshift or not (collected.may_be_kept and answer.is_for_everybody()):
            return None, answer
        left_out = {"content-length", "content-encoding", "etag", "vary", "connection"}
        headers = [(name, value) for name, value in answer.headers if name.lower() not in left_out]
        if not answer.header("cache-control"):
            headers.append(("Cache-Control", cache_control()))
        entry = Entry(
            headers=headers,
            body=answer.body,
            tags=frozenset(collected.tags),
            epoch=epoch,
            position=position,
            until=collected.until.timestamp() if collected.until else None,
        )
        if epoch is not None and outer.is_in_use():
            # While the database is away, nobody outside keeps what could not be noted.
            with suppress(DatabaseError, InterfaceError):
                outer.note(address(environ, query), entry.tags)
        if epoch is not None and self.keeps_pages:
            self.memory_for(key).put(key, entry)
            if self.shared is not None:
                # The coding of most visitors, once for all machines.
                entry.in_coding("br")
                self.shared.put(key, entry)
        return entry, answer

    def respond(self, entry: Entry, outcome: Outcome, environ, start_response) -> Iterable[bytes]:
        body, coding = entry.in_coding(encodings.best_of(environ.get("HTTP_ACCEPT_ENCODING", "")))
        etag = entry.etag(coding)
        headers = [
            *entry.headers,
            ("ETag", etag),
            ("Vary", "Accept-Encoding"),
            ("Cache-Status", CACHE_STATUS[outcome]),
        ]
        if matches(environ.get("HTTP_IF_NONE_MATCH", ""), etag):
            without = {"content-type", "content-language"}
            start_response("304 Not Modified", [item for item in headers if item[0].lower() not in without])
            return []
        if coding != encodings.IDENTITY:
            headers.append(("Content-Encoding", coding))
        headers.append(("Content-Length", str(len(body))))
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


CACHE_STATUS = {
    Outcome.HIT: "page-cache; hit",
    Outcome.MISS: "page-cache; fwd=miss; stored",
    Outcome.STALE: "page-cache; hit; ttl=-1",
}


def cache_control() -> str:
    """What browsers and caches in between do with a page: ask each time whether it still is what they have.

    Caches that are told of changes may keep it for longer; see `outer`. None may show what is past that while
    the site answers with an error: that is how a closed site answers (RFC 9111, 5.2.2.10).
    """
    seconds = settings.OUTER_CACHE_SECONDS if outer.is_in_use() else 1
    return f"public, max-age=0, s-maxage={seconds}"


def address(environ, query: str) -> str:
    """The whole address under which a visitor asked."""
    path = f"{scheme(environ)}://{environ.get('HTTP_HOST', '')}{environ['PATH_INFO']}"
    return f"{path}?{query}" if query else path


@lru_cache(256)
def is_allowed(host: str) -> bool:
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


@lru_cache(1024)
def understood_query(query: str) -> str | None:
    """The parameters of lists in a fixed order, without those of trackers; None for what isn't understood."""
    if not query:
        return ""
    if len(query) > LONGEST_QUERY:
        return None
    try:
        given = parse_qsl(query, keep_blank_values=True, strict_parsing=True, max_num_fields=20)
    except ValueError:
        return None
    given = [(name, value) for name, value in given if OF_TRACKERS.fullmatch(name) is None]
    names = [name for name, _value in given]
    if not OF_LISTS.issuperset(names) or len(names) > len(set(names)):
        return None
    return urlencode(sorted(given))


def scheme(environ) -> str:
    if settings.SECURE_PROXY_SSL_HEADER:
        header, secure = settings.SECURE_PROXY_SSL_HEADER
        if header in environ:
            return "https" if environ[header].split(",")[0].strip() == secure else "http"
    return environ.get("wsgi.url_scheme", "http")


def plain(environ, query: str) -> dict:
    """The request as Django is to answer it: in full, once for all encodings."""
    asked = dict(environ)
    asked["REQUEST_METHOD"] = "GET"
    asked["QUERY_STRING"] = query
    for name in list(asked):
        if name in {"HTTP_ACCEPT_ENCODING", "HTTP_COOKIE", "HTTP_RANGE"} or name.startswith("HTTP_IF_"):
            del asked[name]
    return asked


def ask(application, environ) -> Answer:
    """The whole answer of a WSGI application."""
    said = {}

    def start_response(status, headers, exc_info=None):
        said.update(status=status, headers=list(headers))
        return lambda data: None

    parts = application(environ, start_response)
    try:
        body = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    return Answer(said["status"], said["headers"], body)


def respond(answer: Answer, environ, start_response) -> Iterable[bytes]:
    """Passes on what isn't kept, in the encoding that the visitor likes."""
    headers, body = answer.headers, answer.body
    coding = encodings.best_of(environ.get("HTTP_ACCEPT_ENCODING", ""))
    varies = {part.strip().lower() for part in answer.header("vary").split(",")}
    # As in `PublicCompressionMiddleware`: never what depends on a cookie.
    if (
        coding != encodings.IDENTITY
        and len(body) >= encodings.SHORTEST
        and encodings.is_text(answer.header("content-type"))
        and not answer.header("set-cookie")
        and not answer.header("content-encoding")
        and "cookie" not in varies
    ):
        body = encodings.encoded(body, coding)
        headers = [item for item in headers if item[0].lower() != "content-length"]
        headers = [*headers, ("Content-Encoding", coding), ("Content-Length", str(len(body)))]
    start_response(answer.status, headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def matches(header: str, etag: str) -> bool:
    """Whether an If-None-Match header names an entity (weak comparison: RFC 9110, 13.1.2)."""
    return header.strip() == "*" or any(
        part.strip().removeprefix("W/") == etag for part in header.split(",") if part.strip()
    )
