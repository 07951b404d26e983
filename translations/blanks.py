"""What counts as empty in a translation.

The rich text editor leaves `<p data-block-key="…"></p>` behind in a field that a person sees as empty. Stored
as it is, it would keep the page from falling back to the source language and show a blank instead.
"""

import html
import re

from wagtail.blocks import StreamValue, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.rich_text import RichText

# Elements that a reader sees although they hold no letter.
VISIBLE_ELEMENT = re.compile(r"<(embed|img|hr)\b", re.IGNORECASE)
TAG = re.compile(r"<[^>]*>")
# Zero-width characters and marks of direction, which str.strip() keeps.
INVISIBLE = "".join(map(chr, (0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF)))


def is_blank_text(text: str | None) -> bool:
    """Whether plain text has nothing to read in it."""
    return not (text or "").translate(dict.fromkeys(map(ord, INVISIBLE))).strip()


def is_blank_markup(source: str | None) -> bool:
    """Whether rich text, as HTML, has nothing to see in it."""
    if VISIBLE_ELEMENT.search(source or ""):
        return False
    return is_blank_text(html.unescape(TAG.sub("", source or "")))


def is_blank(value) -> bool:
    """Whether a value of a translated field, a stream and its blocks included, shows a reader nothing."""
    match value:
        case None:
            return True
        case str():
            return is_blank_text(value)
        case RichText():
            return is_blank_markup(value.source)
        case StreamValue():
            return all(is_blank(child.value) for child in value)
        case StructValue():
            return all(is_blank(child) for child in value.values())
        case ListValue():
            return all(is_blank(child) for child in value)
        case _:
            return False
