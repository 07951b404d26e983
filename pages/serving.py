"""The view of all pages."""

from django.views.decorators.csrf import csrf_exempt, csrf_protect
from wagtail.views import serve as serve_page

from caching import tags

from .models import BasePage

protected = csrf_protect(serve_page)


@csrf_exempt
def serve(request, path):
    """Wagtail's view of a page, under Django's protection against forgery; a page type may bring its own."""
    if request.method == "GET":
        tags.may_be_kept()
    found = BasePage.route_for_request(request, path)
    if found is not None and found[0].guards_itself_against_forgery:
        return serve_page(request, path)
    return protected(request, path)
