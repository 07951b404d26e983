"""Which language a request is answered in."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from .languages import get_language, source_language


def language_in_path(path: str) -> str | None:
    """The code of the language that a path starts with: "/fr/about/" → "fr"; None where there is none."""
    code = path.lstrip("/").partition("/")[0]
    return code if code in dict(settings.LANGUAGES) else None


def accepted_language(header: str) -> str:
    """The site's language that an Accept-Language header (RFC 9110, 12.5.4) likes best.

    The source language where it likes none of them.
    """
    for tag, _quality in parse_accept_lang_header(header):
        if tag == "*":
            break
        try:
            return translation.get_supported_language_variant(tag)
        except LookupError:
            continue
    return source_language().code


class PathLanguageMiddleware:
    """Activates the language that the address names, and elsewhere the one that the browser asks for.

    Unlike Django's LocaleMiddleware it reads no cookie, and it redirects nothing: only "/" sends a visitor
    on to a language, so an address always shows the same page to everybody.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        in_path = language_in_path(request.path_info)
        code = in_path or accepted_language(request.headers.get("Accept-Language", ""))
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", get_language(code).tag)
            if in_path is None:
                patch_vary_headers(response, ["Accept-Language"])
            return response
