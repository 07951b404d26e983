"""What the search is to know of a record, said by the record itself.

A model can be found if it has `search_kind` and `search_texts()`, which gives a `SearchText` for the code of
each language in which visitors read the record, and nothing where they can't. One whose records are read on a
page of another model also has `searched_on(page)`. Nothing here knows how the search works.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from html import unescape

from django.apps import apps
from django.db import models
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.functional import Promise
from wagtail.models import Site

from translations.languages import source_language
from translations.registry import is_root_of_a_tree

TAG = re.compile(r"<[^>]*>")
# Where a new line begins in rich text; other tags stand within a word at most.
LINE = re.compile(r"</(?:p|li|h[1-6])>|<br\s*/?>", re.IGNORECASE)


@dataclass(frozen=True)
class SearchKind:
    """A kind of record by which readers narrow what was found."""

    name: str
    label: str | Promise


@dataclass(frozen=True)
class SearchText:
    """The words of a record in one language, and where they are read."""

    title: str
    summary: str
    page: models.Model
    lines: list[str] = field(default_factory=list)
    anchor: str = ""
    day: date | None = None
    day_in_words: str = ""
    # Whether the title is a title, and not only the beginning of the summary.
    is_titled: bool = True

    @property
    def has_words(self) -> bool:
        return bool(self.title or self.summary or self.lines)


@cache
def findable_models() -> tuple[type[models.Model], ...]:
    """The models whose records can be found; of a tree of page types, those that have pages of their own."""
    return tuple(
        model
        for model in apps.get_models()
        if hasattr(model, "search_texts") and not is_root_of_a_tree(model)
    )


def plain_lines(value, is_rich: bool = False) -> Iterator[str]:
    """The words in the value of a field, line by line: of a text, of rich text or of a stream of blocks."""
    if hasattr(value, "stream_block"):
        for block in value:
            if hasattr(block.value, "source"):
                yield from plain_lines(block.value.source, is_rich=True)
            else:
                for text in block.block.get_searchable_content(block.value):
                    yield from plain_lines(text)
        return
    text = str(value)
    if is_rich:
        text = unescape(TAG.sub("", LINE.sub("\n", text)))
    yield from (line for part in text.splitlines() if (line := " ".join(part.split())))


def is_reserved(slug: str, parent) -> bool:
    """Whether another part of the site, such as the search, answers at the address of such a page.

    `parent` is the page below which it would stand.
    """
    code = source_language().code
    with translation.override(code):
        try:
            match = resolve(f"/{code}/{slug}/")
        except Resolver404:
            return False
    if match.url_name == "wagtail_serve" or parent is None:
        return False
    return Site.objects.filter(root_page_id=parent.pk).exists()
