from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from library.stores import StoreIsFull, StoreUnavailable

from .views import language_of_reader


class StoreMiddleware:
    """Tells members of staff in their own words when a file could not be stored or read.

    Visitors get the error page of `views.server_error`.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, StoreUnavailable):
            return None
        if not request.path.startswith(reverse("wagtailadmin_home")):
            return None
        with translation.override(language_of_reader(request)):
            sentence = explanation(exception)
            if request.headers.get("X-Requested-With") == "XMLHttpRequest":
                # What the screen for several files at once shows beside each of them.
                return JsonResponse({"success": False, "error_message": sentence})
            response = render(
                request,
                "errors/store.html",
                {"page_title": _("A file could not be stored"), "sentence": sentence},
            )
        response.status_code = 503
        response.headers["Cache-Control"] = "no-store"
        return response


def explanation(exception: StoreUnavailable) -> str:
    if isinstance(exception, StoreIsFull):
        return _("There is no room left for this file, so it could not be stored. Nothing has been changed.")
    return _("The place where files are kept does not answer at the moment. Nothing has been changed.")
