"""What surrounds every page, in one language: menu, footer, settings, lists and banners.

It is built with a fixed number of queries and then waits in Django's cache. Whatever changes any of it starts
a new generation, under whose name nothing waits yet; what was read before the change can't come back. What
depends on the time of day is decided when a page is made, not here.
"""

import hashlib
from dataclasses import astuple, dataclass, field, fields
from datetime import datetime
from functools import cache as remember
from uuid import uuid4

from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import models, transaction
from django.db.models import Q, prefetch_related_objects
from django.utils import timezone, translation
from wagtail.images.shortcuts import get_rendition_or_not_found
from wagtail.models import PageViewRestriction, Site
from wagtail.models.sites import SITE_ROOT_PATHS_CACHE_KEY, SITE_ROOT_PATHS_CACHE_VERSION, SiteRootPath

from caching import tags
from caching.journal import changed, expands, journal
from caching.models import Digest
from caching.parts import parts
from library.models import CustomImage
from translations.languages import Language, all_languages, current_language

from .models import BasePage, ContentPage
from .site import (
    SURROUNDINGS,
    Announcement,
    FooterLink,
    HoldingPage,
    Partner,
    SiteItem,
    SiteSettings,
    SocialProfile,
)
from .sites import find_site, site_root_paths

GENERATION = "surroundings-generation"
# In seconds. Machines that don't share a cache learn of a change when this has gone by.
LIFETIME = 60

LISTS = (FooterLink, SocialProfile, Partner, Announcement)
WATCHED = (BasePage, PageViewRestriction, Site, SiteSettings, HoldingPage, SiteItem, CustomImage)

# Twice as large as they are shown, for screens with fine dots.
LOGO = "max-640x160|format-webp-lossless"
PARTNER_LOGO = "max-400x160|format-webp-lossless"
QR_CODE = "max-480x480|format-webp-lossless"


@dataclass
class MenuItem:
    page: BasePage
    children: list[BasePage] = field(default_factory=list)


@dataclass(frozen=True)
class Picture:
    """A picture as a page shows it; width and height in pixels."""

    url: str
    width: int
    height: int


@dataclass(frozen=True)
class Item:
    """An entry of a list with what it leads to and shows; a page that visitors can't read is None."""

    record: models.Model
    page: BasePage | None = None
    picture: Picture | None = None


@dataclass
class Navigation:
    """What surrounds every page. `home` is None on a site that has no pages yet."""

    home: BasePage | None = None
    menu: list[MenuItem] = field(default_factory=list)
    footer: list[BasePage] = field(default_factory=list)
    by_path: dict[str, BasePage] = field(default_factory=dict)
    settings: SiteSettings | None = None
    logo: Picture | None = None
    holding: HoldingPage | None = None
    footer_links: list[Item] = field(default_factory=list)
    social_profiles: list[Item] = field(default_factory=list)
    partners: list[Item] = field(default_factory=list)
    # Those to come too; see `current_announcements`.
    announcements: list[Item] = field(default_factory=list)

    def digest(self) -> str:
        """A fingerprint of all that pages show of it in the active language."""

        def of_page(page: BasePage | None):
            if page is None:
                return None
            title = page.localize("title")
            return page.pk, page.path, page.url_path, page.content_type_id, str(title), title.language.code

        def of_record(record: models.Model | None):
            names = [] if record is None else [column.attname for column in record._meta.concrete_fields]
            return [(name, str(getattr(record, name))) for name in names]

        shown = [
            of_page(self.home),
            [(of_page(item.page), [of_page(child) for child in item.children]) for item in self.menu],
            [of_page(page) for page in self.footer],
            sorted(map(of_page, self.by_path.values())),
            of_record(self.settings),
            astuple(self.logo) if self.logo else None,
            of_record(self.holding),
            [
                (of_record(item.record), of_page(item.page), astuple(item.picture) if item.picture else None)
                for items in (self.footer_links, self.social_profiles, self.partners, self.announcements)
                for item in items
            ],
        ]
        return hashlib.sha256(repr(shown).encode()).hexdigest()

    def next_moment(self) -> datetime | None:
        """When an announcement begins or ends next; None if none does."""
        now = timezone.now()
        moments = [
            moment
            for item in self.announcements
            for moment in (item.record.starts, item.record.ends)
            if moment is not None and moment > now
        ]
        return min(moments, default=None)

    @property
    def is_closed(self) -> bool:
        return self.holding is not None and self.holding.is_closed

    def current_announcements(self, page=None) -> list[Item]:
        """What stands above a page at this moment; an address without one has None or an empty text."""
        now = timezone.now()
        is_home = bool(page and self.home) and page.pk == self.home.pk
        return [
            item
            for item in self.announcements
            if item.record.is_current(now) and (is_home or item.record.place == Announcement.Place.EVERYWHERE)
        ]


