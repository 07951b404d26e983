"""Turns the Markdown of the starting content into rich text and into the blocks of a page.

A small part of CommonMark, parsed by markdown-it; anything else is refused with its line.
"""

import hashlib
import re
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from pages.blocks import TEXT_FEATURES

NAMESPACE = uuid.UUID("6f3c2f0e-7a0b-5a1f-9a57-1c8f2d1f9e10")
ALLOWED_SCHEMES = re.compile(r"(?:https?://|mailto:|/)")
# A link to a page by its key in site.toml; and as it waits in rich text for the number of the page, in the
# guise of an address within the site, since the editor's own converter drops what it doesn't know.
PAGE_ADDRESS = re.compile(r"page:(?P<key>.*)")
PAGE_MARK = "/page:"
PAGE_LINK = re.compile(rf'<a href="{PAGE_MARK}(?P<key>[^"]*)">(?P<words>.*?)</a>')
TEXT_BLOCKS = {"paragraph_open", "bullet_list_open", "ordered_list_open"}
ATTRIBUTION = re.compile(r"\n(?:—|——|–) *(?P<name>.+)\Z")

WRONG_ADDRESS = "A link starts with https://, http://, mailto: or /, or names a page, such as page:contact."

Complaint = Callable[[str, int], Exception]


@dataclass(frozen=True)
class Known:
    """What a text may name, by its key in site.toml: pictures, with what stands for each, and pages."""

    pictures: Mapping[str, object]
    pages: Collection[str]


parser = MarkdownIt("commonmark", {"html": False})
converter = ContentstateConverter(features=TEXT_FEATURES)


def block_key(seed: str, number: int) -> str:
    """A key such as the rich text editor gives its paragraphs, but the same at each load and in each
    language.
    """
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()[:5]


def block_id(seed: str) -> str:
    """The id of a block, the same at each load and in each language."""
    return str(uuid.uuid5(NAMESPACE, seed))


def canonical(markup: str, seed: str) -> str:
    """Rich text as Wagtail's editor will store it, so that saving a page unchanged changes nothing."""
    number = 0

    def with_key(match: re.Match) -> str:
        nonlocal number
        number += 1
        return f'<{match[1]} data-block-key="{block_key(seed, number)}">'

    keyed = re.sub(r"<(p|li)>", with_key, markup)
    return converter.to_database_format(converter.from_database_format(keyed))


def top_level(tokens: list[Token]) -> list[list[Token]]:
    """The tokens of each block at the top level."""
    groups, depth = [], 0
    for token in tokens:
        if depth == 0:
            groups.append([])
        groups[-1].append(token)
        depth += token.nesting
    return groups


def check_address(address: str, line: int, known: Known, complain: Complaint) -> None:
    if match := PAGE_ADDRESS.fullmatch(address):
        if match["key"] not in known.pages:
            raise complain(f"There is no page “{match['key']}” in site.toml.", line)
    elif address.startswith(PAGE_MARK) or not ALLOWED_SCHEMES.match(address):
        raise complain(WRONG_ADDRESS, line)


def check_inline(tokens: list[Token], known: Known, complain: Complaint) -> None:
    for token in tokens:
        line = (token.map or [0])[0] + 1
        for child in token.children or []:
            if child.type in {"html_inline", "code_inline"}:
                raise complain("Only **bold**, _emphasis_ and [links](https://…) are known here.", line)
            if child.type == "image":
                raise complain("A picture stands alone, with an empty line before and after it.", line)
            if child.type == "link_open":
                check_address(str(child.attrs.get("href")), line, known, complain)
            if child.type == "text" and "](" in child.content:
                # The parser leaves a link that could run a script as it is.
                raise complain(WRONG_ADDRESS, line)
            if child.type == "text" and re.search(r"</?[a-zA-Z][^>]*>", child.content):
                raise complain("HTML is not known here: use Markdown.", line)


def plain_text(inline: Token, complain: Complaint) -> str:
    """The text of a heading or a quotation, which knows no marks; raises for one that has some."""
    kinds = {child.type for child in inline.children or []}
    if not kinds <= {"text", "softbreak", "hardbreak"}:
        raise complain("Headings and quotations hold plain text only.", (inline.map or [0])[0] + 1)
    return "".join("\n" if child.type.endswith("break") else child.content for child in inline.children or [])


