"""What somebody may have meant whose address leads nowhere."""

import re
from dataclasses import dataclass

from django.conf.locale import LANG_INFO
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpRequest
from wagtail.models import Site

from pages.models import BasePage
from translations.languages import Language, all_languages, current_language

# What stands before a page in addresses of this site and of others; many write "cn" for Chinese.
LANGUAGES = {*LANG_INFO, "cn"}
NAME = re.compile(r"[a-z0-9_-]+")
# "/index.html" and the like as a whole; of "/about.html" the ending.
ENDING = re.compile(r"(?:/(?:index|default))?\.(?:html?|php|aspx?|jsp)$")
# More would be a list to search through.
MOST = 4


def place_meant(path: str) -> list[str] | None:
    """The names of the pages down to the one that an address seems to mean, without language and file ending.

    "/about/", "/de/About/index.html" → ["about"]; "/index.php" → []; None for what is no address of a page.
    """
    names = [name for name in ENDING.sub("", path.lower().rstrip("/")).split("/") if name]
    if names and names[0] in LANGUAGES:
        names = names[1:]
    return names if all(NAME.fullmatch(name) for name in names) else None


@dataclass(frozen=True)
class Meant:
    """A page that an address may have meant, and where it can be read."""

    page: BasePage
    # Whether it stands at the very place; else it only has the name.
    is_here: bool
    address: str
    # Whether a reader of the active language gets it in the source language.
    is_missing: bool
    # (language, address) of each language but the active one in which it can be read.
    elsewhere: list[tuple[Language, str]]

    @classmethod
    def of(cls, page: BasePage, request: HttpRequest) -> "Meant":
        mine = current_language()
        others = [each for each in all_languages() if each != mine and page.is_public_in(each)]
        return cls(
            page,
            page.is_here,
            page.get_url(request),
            is_missing=not page.is_public_in(mine),
            elsewhere=[(each, page.url_in(each.code, request)) for each in others],
        )


def pages_meant(request: HttpRequest) -> list[Meant]:
    """The page that stands at this place in the tree, or else those of the same name elsewhere; one query."""
    names, site = place_meant(request.path), Site.find_for_request(request)
    if names is None or site is None:
        return []
    root = site.root_page
    here = Q(url_path=root.url_path + "".join(f"{name}/" for name in names))
    found = list(
        BasePage.objects.visible()
        .filter(here | Q(slug=names[-1]) if names else here, path__startswith=root.path)
        .annotate(is_here=ExpressionWrapper(here, output_field=BooleanField()))
        .order_by("-is_here", "path")[:MOST]
    )
    if found and found[0].is_here:
        found = found[:1]
    return [Meant.of(page, request) for page in found]
