"""Marks in right-to-left inputs.

Among Arabic words, "</1>" would be shown as "<1/>": the bidirectional algorithm (UAX 9) mirrors and reorders
its signs. Between a left-to-right isolate and its end it keeps its form. The isolates exist in the input
alone; they are put in when a text is shown and taken out when it comes back.
"""

import re

from .languages import Language

LEFT_TO_RIGHT_ISOLATE, END_OF_ISOLATE = "\u2066", "\u2069"
CODE = re.compile(r"(?<!\\)</?\d{1,4}/?>")
ISOLATED = re.compile(r"\u2066?(?<!\\)(</?\d{1,4}/?>)\u2069?")
EMPTY = re.compile(r"\u2066\s*\u2069")


def isolated(text: str, language: Language) -> str:
    """A text with codes as an input in this language shows it."""
    if language.direction == "ltr":
        return text
    return CODE.sub(lambda match: f"{LEFT_TO_RIGHT_ISOLATE}{match[0]}{END_OF_ISOLATE}", text)


def without_isolates(text: str, language: Language) -> str:
    """What an input in this language holds, as it is stored."""
    if language.direction == "ltr":
        return text
    return EMPTY.sub("", ISOLATED.sub(r"\1", text))
