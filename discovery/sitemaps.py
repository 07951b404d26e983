"""The sitemaps: one a language, and the index of them all (sitemaps.org, protocol 0.9)."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import EmptyPage, InvalidPage, PageNotAnInteger
from django.db.models import Count, Max, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from wagtail.models import Site

from caching import tags
from caching.parts import parts
from pages.addresses import page_address, site_address
from pages.models import BasePage, BasePageQuerySet
from translations.languages import Language, all_languages
from translations.models.records import public_in
from translations.states import State

from .changes import Changes
from .heads import Alternate, alternates

PAGES_PER_FILE = 1000
# A file further on than any site has pages.
LAST_FILE = 50_000
# What the lists for machines are made of: every page, every article, every milestone.
ALL_LISTS = ("pages", "list:news.newspage", "list:milestones.milestone")
# What is needed of a page to say where it is and when it changed.
COLUMNS = (
    "path", "depth", "url_path", "content_type", "locale", "translation_status", "first_published_at",
    "last_published_at", "latest_revision_created_at",
)  # fmt: skip


def public_pages(request) -> BasePageQuerySet:
    """The pages of the site that visitors may read in some language, in the order of the tree."""
    site = Site.find_for_request(request)
    if site is None:
        return BasePage.objects.none()
    return BasePage.objects.visible().filter(path__startswith=site.root_page.path).order_by("path")


@dataclass(frozen=True)
class Entry:
    location: str
    lastmod: datetime
    alternates: list[Alternate]


class LanguageSitemap:
    """The pages that can be read in one language, each with its alternates in the others.

    Not Django's: that takes the host from the request, and every page to be there in each language. A file
    reads its own pages alone, and nobody counts the rest for it.
    """

    def __init__(self, language: Language, request):
        self.language = language
        self.request = request
        self.changes = Changes()

    def entries(self, number: str | int) -> list[Entry]:
        """What one of its files lists; raises `InvalidPage` for one that there isn't."""
        first = (number_of_file(number) - 1) * PAGES_PER_FILE
        pages = public_pages(self.request).in_language(self.language).only(*COLUMNS)
        found = [
            Entry(
                page_address(page, self.language, self.request),
                self.changes.modified_in(page, self.language),
                alternates(page, self.request),
            )
            for page in pages[first : first + PAGES_PER_FILE]
        ]
        if first and not found:
            raise EmptyPage
        return found


def number_of_file(text: str | int) -> int:
    """Raises `InvalidPage` for what is no number of a file."""
    try:
        number = int(text)
    except ValueError as error:
        raise PageNotAnInteger from error
    if not 1 <= number <= LAST_FILE:
        raise InvalidPage
    return number


def all_files(request) -> list[tuple[str, datetime | None]]:
    """(address, last change of any page in that language) of each file of each language that has any."""
    site = Site.find_for_request(request)
    # To count all pages takes longer the more there are.
    key = ("sitemaps", site and site.root_page.path)
    return [
        (f"{site_address(request)}/{code}/sitemap.xml" + ("" if number == 1 else f"?p={number}"), modified)
        for code, count, modified in parts.remembered(key, lambda: count_pages(request))
        for number in range(1, -(-count // PAGES_PER_FILE) + 1)
    ]


def count_pages(request) -> list[tuple[str, int, datetime | None]]:
    """(code, how many pages can be read, when any of them changed last) of each language."""
    tags.shows(*ALL_LISTS)
    changes = Changes()
    wanted = {}
    for language in all_languages():
        name, public = language.code.replace("-", "_"), public_in(language)
        wanted[f"{name}_count"] = Count("pk", filter=public)
        wanted |= {f"{name}_{part}": value for part, value in last_changes(language, public).items()}
    pages = (
        public_pages(request)
        .order_by()
        .annotate(published=Coalesce("last_published_at", "latest_revision_created_at", "first_published_at"))
    )
    found = pages.aggregate(**wanted)
    # Milestones are no pages; what else a page may list is counted itself.
    listing = list(public_pages(request).filter(content_type__in=changes.types).only(*COLUMNS))
    counted = []
    for language in all_languages():
        name = language.code.replace("-", "_")
        moments = [
            milestone.modified_in(language)
            for page in listing
            if page.is_public_in(language)
            for milestone in changes.milestones_on(page, language)
        ]
        moments += filter(None, [found[f"{name}_published"]])
        if at := found.get(f"{name}_approved"):
            moments.append(datetime.fromisoformat(at))
        counted.append((language.code, found[f"{name}_count"], max(moments, default=None)))
    return counted


def last_changes(language: Language, public: Q) -> dict[str, Max]:
    """What `modified_in` says of all pages together: their last publication, and their last approval."""
    if language.is_source:
        return {"published": Max("published")}
    entry = f"translation_status__{language.code}"
    is_outdated = Q(**{f"{entry}__state": State.APPROVED.value, f"{entry}__outdated_since__isnull": False})
    return {
        "published": Max("published", filter=public & ~is_outdated),
        "approved": Max(KT(f"{entry}__at"), filter=public),
    }