def to_markup(tokens: list[Token], known: Known, complain: Complaint) -> str:
    check_inline(tokens, known, complain)
    for token in tokens:
        # Wagtail's lists have no paragraphs in them, however far apart their items stand in the file.
        if token.level and token.type in {"paragraph_open", "paragraph_close"}:
            token.hidden = True
        if token.level and token.type in {"heading_open", "blockquote_open", "fence", "code_block", "hr"}:
            raise complain("A list holds plain text only.", (token.map or [0])[0] + 1)
    markup = parser.renderer.render(tokens, parser.options, {})
    for plain, wagtail in (("strong", "b"), ("em", "i")):
        markup = markup.replace(f"<{plain}>", f"<{wagtail}>").replace(f"</{plain}>", f"</{wagtail}>")
    markup = markup.replace('<a href="page:', f'<a href="{PAGE_MARK}')
    # A line's end within a paragraph is only how the file was wrapped.
    markup = re.sub(r"\s*\n\s*", " ", markup)
    return re.sub(r"> <(/?(?:p|ul|ol|li)\b)", r"><\1", markup).strip()


def to_rich_text(text: str, seed: str, known: Known, complain: Complaint) -> str:
    """Rich text of paragraphs and lists, as Wagtail's editor stores it."""
    tokens = parser.parse(text)
    for group in top_level(tokens):
        if group[0].type not in TEXT_BLOCKS:
            raise complain("Only paragraphs and lists are known here.", (group[0].map or [0])[0] + 1)
    return canonical(to_markup(tokens, known, complain), seed) if tokens else ""


def picture(group: list[Token]) -> Token | None:
    """The image of a paragraph that consists of nothing else."""
    if group[0].type != "paragraph_open":
        return None
    children = [child for child in group[1].children or [] if child.content.strip() or child.type == "image"]
    return children[0] if len(children) == 1 and children[0].type == "image" else None


def to_blocks(text: str, seed: str, known: Known, complain: Complaint) -> list[dict]:
    """The raw data of a page's blocks. `seed` makes their ids the same at each load."""
    blocks: list[dict] = []
    pending: list[Token] = []

    def add(kind: str, value) -> None:
        identifier = block_id(f"{seed}/{len(blocks)}")
        blocks.append({"type": kind, "value": value, "id": identifier})

    def flush() -> None:
        if pending:
            add("text", canonical(to_markup(pending, known, complain), f"{seed}/{len(blocks)}"))
            pending.clear()

    for group in top_level(parser.parse(text)):
        first = group[0]
        line = (first.map or [0])[0] + 1
        image = picture(group)
        if image is None and first.type in TEXT_BLOCKS:
            pending.extend(group)
            continue
        flush()
        if image is not None:
            key = str(image.attrs.get("src"))
            if key not in known.pictures:
                raise complain(f"There is no picture “{key}” in site.toml.", line)
            add("figure", {"image": known.pictures[key], "caption": str(image.attrs.get("title") or "")})
        elif first.type == "heading_open" and first.tag in {"h2", "h3"}:
            check_inline([group[1]], known, complain)
            heading = plain_text(group[1], complain).strip()
            if not heading:
                raise complain("A heading needs its words on the same line.", line)
            add("heading" if first.tag == "h2" else "subheading", heading)
        elif first.type == "blockquote_open":
            check_inline(group, known, complain)
            if {token.type for token in group[1:-1]} - {"paragraph_open", "inline", "paragraph_close"}:
                raise complain("Headings and quotations hold plain text only.", line)
            words = "\n".join(plain_text(token, complain) for token in group if token.type == "inline")
            match = ATTRIBUTION.search(words)
            quotation = words[: match.start()] if match else words
            add("quote", {"text": quotation, "attribution": match["name"] if match else ""})
        else:
            raise complain(
                "Only paragraphs, ## and ### headings, lists, > quotations and pictures are known.", line
            )
    flush()
    return blocks
