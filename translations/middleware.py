"""Which language a request is answered in."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from .languages import all_languages, get_language, source_language


def language_in_path(path: str) -> str | None:
    """The code of the language that a path starts with: "/fr/about/" → "fr"; None where there is none."""
    code = path.lstrip("/").partition("/")[0]
    return code if code in dict(settings.LANGUAGES) else None


# More than any browser sends; what comes after is not looked at.
LONGEST_LIST = 50


def accepted_languages(header: str) -> list[tuple[str, float]]:
    """(range, quality) of an Accept-Language header, best first, without what is malformed."""
    found = [
        entry
        for piece in header.split(",", LONGEST_LIST)[:LONGEST_LIST]
        for entry in parse_accept_lang_header(piece.strip())
    ]
    return sorted(found, key=lambda entry: entry[1], reverse=True)


def accepted_language(header: str) -> str:
    """The site's language that an Accept-Language header (RFC 9110, 12.5.4) likes best.

    Found by the lookup of RFC 4647, 3.4: a range loses its last parts until a language of the site fits, and
    any Chinese is better than none. The source language where the header likes none of them.
    """
    ranges = accepted_languages(header)
    # A quality of nought refuses what the range itself names: "zh-TW;q=0" says nothing against zh-Hans.
    refused = {
        language.code
        for tag, quality in ranges
        for language in all_languages()
        if not quality and f"{language.code}-".startswith(f"{tag}-")
    }
    for tag, quality in ranges:
        for code in matches(tag) if quality else ():
            if code not in refused:
                return code
    return source_language().code


def matches(tag: str) -> list[str]:
    """The codes of the site's languages that a language range fits, the best first."""
    if tag == "*":
        return [source_language().code, *(language.code for language in all_languages())]
    try:
        return [translation.get_supported_language_variant(tag)]
    except LookupError:
        return []


def language_of(request: HttpRequest) -> str:
    """The code of the language that a request is to be answered in."""
    return language_in_path(request.path_info) or accepted_language(
        request.headers.get("Accept-Language", "")
    )


class PathLanguageMiddleware:
    """Activates the language that the address names, and elsewhere the one that the browser asks for.

    Unlike Django's LocaleMiddleware it reads no cookie, and it redirects nothing: only "/" sends a visitor
    on to a language, so an address always shows the same page to everybody.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        code = language_of(request)
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = self.get_response(request)
            # A picture has no language, and a cache is to keep it once.
            if not request.path_info.startswith(settings.MEDIA_URL):
                response.headers.setdefault("Content-Language", get_language(code).tag)
                if language_in_path(request.path_info) is None:
                    patch_vary_headers(response, ["Accept-Language"])
            return response
