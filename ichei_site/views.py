"""What no page answers: the choice of a language at "/", errors, and the guides in the admin."""

import sys
from http import HTTPStatus
from urllib.parse import urlencode

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_safe
from django.views.generic import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from library.stores import StoreUnavailable
from translations.languages import current_language, get_language, source_language
from translations.middleware import language_of

from . import error_pages, guides
from .wrong_addresses import pages_meant


@require_safe
def choose_language(request: HttpRequest) -> HttpResponse:
    """Sends a visitor of "/" on to the language that their browser asks for.

    Whoever doesn't follow redirects gets a page with all languages.
    """
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    address = error_pages.home_address(current_language()) + query
    response = stand_alone(HttpResponseRedirect(address, content=error_pages.choice_of_language(query)))
    # The middleware adds on what it varies. Not every cache heeds that, and then all would get one language.
    response.headers["Cache-Control"] = "private, no-store"
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith((settings.STATIC_URL, settings.MEDIA_URL)):
        # Nobody reads the answer to a missing picture.
        return HttpResponse(_("Page not found"), status=404, content_type="text/plain; charset=utf-8")
    return render(request, "404.html", {"meant": pages_meant(request), "has_own_search": True}, status=404)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"sign_in": sign_in_address(request)}, status=403)


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """For `CSRF_FAILURE_VIEW`: what somebody reads whose form came without its token."""
    with translation.override(language_of_reader(request)):
        return render(request, "403_csrf.html", {"address": request.get_full_path()}, status=403)


def sign_in_address(request: HttpRequest) -> str:
    return f"{reverse('wagtailcore_login')}?{urlencode({'next': request.get_full_path()})}"


def language_of_reader(request: HttpRequest) -> str:
    """The language that a member of staff has chosen for the admin, there; elsewhere that of the request."""
    user = getattr(request, "user", None)
    if request.path.startswith(reverse("wagtailadmin_home")) and user and user.is_authenticated:
        profile = getattr(user, "wagtail_userprofile", None)
        chosen = profile.preferred_language if profile else ""
        if chosen in dict(settings.LANGUAGES):
            return chosen
    return current_language().code


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(request, 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Touches nothing that may have failed: neither the database nor a template of the site."""
    # Django calls this while it handles the exception. What doesn't answer now will do so again.
    if isinstance(sys.exception(), OperationalError | InterfaceError | StoreUnavailable):
        return error_response(request, 503)
    return error_response(request, 500)


def error_response(request: HttpRequest, status: int) -> HttpResponse:
    # Not the active language: an exception may come from a middleware outside of the one that activates it.
    language = get_language(language_of(request))
    response = stand_alone(HttpResponse(error_pages.error_page(status, language), status=status))
    response.headers["Content-Language"] = language.tag
    response.headers["Cache-Control"] = "no-store"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(error_pages.RETRY_AFTER_SECONDS)
    return response


def stand_alone(response: HttpResponse) -> HttpResponse:
    """For a page that has its style in itself: a policy that allows it this style and nothing else."""
    response.headers["Content-Security-Policy"] = error_pages.content_security_policy()
    return response


class GuideView(WagtailAdminTemplateMixin, View):
    """One of the guides in docs/, for everybody who may enter the admin."""

    http_method_names = ["get", "head", "options"]
    template_name = "guides/guide.html"
    header_icon = "help"

    def get(self, request, name):
        if name not in guides.available():
            raise Http404
        return self.render_to_response(self.get_context_data(name=name))

    def get_page_title(self):
        return guides.TITLES[self.kwargs["name"]]

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, name, **kwargs):
        return super().get_context_data(
            guide=guides.read(name),
            guides=guides.available(),
            name=name,
            # They are written in one language, whatever that of the admin.
            language=source_language(),
            **kwargs,
        )


def guide_picture(request: HttpRequest, name: str) -> FileResponse:
    if name not in guides.pictures():
        raise Http404
    return FileResponse((guides.PICTURES / name).open("rb"), content_type="image/webp")
