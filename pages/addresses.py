"""Whole addresses of pages, as other machines get them."""

from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Site

from translations.languages import Language


def site_address(request) -> str:
    """The site's scheme and host without a slash at the end, such as "https://www.example.org".

    Never the host that the request names: a page has one address, however it was reached.
    """
    site = Site.find_for_request(request)
    if site is None or site.hostname == "localhost":
        # Nobody has told Wagtail yet where the site is.
        parts = urlsplit(settings.WAGTAILADMIN_BASE_URL)
        return f"{parts.scheme}://{parts.netloc}"
    return site.root_url


def page_address(page, language: Language, request) -> str:
    """The whole address of a page in a language; empty for a page that lies outside the site."""
    url = page.url_in(language.code, request)
    return f"{site_address(request)}{url}" if url and url.startswith("/") else url or ""