def surroundings(request) -> Navigation:
    """The `Navigation` of a request, looked up once."""
    if not hasattr(request, "_navigation"):
        site = find_site(request)
        with tags.apart():
            request._navigation = known_navigation(site)
        # Afterwards: what was read for the navigation has noted them.
        site_root_paths(request)
        request._navigation_tag = around(site, current_language()) if site else ""
    # Each time: it may be a part of a page that asks.
    if tags.is_collecting() and request._navigation_tag:
        tags.shows(request._navigation_tag)
        tags.until(request._navigation.next_moment())
    return request._navigation


def shows_surroundings(request, language: Language) -> None:
    """The answer that is being made depends on what surrounds pages in a language; see `caching.tags`."""
    if (site := Site.find_for_request(request)) is not None:
        tags.shows(around(site, language))


def known_navigation(site: Site | None) -> Navigation:
    if site is None:
        return Navigation()

    def find():
        tags.shows(SURROUNDINGS)
        return _from_cache(site)

    return parts.remembered(("navigation", site.pk, current_language().code), find)


def around(site: Site, language: Language) -> str:
    """The tag of what surrounds the pages of a site in a language."""
    return f"around:{site.pk}:{language.code}"


def _from_cache(site: Site) -> Navigation:
    # Asked for before anything is read: a change from now on starts another one.
    generation = cache.get(GENERATION) or new_generation()
    shows_machines = int(django_settings.SHOW_UNREVIEWED_TRANSLATIONS)
    # A cache that could not be reached when something changed knows nothing of it; the journal does.
    change = journal.last_change(SURROUNDINGS)
    key = f"surroundings:{shape()}:{generation}:{change}:{site.pk}:{current_language().code}:{shows_machines}"
    found = cache.get(key)
    if found is None:
        found = build(site)
        cache.set(key, found, LIFETIME)
    return found


@remember
def shape() -> str:
    """Differs from one release to another if what is kept does, since a cache may outlive a release."""
    names = [each.name for each in fields(Navigation)]
    for model in (BasePage, SiteSettings, HoldingPage, *LISTS):
        names += [f"{model._meta.label}.{column.attname}" for column in model._meta.concrete_fields]
    return hashlib.sha256(" ".join(names).encode()).hexdigest()[:8]


def new_generation(**kwargs) -> str:
    generation = uuid4().hex
    cache.set(GENERATION, generation, None)
    return generation


def renew(**kwargs) -> None:
    """Lets everything be built anew: at once for this transaction, and for all others when it is done."""
    new_generation()
    if transaction.get_connection().in_atomic_block:
        transaction.on_commit(new_generation)


def renew_after(sender, instance=None, **kwargs) -> None:
    """For signals of any model."""
    if isinstance(instance, WATCHED):
        renew()
        # Pages say by themselves when visitors see a change of them.
        if not isinstance(instance, BasePage):
            changed(SURROUNDINGS)


@expands
def changed_surroundings(touched: set[str]) -> tuple[set[str], bool]:
    """Of which languages the surroundings look otherwise than before; and whether the site has closed."""
    found, withdraws = set(), False
    if SURROUNDINGS in touched:
        for site in Site.objects.select_related("root_page"):
            for language in all_languages():
                with translation.override(language.code):
                    navigation = build(site)
                    digest = navigation.digest()
                name = around(site, language)
                if Digest.objects.filter(name=name, value=digest).exists():
                    continue
                Digest.objects.update_or_create(name=name, defaults={"value": digest})
                found.add(name)
                withdraws |= navigation.is_closed
    return found, withdraws


