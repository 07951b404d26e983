"""The sitemaps: one a language, and the index of them all (sitemaps.org, protocol 0.9)."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from wagtail.models import Site

from pages.addresses import page_address, site_address
from pages.models import BasePage
from translations.languages import Language, all_languages

from .changes import Changes
from .heads import Alternate, alternates

PAGES_PER_FILE = 1000


def public_pages(request) -> list[BasePage]:
    """The pages of the site that visitors may read in some language, in one query."""
    site = Site.find_for_request(request)
    if site is None:
        return []
    pages = BasePage.objects.visible().filter(path__startswith=site.root_page.path)
    return list(pages.order_by("path"))


@dataclass(frozen=True)
class Entry:
    location: str
    lastmod: datetime
    alternates: list[Alternate]


class LanguageSitemap:
    """The pages that can be read in one language, each with its alternates in the others.

    Not Django's: that takes the host from the request, and every page to be there in each language.
    """

    def __init__(self, language: Language, pages: list[BasePage], request, changes: Changes):
        self.language = language
        self.request = request
        self.changes = changes
        self.paginator = Paginator([page for page in pages if page.is_public_in(language)], PAGES_PER_FILE)

    @property
    def modified(self) -> datetime | None:
        """When any of its pages changed last."""
        pages = self.paginator.object_list
        return max((self.changes.modified_in(page, self.language) for page in pages), default=None)

    def files(self) -> list[tuple[str, datetime | None]]:
        """(address, last change) of each of its files."""
        url = f"{site_address(self.request)}/{self.language.code}/sitemap.xml"
        return [
            (url if number == 1 else f"{url}?p={number}", self.modified)
            for number in self.paginator.page_range
        ]

    def entries(self, number: str | int) -> list[Entry]:
        """What one of its files lists; raises `InvalidPage` for one that there isn't."""
        return [
            Entry(
                page_address(page, self.language, self.request),
                self.changes.modified_in(page, self.language),
                alternates(page, self.request),
            )
            for page in self.paginator.page(number)
        ]


def all_sitemaps(request) -> list[LanguageSitemap]:
    pages, changes = public_pages(request), Changes()
    return [LanguageSitemap(language, pages, request, changes) for language in all_languages()]
