"""Notes what kind of page is answered, where only Django knows."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from . import exchange

# For `Monitored` alone, which takes it off again. The page cache keeps it with the answer, so that a kept
# page counts as what it is.
PAGE_TYPE_HEADER = "X-Page-Type"


class PageTypeMiddleware:
    """Outermost of all, so that it sees every answer, those to errors too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = exchange.current()
        if asked is None:
            return self.get_response(request)
        asked.request = request
        response = self.get_response(request)
        response.headers[PAGE_TYPE_HEADER] = asked.page_type
        return response
