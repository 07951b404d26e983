"""The request that this thread is answering, for whatever wants to say so in a line of the log."""

import re
import secrets
from contextvars import ContextVar
from functools import cache
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

# What a proxy may give: a token without room for an address, a name or a second line.
SANE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._~-]*")
# Arguments of addresses that open something to whoever has them.
SECRET_ARGUMENTS = ("token", "uidb64")
NO_PAGE_TYPE = "none"


class Exchange:
    """A request and what is known of its answer so far."""

    __slots__ = (
        *("bytes_sent", "environ", "has_input", "method", "page_type_told", "request", "request_id"),
        *("seconds", "status"),
    )

    def __init__(self, environ: dict):
        self.environ = environ
        self.method: str = environ.get("REQUEST_METHOD", "")
        # Whether the visitor sent words of their own, which an error may then quote.
        self.has_input = bool(environ.get("QUERY_STRING")) or self.method not in {"GET", "HEAD", "OPTIONS"}
        self.request_id = request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        # Django's own, once it has come that far.
        self.request: HttpRequest | None = None
        # What a kept answer says; the one who made it has set it then.
        self.page_type_told = ""
        self.status = 0
        self.seconds = 0.0
        self.bytes_sent = 0

    @property
    def page_type(self) -> str:
        """The Wagtail model of the page, else the name of the view; of a bounded set, "none" for neither."""
        if self.page_type_told:
            return self.page_type_told
        return page_type_of(self.request) if self.request is not None else NO_PAGE_TYPE

    @property
    def path(self) -> str:
        """The path as a log may hold it: on one line, without its query, without tokens."""
        path = self.environ.get("PATH_INFO", "")
        match = getattr(self.request, "resolver_match", None)
        if match is not None:
            for name in SECRET_ARGUMENTS:
                if secret := match.kwargs.get(name):
                    path = path.replace(str(secret), "-")
        if PLAIN_PATH.fullmatch(path):
            return path
        # WSGI gives the bytes of the address as Latin-1 (PEP 3333).
        return quote(path.encode("latin-1", "replace"), safe="/@:~")


def request_id(given: str) -> str:
    return given if SANE_ID.fullmatch(given) else secrets.token_hex(8)


def page_type_of(request: HttpRequest) -> str:
    # Where Wagtail's routing leaves the page that it found.
    if route := getattr(request, "_wagtail_route_for_request", None):
        return route[0]._meta.label_lower
    for start, name in areas().items():
        if request.path_info.startswith(start):
            return name
    match = getattr(request, "resolver_match", None)
    return match.view_name if match is not None and match.url_name != "wagtail_serve" else NO_PAGE_TYPE


@cache
def areas() -> dict[str, str]:
    """{start of a path: name}, of what counts as one thing: files, and the many views of the admin."""
    return {settings.STATIC_URL: "static", settings.MEDIA_URL: "media", reverse("wagtailadmin_home"): "admin"}


_current: ContextVar[Exchange | None] = ContextVar("exchange", default=None)


def current() -> Exchange | None:
    """What this thread is answering; None in commands and background work."""
    return _current.get()


def begin(exchange: Exchange) -> None:
    _current.set(exchange)


def end() -> None:
    _current.set(None)
