"""Around everything, the page cache too: ids of requests, one line in the log for each, times, probes.

Probes and metrics are answered here, before Django: those who ask use the machine's address and not the
site's name, over plain HTTP, and want an answer from a closed site as well.
"""

import hmac
import json
import logging
import time
from collections.abc import Callable, Iterable

from django.conf import settings

from . import exchange as exchanges
from .exchange import Exchange
from .logs import ACCESS
from .metrics import Page, count_request
from .middleware import PAGE_TYPE_HEADER
from .readiness import Status, readiness

access = logging.getLogger(ACCESS)
logger = logging.getLogger(__name__)

NO_LANGUAGE = "none"
JSON = "application/json"


class Monitored:
    """A WSGI application around the site's."""

    def __init__(self, application, release: Callable[[], str] = lambda: ""):
        """`release` tells one release of the site from another."""
        self.application = application
        self.token = settings.METRICS_TOKEN.encode()
        self.probes = {"/livez": self.livez, "/readyz": self.readyz}
        if self.token:
            self.probes["/metrics"] = self.metrics
        self.metrics_page = Page(release)
        self.languages = {code for code, _name in settings.LANGUAGES}

    def __call__(self, environ, start_response) -> Iterable[bytes]:
        probe = self.probes.get(environ.get("PATH_INFO", ""))
        if probe is not None and environ["REQUEST_METHOD"] in {"GET", "HEAD"}:
            return probe(environ, start_response)
        exchange = Exchange(environ)
        exchanges.begin(exchange)
        began = time.perf_counter()
        try:
            answer = self.application(environ, noting(exchange, start_response))
        except Exception:
            # Django answers its own errors; this is one from around it. The server would log the address.
            logger.exception("Could not answer a request.")
            body = b"Internal Server Error"
            headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
            noting(exchange, start_response)("500 Internal Server Error", [*headers, NO_STORE])
            answer = [body]
        # A visitor's slow network is not the site's: what counts is when the answer stood.
        exchange.seconds = time.perf_counter() - began
        if type(answer) is list:
            exchange.bytes_sent = sum(map(len, answer))
            self.finish(exchange)
            return answer
        if isinstance(answer, environ.get("wsgi.file_wrapper", ())):
            return self.file(exchange, answer)
        return Sent(answer, exchange, self.finish)

    def file(self, exchange: Exchange, answer):
        """A file that the server sends by itself, as long as it is given as it came."""
        close = getattr(answer, "close", None)

        def close_and_finish():
            if close is not None:
                close()
            self.finish(exchange)

        answer.close = close_and_finish
        return answer

    def finish(self, exchange: Exchange) -> None:
        first = exchange.environ.get("PATH_INFO", "")[1:].partition("/")[0]
        language = first if first in self.languages else NO_LANGUAGE
        count_request(exchange, language)
        if access.isEnabledFor(logging.INFO):
            tell(exchange, language)
        exchanges.end()

    def livez(self, environ, start_response) -> list[bytes]:
        return say(environ, start_response, "200 OK", JSON, b'{"status": "alive"}')

    def readyz(self, environ, start_response) -> list[bytes]:
        report = readiness.report()
        strict = "strict" in environ.get("QUERY_STRING", "").split("&")
        good = {Status.READY} if strict else {Status.READY, Status.DEGRADED}
        status = "200 OK" if report.status in good else "503 Service Unavailable"
        body = json.dumps({"status": report.status, "checks": report.checks}).encode()
        return say(environ, start_response, status, JSON, body)

    def metrics(self, environ, start_response) -> list[bytes]:
        given = environ.get("HTTP_AUTHORIZATION", "").encode("latin-1", "replace")
        if not hmac.compare_digest(given, b"Bearer " + self.token):
            challenge = ("WWW-Authenticate", 'Bearer realm="metrics"')
            body = b"The metrics need the token.\n"
            return say(environ, start_response, "401 Unauthorized", "text/plain", body, challenge)
        page = self.metrics_page
        return say(environ, start_response, "200 OK", page.content_type, page.text())


NO_STORE = ("Cache-Control", "no-store")


def say(environ, start_response, status: str, content_type: str, body: bytes, *headers) -> list[bytes]:
    length = ("Content-Length", str(len(body)))
    start_response(status, [("Content-Type", content_type), length, NO_STORE, *headers])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def noting(exchange: Exchange, start_response):
    """A `start_response` that learns from the answer, and gives it the id of the request."""

    def start(status: str, headers: list[tuple[str, str]], exc_info=None):
        exchange.status = int(status[:3])
        may_be_kept = True
        for name, value in headers:
            lowered = name.lower()
            if lowered == "cache-control":
                may_be_kept = "no-store" not in value and "private" not in value
            elif lowered == "x-page-type":
                exchange.page_type_told = value
            elif lowered == "content-length" and exchange.method != "HEAD" and value.isdecimal():
                exchange.bytes_sent = int(value)
        headers = [header for header in headers if header[0] != PAGE_TYPE_HEADER]
        # Whatever lies in between may keep an answer and give it to others, who asked under other ids.
        if not may_be_kept:
            headers.append(("X-Request-ID", exchange.request_id))
        return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

    return start


class Sent:
    """The parts of an answer as they came; counted, and finished when the server closes it."""

    def __init__(self, answer: Iterable[bytes], exchange: Exchange, finish: Callable[[Exchange], None]):
        self.answer, self.exchange, self.on_close = answer, exchange, finish

    def __iter__(self):
        self.exchange.bytes_sent = 0
        for part in self.answer:
            self.exchange.bytes_sent += len(part)
            yield part

    def close(self) -> None:
        try:
            if hasattr(self.answer, "close"):
                self.answer.close()
        finally:
            self.on_close(self.exchange)


def tell(exchange: Exchange, language: str) -> None:
    path = exchange.path
    access.info(
        "%s %s %s",
        exchange.method,
        path,
        exchange.status,
        extra={
            "method": exchange.method,
            "path": path,
            "status": exchange.status,
            "milliseconds": round(exchange.seconds * 1000, 2),
            "page_type": exchange.page_type,
            "language": language,
            "bytes": exchange.bytes_sent,
        },
    )
