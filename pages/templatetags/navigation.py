"""The menu, the breadcrumbs and the footer, all from one look at the page tree."""

from django import template
from django.urls import translate_url
from django.utils import translation

from caching import tags
from pages.sites import find_site
from pages.surroundings import surroundings
from translations.languages import all_languages, source_language

register = template.Library()


@register.simple_tag(takes_context=True)
def navigation(context):
    """The `Navigation` of this request; see `pages.surroundings`."""
    return surroundings(context["request"])


@register.filter
def is_within(page, section):
    """Whether a page is another page or lies below it; False for an address without a page."""
    return bool(page) and page.path.startswith(section.path)


@register.simple_tag(takes_context=True)
def section_of(context, page):
    """The item of the menu in whose section a page lies; None where it lies in none."""
    return next((item for item in navigation(context).menu if is_within(page, item.page)), None)


@register.simple_tag(takes_context=True)
def place_in_menu(context, page):
    """What menus and footer mark as current: (site, number of the page if they may name it, its section)."""
    known = navigation(context)
    site = find_site(context["request"])
    if not page:
        return site and site.pk, 0, ""
    section = section_of(context, page)
    number = page.pk if page.path in known.by_path else 0
    return site and site.pk, number, section.page.path if section else ""


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


def page_of_type(context, model):
    """The only page of its type, such as the list of news; None without one."""
    known = navigation(context).by_path.values()
    page = next((page for page in known if page.content_type.model_class() is model), None)
    if page is None:
        tags.shows(f"list:{model._meta.label_lower}")
    return page or model.objects.visible().first()


def url_of_type(context, model):
    """The address of the `page_of_type`; empty without one."""
    page = page_of_type(context, model)
    return page.get_url(context["request"]) if page else ""


@register.simple_tag(takes_context=True)
def page_url(context, page):
    """The address of a page in the active language."""
    return page.get_url(context["request"]) or ""


@register.simple_tag(takes_context=True)
def announcements(context, page=None):
    """What stands above a page at this moment."""
    return navigation(context).current_announcements(page)


@register.simple_tag(takes_context=True)
def item_url(context, item):
    """Where an entry of a list leads; empty if nowhere."""
    return page_url(context, item.page) if item.page else item.record.url


def language_link(context, page, language):
    """(language, address): this page in a language, or the home page where there is no page."""
    request = context["request"]
    query = f"?{request.GET.urlencode()}" if request.GET and not getattr(request, "is_preview", False) else ""
    match = getattr(request, "resolver_match", None)
    if not page and match is not None and match.namespace:
        # What is no page of the tree, such as the search, has an address in each language, too.
        return language, translate_url(request.path, language.code) + query
    page = page or navigation(context).home
    if page is None:
        return language, f"/{language.code}/"
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
