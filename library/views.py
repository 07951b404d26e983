import mimetypes
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils._os import safe_join
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date
from django.views.decorators.http import require_safe
from django.views.static import serve, was_modified_since

from .pictures import lighter

# What deploy/nginx/site.conf says of them, too: an SVG must not become a page with a script.
HEADERS = {
    "Cache-Control": "public, max-age=2592000",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


@require_safe
def serve_picture(request: HttpRequest, path: str) -> HttpResponse:
    """A picture from where uploads are kept; its smallest version for a reader who saves data.

    The address negotiates, so that pages are the same for everybody (docs/decisions/0011-low-data.md).
    """
    saves = request.headers.get("Save-Data", "").partition(";")[0].strip().lower() == "on"
    paths = [lighter(path), path] if saves else [path]
    look = from_disk if isinstance(default_storage, FileSystemStorage) else from_store
    for wanted in dict.fromkeys(paths):
        if (response := look(request, wanted)) is not None:
            for name, value in HEADERS.items():
                response.headers[name] = value
            patch_vary_headers(response, ["Save-Data"])
            return response
    raise Http404


def from_disk(request: HttpRequest, path: str) -> HttpResponse | None:
    folder = settings.MEDIA_ROOT
    return serve(request, path, document_root=folder) if Path(safe_join(folder, path)).is_file() else None


def from_store(request: HttpRequest, path: str) -> HttpResponse | None:
    try:
        modified = default_storage.get_modified_time(path).timestamp()
        if not was_modified_since(request.headers.get("If-Modified-Since"), modified):
            return HttpResponseNotModified()
        kind, _encoding = mimetypes.guess_type(path)
        response = FileResponse(default_storage.open(path), content_type=kind)
    except FileNotFoundError:
        return None
    response.headers["Last-Modified"] = http_date(modified)
    return response
