"""The menu, the breadcrumbs and the footer, all from one look at the page tree."""

from dataclasses import dataclass, field

from django import template
from django.db.models import Q
from django.utils import translation
from wagtail.models import Site

from pages.models import BasePage, ContentPage, SiteSettings
from translations.languages import all_languages, current_language, source_language

register = template.Library()


@dataclass
class MenuItem:
    page: BasePage
    children: list[BasePage] = field(default_factory=list)


@dataclass
class Navigation:
    """What surrounds every page. `home` is None on a site that has no pages yet."""

    home: BasePage | None
    menu: list[MenuItem]
    footer: list[BasePage]
    by_path: dict[str, BasePage]
    settings: SiteSettings | None = None


def build_navigation(request) -> Navigation:
    """The home page, the pages below it, and of the next level those that are shown in menus: one query."""
    site = Site.find_for_request(request)
    if site is None:
        return Navigation(None, [], [], {})
    root = site.root_page
    pages = list(
        BasePage.objects.visible()
        .filter(path__startswith=root.path)
        .filter(
            Q(depth__lte=root.depth + 1) | Q(depth=root.depth + 2, show_in_menus=True),
        )
        .select_related("content_type")
        .order_by("path")
    )
    by_path = {page.path: page for page in pages}
    # The menus of a language hold what can be read in it.
    pages = [page for page in pages if page.is_public_in(current_language())]
    items = {
        page.path: MenuItem(page) for page in pages if page.depth == root.depth + 1 and page.show_in_menus
    }
    for page in pages:
        parent = items.get(page.path[: -page.steplen])
        if parent and page.depth == root.depth + 2:
            parent.children.append(page)
    footer = [
        page
        for page in pages
        if page.depth == root.depth + 1
        and not page.show_in_menus
        and page.content_type.model_class() is ContentPage
    ]
    # Not `for_site`, which would write into the database where nobody has set anything yet.
    settings = SiteSettings.objects.filter(site=site).first()
    return Navigation(by_path.get(root.path), list(items.values()), footer, by_path, settings)


@register.simple_tag(takes_context=True)
def navigation(context):
    """The `Navigation` of this request, built once."""
    request = context["request"]
    if not hasattr(request, "_navigation"):
        request._navigation = build_navigation(request)
    return request._navigation


@register.filter
def is_within(page, section):
    """Whether a page is another page or lies below it; False for an address without a page."""
    return bool(page) and page.path.startswith(section.path)


@register.simple_tag(takes_context=True)
def section_of(context, page):
    """The item of the menu in whose section a page lies; None where it lies in none."""
    return next((item for item in navigation(context).menu if is_within(page, item.page)), None)


@register.simple_tag(takes_context=True)
def breadcrumbs(context, page):
    """The pages above this one, from the home page down."""
    known = navigation(context)
    if known.home is None:
        return []
    step = page.steplen
    paths = [page.path[:end] for end in range(len(known.home.path), len(page.path), step)]
    if all(path in known.by_path for path in paths):
        return [known.by_path[path] for path in paths]
    # Asked for by the page and by its structured data.
    request = context["request"]
    if not hasattr(request, "_ancestors"):
        request._ancestors = {}
    if page.pk not in request._ancestors:
        request._ancestors[page.pk] = list(page.get_ancestors().filter(depth__gte=known.home.depth).live())
    return request._ancestors[page.pk]


def url_of_type(context, model):
    """The address of the only page of its type, such as the list of news; empty without one."""
    known = navigation(context).by_path.values()
    page = next((page for page in known if page.content_type.model_class() is model), None)
    page = page or model.objects.visible().first()
    return page.get_url(context["request"]) if page else ""


@register.simple_tag(takes_context=True)
def page_url(context, page):
    """The address of a page in the active language."""
    return page.get_url(context["request"]) or ""


def language_link(context, page, language):
    """(language, address): this page in a language, or the home page where there is no page."""
    request = context["request"]
    page = page or navigation(context).home
    if page is None:
        return language, f"/{language.code}/"
    query = f"?{request.GET.urlencode()}" if request.GET and not getattr(request, "is_preview", False) else ""
    return language, (page.url_in(language.code, request) or "") + query


@register.simple_tag(takes_context=True)
def language_links(context, page=None):
    """The `language_link` of each language, in the UN's order."""
    return [language_link(context, page, language) for language in all_languages()]


@register.simple_tag(takes_context=True)
def source_link(context, page=None):
    """The `language_link` of the language from which the others were translated."""
    return language_link(context, page, source_language())


@register.simple_tag(takes_context=True)
def source_address(context, page):
    """The whole address of a page in the language from which it was translated."""
    with translation.override(source_language().code):
        return page.get_full_url(context["request"]) or ""
