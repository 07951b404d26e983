"""The addresses that are for machines alone."""

from datetime import timedelta

from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import timezone, translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Site

from caching import tags
from pages.addresses import site_address
from pages.identity import SHORT_NAME, centre_name
from pages.models import BasePage
from pages.templatetags.navigation import navigation
from translations.languages import all_languages, current_language, get_language, source_language

from .cards import card_of, card_path, picture
from .drawing import can_draw
from .llms import llms_text
from .organization import security_contact
from .sitemaps import ALL_LISTS, LanguageSitemap, all_files
from .twins import markdown_twin

HOUR = 60 * 60
YEAR = 365 * 24 * HOUR
# Whoever reports a weakness may write in these.
SECURITY_LANGUAGES = ("en", "zh-hans")
SECURITY_PERIOD = timedelta(days=180)

for_an_hour = cache_control(public=True, max_age=HOUR)
# For what changes with the content, and costs nothing where it is kept.
ask_each_time = cache_control(public=True, max_age=0)


def plain(text: str, kind: str = "text/plain") -> HttpResponse:
    return HttpResponse(text, content_type=f"{kind}; charset=utf-8")


def public_page(request: HttpRequest, **which) -> BasePage:
    """A page of this site that visitors may read in the active language; raises `Http404`."""
    site = Site.find_for_request(request)
    pages = (
        BasePage.objects.visible().in_language().filter(path__startswith=site.root_page.path if site else "-")
    )
    page = pages.filter(**which).specific().first()
    if page is None:
        raise Http404
    return page


@require_safe
@for_an_hour
def sitemap_index(request: HttpRequest) -> HttpResponse:
    context = {"files": all_files(request)}
    return render(request, "discovery/sitemap_index.xml", context, content_type="application/xml")


@require_safe
@ask_each_time
def sitemap(request: HttpRequest) -> HttpResponse:
    tags.may_be_kept(*ALL_LISTS)
    with tags.apart():
        return sitemap_of(request)


def sitemap_of(request: HttpRequest) -> HttpResponse:
    try:
        entries = LanguageSitemap(current_language(), request).entries(request.GET.get("p", 1))
    except InvalidPage as error:
        raise Http404 from error
    return render(request, "discovery/sitemap.xml", {"entries": entries}, content_type="application/xml")


@require_safe
def card(request: HttpRequest, pk: int, version: str) -> HttpResponse:
    """The social card of a page. Nothing in the address says what to draw: an old one leads to the newest."""
    language = current_language()
    if not can_draw(language):
        raise Http404
    page = public_page(request, pk=pk)
    wanted = card_of(page, language, request)
    if version != wanted.version:
        return HttpResponseRedirect(card_path(page, wanted))
    response = HttpResponse(picture(page, wanted), content_type="image/png")
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


@require_safe
@ask_each_time
def markdown(request: HttpRequest, path: str) -> HttpResponse:
    """The Markdown twin of the page at a path."""
    tags.may_be_kept()
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    page = public_page(request, url_path=site.root_page.url_path + path)
    response = plain(markdown_twin(page, request), "text/markdown")
    # Search engines are to keep the page itself.
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@ask_each_time
def llms(request: HttpRequest, of_language: bool = False) -> HttpResponse:
    """In the language of its address; in the source language where that names none."""
    tags.may_be_kept(*ALL_LISTS)
    code = current_language().code if of_language else source_language().code
    with translation.override(code):
        response = plain(llms_text(request))
    response.headers["Content-Language"] = get_language(code).tag
    return response


@require_safe
@for_an_hour
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers need not read: the admin, and lists of results, of which there is no end."""
    lines = ["User-agent: *", "Disallow: /admin/"]
    lines += [
        f"Disallow: /{language.code}/search/{asked}"
        for language in all_languages()
        for asked in ("?q=", "suggest/")
    ]
    lines += ["", f"Sitemap: {site_address(request)}/sitemap.xml"]
    return plain("\n".join(lines) + "\n")


@require_safe
@for_an_hour
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116); not found where nobody has said who that is."""
    contact = security_contact(navigation({"request": request}))
    if not contact:
        raise Http404
    # The same all day, so that copies agree.
    expires = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + SECURITY_PERIOD
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(get_language(code).tag for code in SECURITY_LANGUAGES)}",
        f"Canonical: {site_address(request)}/.well-known/security.txt",
    ]
    return plain("\n".join(lines) + "\n")


@require_safe
@for_an_hour
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone calls the site on its home screen, in the language of the address (W3C)."""
    language = current_language()
    start = f"/{language.code}/"

    def icon(name: str, size: int, purpose: str = "any") -> dict:
        return {
            "src": static(f"icons/{name}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }

    data = {
        "id": start,
        "name": centre_name(navigation({"request": request}).settings),
        "short_name": SHORT_NAME,
        "lang": language.tag,
        "dir": language.direction,
        "start_url": start,
        "scope": start,
        "display": "browser",
        "background_color": "#ffffff",
        "theme_color": "#0b3a63",
        "icons": [icon("icon-192", 192), icon("icon-512", 512), icon("icon-maskable-512", 512, "maskable")],
    }
    return JsonResponse(
        data, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False, "indent": 1}
    )


@require_safe
@for_an_hour
def opensearch(request: HttpRequest) -> HttpResponse:
    """How a browser searches the site in a language (OpenSearch 1.1)."""
    context = {"site": site_address(request), "name": centre_name(navigation({"request": request}).settings)}
    return render(
        request, "discovery/opensearch.xml", context, content_type="application/opensearchdescription+xml"
    )
