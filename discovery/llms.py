"""The list of pages for language models (llmstxt.org), which leads to the Markdown twin of each."""

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from wagtail.models import get_page_models

from news.models import NewsPage
from pages.addresses import site_address
from pages.identity import SHORT_NAME, centre_name
from pages.models import BasePage
from pages.templatetags.navigation import navigation
from translations.languages import all_languages, current_language

from .heads import description_of
from .sitemaps import public_pages
from .twins import NEWEST, twin_address

# A list for a reader with a small memory, not a second sitemap.
MOST_PAGES = 500


def one_line(text) -> str:
    """A text as part of a link's line: a bracket in it would end the link."""
    return " ".join(str(text).split()).replace("[", "(").replace("]", ")")


def link(page: BasePage, request) -> str:
    text = description_of(page)
    url = twin_address(page, current_language(), request)
    return f"- [{one_line(page.localize('title'))}]({url})" + (f": {one_line(text)}" if text else "")


def types_but_articles() -> list[ContentType]:
    """Named one by one, so that the database finds these pages without a look at each article."""
    models = {BasePage, *get_page_models()} - {NewsPage}
    return list(ContentType.objects.get_for_models(*models).values())


def llms_text(request) -> str:
    """The whole file in the active language."""
    language = current_language()
    site = navigation({"request": request})
    articles = list(NewsPage.objects.visible().in_language().newest_first().for_cards()[:NEWEST])
    pages = public_pages(request).in_language().filter(content_type__in=types_but_articles())[:MOST_PAGES]
    lines = [f"# {SHORT_NAME}", "", f"> {one_line(centre_name(site.settings))}"]
    introduction = description_of(site.home) if site.home else ""
    if introduction:
        lines += ["", introduction]
    lines += ["", f"## {_('Pages')}", "", *(link(page, request) for page in pages)]
    if articles:
        lines += ["", f"## {_('Latest news')}", "", *(link(article, request) for article in articles)]
    others = [
        f"- [{other.name}]({site_address(request)}/{other.code}/llms.txt)"
        for other in all_languages()
        if other != language
    ]
    # "Optional" has a meaning of its own in the format: what may be left out.
    lines += ["", "## Optional", "", *others]
    return "\n".join(lines) + "\n"
