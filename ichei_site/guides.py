"""The guides in docs/ as the admin shows them: the same files that a reader of the repository sees."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt
from markdown_it.token import Token
from PIL import Image

FOLDER = settings.BASE_DIR / "docs"
PICTURES = FOLDER / "images"
# In the order of the help menu; the name is that of the file and of the address.
TITLES = {
    "editors": _("Guide for editors"),
    "translators": _("Guide for translators"),
    "rights": _("Who may do what"),
}
# Those of the table of contents; the title of a file stands at the head of the page.
LISTED = {"h2", "h3"}


@dataclass(frozen=True)
class Heading:
    anchor: str
    text: str
    level: int


@dataclass(frozen=True)
class Guide:
    html: SafeString
    headings: list[Heading]


def available() -> dict[str, Promise]:
    """{name: title} of the guides that there are."""
    return {name: title for name, title in TITLES.items() if file_of(name).is_file()}


def file_of(name: str) -> Path:
    return FOLDER / f"{name}.md"


def pictures() -> set[str]:
    """The names of the pictures that guides may show."""
    return {path.name for path in PICTURES.glob("*.webp")}


def read(name: str) -> Guide:
    """The guide as HTML. Raises `FileNotFoundError` if there is none of that name."""
    tokens = parser.parse(file_of(name).read_text())
    if tokens and tokens[0].tag == "h1":
        tokens = tokens[3:]
    headings = list(number_headings(tokens))
    prepare_tables(tokens)
    for token in tokens:
        if token.children:
            token.children = list(lead_elsewhere(token.children))
    return Guide(
        # Files of the repository, and Markdown without HTML: nothing in it comes from a form.
        html=mark_safe(parser.renderer.render(tokens, parser.options, {})),  # noqa: S308
        headings=[heading for heading in headings if f"h{heading.level}" in LISTED],
    )


def number_headings(tokens: list[Token]) -> Iterator[Heading]:
    """Gives each heading an id, made as GitHub makes it, so that a link works in both places."""
    seen = Counter()
    for opening, inline in pairwise(tokens):
        if opening.type != "heading_open":
            continue
        text = "".join(child.content for child in inline.children)
        slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
        anchor = f"{slug}-{seen[slug]}" if seen[slug] else slug
        seen[slug] += 1
        opening.attrSet("id", anchor)
        yield Heading(anchor, text, int(opening.tag[1]))


def prepare_tables(tokens: list[Token]) -> None:
    """Numbers the tables, and makes the empty corner of a table a cell and no heading."""
    number = 0
    for place, token in enumerate(tokens):
        if token.type == "table_open":
            number += 1
            token.meta["number"] = number
        elif token.type == "th_open" and not tokens[place + 1].content:
            token.tag = tokens[place + 2].tag = "td"


def lead_elsewhere(tokens: list[Token]) -> Iterator[Token]:
    """Links and pictures as the admin has them. What only the repository has is no link here."""
    is_dropped = False
    for token in tokens:
        if token.type == "link_open":
            address = address_of(token.attrGet("href"))
            is_dropped = address is None
            if not is_dropped:
                token.attrSet("href", address)
        elif token.type == "image":
            show_picture(token)
        if not (is_dropped and token.type in {"link_open", "link_close"}):
            yield token


def address_of(link: str) -> str | None:
    """Where a link of a guide leads in the admin; None if to nowhere."""
    parts = urlsplit(link)
    if parts.scheme or not parts.path:
        return link
    name = parts.path.removesuffix(".md")
    if name not in available():
        return None
    return reverse("guides:guide", args=[name]) + (f"#{parts.fragment}" if parts.fragment else "")


def show_picture(token: Token) -> None:
    path = FOLDER / token.attrGet("src")
    token.attrSet("src", reverse("guides:picture", args=[path.name]))
    token.attrSet("loading", "lazy")
    # The room that it takes is known before it is there.
    if path.is_file():
        with Image.open(path) as picture:
            token.attrSet("width", str(picture.width))
            token.attrSet("height", str(picture.height))


def open_table(renderer, tokens, index, options, env) -> str:
    # Wide tables scroll by themselves, also for those who have no pointer.
    name = f"Table {tokens[index].meta['number']}"
    region = f'<div class="guide__table" role="region" aria-label="{name}" tabindex="0">'
    return region + renderer.renderToken(tokens, index, options, env)


def close_table(renderer, tokens, index, options, env) -> str:
    return f"{renderer.renderToken(tokens, index, options, env)}</div>"


parser = MarkdownIt("commonmark", {"html": False}).enable("table")
parser.add_render_rule("table_open", open_table)
parser.add_render_rule("table_close", close_table)
