"""Keeps words and addresses of people out of logs and reports."""

import re
import traceback

from .exchange import current

# Bounded, so that a long address without end costs no more than a short one. A path has "@" as %40, too.
EMAIL = re.compile(r"[\w.!#$&*+=~'-]{1,64}(?:@|%(?:25)*40)[\w-]{1,63}(?:\.[\w-]{1,63})+")
MASK = "[e-mail]"


def masked(text: str) -> str:
    """The text with a mark in the place of each e-mail address."""
    return EMAIL.sub(MASK, text) if "@" in text or "40" in text else text


def text_of(error: BaseException) -> str:
    """What an exception says, as far as it may be kept.

    Nothing where somebody sent a form or a query: the exception may quote it. Else its first line without
    e-mail addresses; PostgreSQL says in the first what is wrong, and in the next ones with which row.
    """
    asked = current()
    if asked is not None and asked.has_input:
        return ""
    lines = str(error).splitlines()
    return masked(lines[0]) if lines else ""


def traceback_of(error: BaseException) -> str:
    """Like Python's own, with `text_of` each exception instead of its full words."""
    parts, seen = [], set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
        said = text_of(error)
        places = "".join(traceback.format_tb(error.__traceback__))
        parts.append(f"Traceback (most recent call last):\n{places}{name}{': ' if said else ''}{said}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\nwhich led to\n\n".join(reversed(parts))
