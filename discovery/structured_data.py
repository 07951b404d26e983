"""What pages say in JSON-LD, in the vocabulary of schema.org."""

import json

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from library.pictures import largest_file
from news.models import NewsPage
from pages.addresses import page_address, site_address
from pages.identity import SHORT_NAME, centre_name
from pages.models import AboutPage, BasePage, HomePage
from pages.templatetags.navigation import breadcrumbs, navigation
from translations.languages import current_language, source_language

from .heads import Head
from .organization import contact_facts

UNESCO = {"@type": "Organization", "name": "UNESCO", "url": "https://www.unesco.org/"}
# So that no text can end the element that the data stand in, as in Django's `json_script`.
ESCAPES = {ord(character): f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"}


def script(data: dict) -> SafeString:
    """The element that holds JSON-LD; whatever the texts in it say, they end neither it nor a comment."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308


def structured_data(page: BasePage, head: Head, context) -> dict | None:
    """The facts of a page; None where it has none, as on a page that stands in for a translation."""
    if head.is_stand_in:
        return None
    things = []
    if isinstance(page, HomePage):
        things += [organization(context), website(context)]
    elif isinstance(page, AboutPage):
        things.append(organization(context))
    elif isinstance(page, NewsPage):
        things.append(article(page, head, context))
    if trail := breadcrumb_list(page, context):
        things.append(trail)
    return {"@context": "https://schema.org", "@graph": things} if things else None


def absolute(context, url: str) -> str:
    return url if url.startswith(("http://", "https://")) else site_address(context["request"]) + url


def home_address(context) -> str:
    home = navigation(context).home
    return page_address(home, current_language(), context["request"]) if home else ""


def publisher(context) -> dict:
    return {
        "@type": "Organization",
        "@id": absolute(context, "/#organization"),
        "name": centre_name(navigation(context).settings),
        "alternateName": SHORT_NAME,
        "url": home_address(context),
        "logo": absolute(context, static("icons/icon-512.png")),
    }


def organization(context) -> dict:
    return publisher(context) | {"parentOrganization": UNESCO} | contact_facts(navigation(context))


def website(context) -> dict:
    language = current_language()
    target = absolute(context, f"/{language.code}/search/?q={{search_term_string}}")
    return {
        "@type": "WebSite",
        "@id": home_address(context) + "#website",
        "name": SHORT_NAME,
        "alternateName": centre_name(navigation(context).settings),
        "url": home_address(context),
        "inLanguage": language.tag,
        "publisher": {"@id": absolute(context, "/#organization")},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": target},
            "query-input": "required name=search_term_string",
        },
    }


def article(page: NewsPage, head: Head, context) -> dict:
    request = context["request"]
    images = [head.card] if head.card else []
    if page.lead_image and (rendition := largest_file(page.lead_image)):
        images.insert(0, absolute(context, rendition.url))
    centre = publisher(context)
    found = {
        "@type": "NewsArticle",
        "@id": head.canonical,
        "mainEntityOfPage": head.canonical,
        "headline": str(page.localize("title")),
        "datePublished": head.published,
        "dateModified": head.modified,
        "inLanguage": current_language().tag,
        "image": images,
        "description": head.description,
        "articleSection": str(page.category.localize("name")) if page.category else "",
        # A reader of the data need not follow a reference to know who wrote it.
        "author": {name: centre[name] for name in ("@type", "name", "@id")},
        "publisher": centre,
    }
    if not current_language().is_source:
        original = page_address(page, source_language(), request)
        found["translationOfWork"] = {
            "@type": "NewsArticle",
            "@id": original,
            "inLanguage": source_language().tag,
        }
    return {name: value for name, value in found.items() if value}


def breadcrumb_list(page: BasePage, context) -> dict | None:
    """The way from the home page to this one; None for the home page itself."""
    above = breadcrumbs(context, page)
    if not above:
        return None
    names = [_("Home"), *(str(item.localize("title")) for item in [*above[1:], page])]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": name,
                "item": page_address(item, current_language(), context["request"]),
            }
            for position, (name, item) in enumerate(zip(names, [*above, page], strict=True), 1)
        ],
    }
