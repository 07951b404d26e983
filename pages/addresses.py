"""Whole addresses of pages, as other machines get them."""

from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Site

from translations.languages import Language, current_language


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


def addresses_in(page, languages: list[Language], request) -> list[str]:
    """The whole address of a page in each of some languages, in their order."""
    url, own = page.get_url(request), f"/{current_language().code}/"
    if not url or not url.startswith(own):
        return [page_address(page, language, request) for language in languages]
    # Paths differ in their first part alone.
    site, rest = site_address(request), url.removeprefix(own)
    return [f"{site}/{language.code}/{rest}" for language in languages]
