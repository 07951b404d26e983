"""Links in the texts of published pages that lead nowhere."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Site, get_page_models

from translations.languages import Language, all_languages, column
from translations.models import translated_fields

from .models import BasePage

LINK = re.compile(r"<a\b(?P<attributes>[^>]*)>(?P<text>.*?)</a>", re.IGNORECASE | re.DOTALL)
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
TAG = re.compile(r"<[^>]+>")
DOCUMENT = re.compile(r"^/documents/(\d+)/")


@dataclass(frozen=True)
class Link:
    """A link as it stands in a text, with the words that a reader sees of it."""

    attributes: dict[str, str]
    text: str

    @property
    def target(self) -> str:
        return self.attributes.get("href") or f"{self.attributes.get('linktype')} {self.attributes.get('id')}"


@dataclass
class BrokenLink:
    page_id: int
    language: Language
    field: str
    link: Link
    reason: str | Promise
    # Filled in for those that are shown.
    page: BasePage | None = None

    @property
    def language_name(self) -> str:
        return self.language.name

    @property
    def text(self) -> str:
        return self.link.text

    @property
    def target(self) -> str:
        return self.link.target

    @property
    def title(self) -> str:
        return self.page.get_admin_display_title() if self.page else ""


def links_in(field: models.Field, stored: str) -> Iterator[Link]:
    """The links in the stored form of a rich text or of a stream of blocks."""
    if "<a " not in stored:
        return
    for text in strings(json.loads(stored)) if isinstance(field, StreamField) else [stored]:
        for found in LINK.finditer(text):
            attributes = {
                name: html.unescape(value) for name, value in ATTRIBUTE.findall(found["attributes"])
            }
            yield Link(attributes, html.unescape(TAG.sub("", found["text"])).strip())


def strings(value) -> Iterator[str]:
    """All texts in JSON, however deep."""
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from strings(item)
        case dict():
            for item in value.values():
                yield from strings(item)


def stored_texts() -> Iterator[tuple[int, str, Language, models.Field, str]]:
    """(page, its path in the tree, language, field, stored form) of the texts of published pages with links.

    One query for each type of page. As they are stored: making blocks of them would take longest of all.
    """
    for model in get_page_models():
        fields = [
            field
            for field in map(model._meta.get_field, translated_fields(model))
            if isinstance(field, RichTextField | StreamField)
        ]
        columns = [
            (f"stored_{number}_{language.locale.language}", language, field)
            for number, field in enumerate(fields)
            for language in all_languages()
        ]
        if not columns:
            continue
        texts = {
            name: Cast(column(field.name, language), models.TextField()) for name, language, field in columns
        }
        # Most texts have no link, and needn't leave the database.
        with_link = reduce(or_, (Q(**{f"{name}__contains": "<a "}) for name in texts))
        rows = model._base_manager.alias(**texts).filter(with_link, live=True).annotate(**texts)
        for pk, url_path, *values in rows.values_list(
            "pk", "url_path", *(name for name, _language, _field in columns)
        ).iterator(chunk_size=500):
            for (_name, language, field), value in zip(columns, values, strict=True):
                if value:
                    yield pk, url_path, language, field, value


class Destinations:
    """Where a link may lead, looked up once for all links."""

    @cached_property
    def pages(self) -> dict[int, bool]:
        """{number: whether it is published} of every page."""
        return dict(BasePage.objects.order_by().values_list("pk", "live"))

    @cached_property
    def paths(self) -> set[str]:
        return set(BasePage.objects.filter(live=True).order_by().values_list("url_path", flat=True))

    @cached_property
    def documents(self) -> set[int]:
        return set(get_document_model().objects.values_list("pk", flat=True))

    @cached_property
    def redirects(self) -> set[str]:
        return set(Redirect.objects.values_list("old_path", flat=True))

    @cached_property
    def sites(self) -> list[Site]:
        return list(Site.objects.select_related("root_page"))

    @cached_property
    def roots(self) -> list[str]:
        return [site.root_page.url_path for site in self.sites]

    def is_own(self, host: str) -> bool:
        return not host or host in {site.hostname for site in self.sites}

    def fault(self, link: Link, address: str) -> str | Promise | None:
        """Why a link of the page at `address` leads nowhere; None if it is right or leads to another site."""
        match link.attributes:
            case {"linktype": "page", "id": number}:
                live = self.pages.get(int(number)) if number.isdecimal() else None
                if live is None:
                    return _("The page is gone.")
                return None if live else _("The page is not published.")
            case {"linktype": "document", "id": number}:
                found = number.isdecimal() and int(number) in self.documents
                return None if found else _("The document is gone.")
            case {"href": href}:
                return self.fault_of_address(urlsplit(urljoin(address, href)))
        return _("The link has no target.")

    def fault_of_address(self, target) -> str | Promise | None:
        if target.scheme not in {"", "http", "https"} or not self.is_own(target.hostname or ""):
            return None
        path = unquote(target.path) or "/"
        if self.is_page(path) or Redirect.normalise_path(path) in self.redirects:
            return None
        if (document := DOCUMENT.match(path)) is not None:
            return None if int(document[1]) in self.documents else _("The document is gone.")
        if path.startswith((settings.MEDIA_URL, settings.STATIC_URL)):
            return None
        return None if self.is_view(path) else _("Nothing is found at this address.")

    def is_page(self, path: str) -> bool:
        code, _slash, rest = path.lstrip("/").partition("/")
        if code not in dict(settings.LANGUAGES):
            return False
        rest = "".join(f"{part}/" for part in rest.split("/") if part)
        return any(f"{root}{rest}" in self.paths for root in self.roots)

    def is_view(self, path: str) -> bool:
        """Whether something else than the page tree answers there."""
        try:
            # Which addresses there are depends on the language; those of pages are known already.
            return resolve(path).url_name != "wagtail_serve"
        except Resolver404:
            return False


def broken_links() -> list[BrokenLink]:
    """Every link in a text of a published page that leads nowhere, in each language."""
    destinations = Destinations()
    with translation.override(settings.LANGUAGE_CODE):
        home = reverse("wagtail_serve", args=[""])
    found = []
    for pk, url_path, language, field, stored in stored_texts():
        for link in links_in(field, stored):
            root = next((root for root in destinations.roots if url_path.startswith(root)), url_path)
            fault = destinations.fault(link, home + url_path.removeprefix(root))
            if fault is not None:
                found.append(BrokenLink(pk, language, capfirst(field.verbose_name), link, fault))
    return found
