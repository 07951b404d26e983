"""Closes the site to visitors while its holding page says so."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control

from pages.surroundings import surroundings
from translations.languages import all_languages
from translations.middleware import language_in_path

# Files for programs, and what tells a machine whether the site is up.
OPEN_ADDRESSES = ("/robots.txt", "/favicon.ico", "/.well-known/", "/health")


class HoldingPageMiddleware:
    """Answers every public address with 503 and the holding page, but not people who work on the site.

    Whether somebody is signed in is only asked where a browser sends a session, so that the pages of visitors
    vary on nothing.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.always_open = (
            reverse("wagtailadmin_home"),
            settings.STATIC_URL,
            settings.MEDIA_URL,
            *OPEN_ADDRESSES,
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A preview is made from within the admin.
        is_open = request.path_info.startswith(self.always_open) or getattr(request, "is_dummy", False)
        if is_open or not surroundings(request).is_closed:
            return self.get_response(request)
        if not is_staff(request):
            return closed(request)
        response = self.get_response(request)
        # What staff see must not be kept for anybody else.
        patch_cache_control(response, private=True, no_store=True)
        return response


def is_staff(request: HttpRequest) -> bool:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    return request.user.has_perm("wagtailadmin.access_admin")


def closed(request: HttpRequest) -> HttpResponse:
    """The holding page in the language of the request."""
    site = surroundings(request)
    in_path = language_in_path(request.path_info)
    rest = request.path_info.removeprefix(f"/{in_path}") if in_path else "/"
    links = [(language, f"/{language.code}{rest}") for language in all_languages()]
    context = {"site": site, "links": links, "title": site.holding.localize("title")}
    response = render(request, "holding.html", context, status=503)
    response.headers["Retry-After"] = str(site.holding.retry_after)
    response.headers["Cache-Control"] = "no-store"
    return response
