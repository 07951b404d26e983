from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils._os import safe_join
from django.utils.cache import patch_vary_headers
from django.views.static import serve

from .pictures import lighter


def serve_picture(request: HttpRequest, path: str) -> HttpResponse:
    """A picture from the media folder; its smallest version for a reader who saves data.

    The address negotiates, so that pages are the same for everybody (docs/decisions/0011-low-data.md).
    """
    saves = request.headers.get("Save-Data", "").partition(";")[0].strip().lower() == "on"
    if saves and Path(safe_join(settings.MEDIA_ROOT, light := lighter(path))).is_file():
        path = light
    response = serve(request, path, document_root=settings.MEDIA_ROOT)
    patch_vary_headers(response, ["Save-Data"])
    return response
