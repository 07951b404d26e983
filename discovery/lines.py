"""Where a title may be broken into lines, and where it is broken best."""

import re
from collections.abc import Callable
from functools import cache

# What may not begin and what may not end a line of Chinese (GB/T 15834, and W3C's Requirements for Chinese
# Text Layout, 3.1.4).
NO_LINE_BEGINS_WITH = "、，。．：；？！）》〉」』】〕］｝”’…—～·％%‰°℃),.:;?!]}"
NO_LINE_ENDS_WITH = "（《〈「『【〔［｛“‘([{￥$#"
HAN = re.compile(r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]")

# A longer word than any language has may be broken, or it would run over the edge.
LONGEST_WORD = 24

Width = Callable[[str], float]


def pieces(text: str) -> list[str]:
    """The smallest pieces between which a line may end; a space belongs to the piece before it."""
    found: list[str] = []
    # A word of other letters stays whole; each Chinese character is a piece of its own.
    for piece in re.findall(rf"{HAN.pattern}|(?:(?!{HAN.pattern})\S){{1,{LONGEST_WORD}}}\s*|\s+", text):
        before = found[-1] if found else ""
        if before and (
            piece[0] in NO_LINE_BEGINS_WITH
            or piece.isspace()
            or (before[-1] in NO_LINE_ENDS_WITH and not before[-1].isspace())
        ):
            found[-1] += piece
        else:
            found.append(piece)
    return found


def fill(parts: list[str], width: float, measure: Width) -> list[str]:
    """Lines that hold as much as they can, or one piece where that is wider."""
    lines: list[str] = []
    line, taken = "", 0.0
    for part in parts:
        if line and taken + measure(part.rstrip()) > width:
            lines.append(line.rstrip())
            line, taken = "", 0.0
        line += part
        taken += measure(part)
    return [*lines, line.rstrip()] if line.strip() else lines


def balanced(text: str, width: float, measure: Width) -> list[str]:
    """As few lines as fit the width, and of these the most even ones.

    What is between the pieces, such as kerning, counts for nothing.
    """
    parts = pieces(text)
    measure = cache(measure)
    fewest = fill(parts, width, measure)
    narrow, wide = width / 2, width
    # The narrowest column that takes no more lines.
    while len(fewest) > 1 and wide - narrow > width / 100:
        middle = (narrow + wide) / 2
        if len(fill(parts, middle, measure)) > len(fewest):
            narrow = middle
        else:
            wide = middle
    return fill(parts, wide, measure)


def shortened(lines: list[str], count: int, width: float, measure: Width) -> list[str]:
    """The first lines, the last of them with an ellipsis."""
    if len(lines) <= count:
        return lines
    last = lines[count - 1]
    while last and measure(f"{last}…") > width:
        last = last[:-1].rstrip()
    return [*lines[: count - 1], f"{last}…"]