def build(site: Site) -> Navigation:
    """Reads everything for the active language: pages, settings, lists and pictures take a query each."""
    root = site.root_page
    pages = _pages(root)
    by_path = {page.path: page for page in pages}
    # The menus of a language hold what can be read in it.
    pages = [page for page in pages if page.is_public_in(current_language())]
    items = {
        page.path: MenuItem(page) for page in pages if page.depth == root.depth + 1 and page.show_in_menus
    }
    for page in pages:
        parent = items.get(page.path[: -page.steplen])
        if parent and page.depth == root.depth + 2 and page.show_in_menus:
            parent.children.append(page)
    found = Navigation(
        home=by_path.get(root.path),
        menu=list(items.values()),
        footer=[
            page
            for page in pages
            if page.depth == root.depth + 1
            and not page.show_in_menus
            and page.content_type.model_class() is ContentPage
        ],
        by_path=by_path,
    )
    # Not `for_site`, which would write into the database where nobody has set anything yet.
    row = _sites()[site.pk]
    found.settings, found.holding = getattr(row, "sitesettings", None), getattr(row, "holdingpage", None)
    records = _records()
    _add_items(found, records, {page.pk: page for page in pages})
    return found


def _sites() -> dict[int, Site]:
    """All sites with their settings.

    Wagtail would ask for them again to make addresses, and finds them noted.
    """
    sites = Site.objects.select_related("root_page__locale", "sitesettings__logo", "holdingpage").order_by(
        "-root_page__url_path", "-is_default_site", "hostname"
    )
    roots = [
        SiteRootPath(site.pk, site.root_page.url_path, site.root_url, site.root_page.locale.language_code)
        for site in sites
    ]
    cache.set(SITE_ROOT_PATHS_CACHE_KEY, roots, LIFETIME, version=SITE_ROOT_PATHS_CACHE_VERSION)
    return {site.pk: site for site in sites}


def _pages(root: BasePage) -> list[BasePage]:
    """The home page, the pages below it, those of the next level that are in menus, and what is linked to."""
    return list(
        BasePage.objects.visible()
        .filter(path__startswith=root.path)
        .filter(
            Q(depth__lte=root.depth + 1)
            | Q(depth=root.depth + 2, show_in_menus=True)
            | Q(pk__in=SiteItem.objects.filter(page__isnull=False).order_by().values("page"))
        )
        .select_related("content_type")
        .order_by("path")
    )


def _records() -> list[models.Model]:
    """The entries of all lists in their order, but for announcements that have ended."""
    names = [model._meta.model_name for model in LISTS]
    rows = (
        SiteItem.objects.filter(Q(announcement__ends__isnull=True) | Q(announcement__ends__gt=timezone.now()))
        .select_related("picture", *names)
        .order_by("sort_order", "pk")
    )
    found = []
    for row in rows:
        record = next(record for name in names if (record := getattr(row, name, None)) is not None)
        record.picture = row.picture
        found.append(record)
    return found


def _add_items(found: Navigation, records: list[models.Model], pages: dict[int, BasePage]) -> None:
    logo = found.settings.logo if found.settings else None
    pictures = {image.pk: image for image in [logo, *(record.picture for record in records)] if image}
    prefetch_related_objects(list(pictures.values()), "renditions")

    def shown(image, size: str) -> Picture | None:
        if image is None:
            return None
        rendition = get_rendition_or_not_found(pictures[image.pk], size)
        return Picture(rendition.url, rendition.width, rendition.height)

    found.logo = shown(logo, LOGO)
    for record in records:
        page = pages.get(record.page_id)
        match record:
            case FooterLink() if record.url or page:
                found.footer_links.append(Item(record, page))
            case SocialProfile():
                found.social_profiles.append(Item(record, picture=shown(record.picture, QR_CODE)))
            case Partner():
                found.partners.append(Item(record, picture=shown(record.picture, PARTNER_LOGO)))
            case Announcement():
                found.announcements.append(Item(record, page))
    # What is kept in the cache needs neither the images nor the site.
    for record in filter(None, [found.settings, found.holding, *records]):
        record._state.fields_cache.clear()
