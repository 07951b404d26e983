"""Reads the starting content from its files; knows nothing of the database.

The format is described in content/README.md.
"""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from .errors import ContentError

FENCE = "+++"
# What a file may say of its translation.
STATUSES = ("machine-translated", "reviewed")
POSITION = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)")


@dataclass
class ContentFile:
    """A file of words or structure: its TOML as `data`, and, of a page, the text below it."""

    path: Path
    data: dict
    text: str = ""
    # The line of the file before the first of the text, to report a mistake in the text.
    text_offset: int = 0
    source: str = field(default="", repr=False)

    def error(self, message: str, key: str = "", line: int | None = None) -> ContentError:
        """A mistake on a line, or where `key` is defined."""
        return ContentError(self.path, line or self.line_of(key), message)

    def line_of(self, key: str) -> int | None:
        """The line on which a key or a table stands; None where it can't be found."""
        last = key.rpartition(".")[2]
        pattern = (
            re.compile(rf"\s*(?:\[+[\w.-]*\b{re.escape(last)}\]+|{re.escape(last)}\s*=)") if key else None
        )
        for number, line in enumerate(self.source.splitlines(), start=1):
            if pattern and pattern.match(line):
                return number
        return None

    def table(self, name: str) -> dict:
        """A table of the head, empty where there is none; raises `ContentError` if it isn't a table."""
        value = self.data.get(name, {})
        if not isinstance(value, dict):
            raise self.error(f"“{name}” must be a table, written [{name}].", name)
        return value

    def status(self, is_source: bool) -> str | None:
        """The status of a translation; raises `ContentError` where it is missing or unknown."""
        value = self.data.get("status")
        if is_source:
            if value is not None:
                raise self.error("The source language has no status: delete this line.", "status")
            return None
        if value not in STATUSES:
            known = " or ".join(f'"{status}"' for status in STATUSES)
            raise self.error(f"Write status = {known} at the top of a translation.", "status")
        return value


def read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise ContentError(path, None, "This file is missing.") from error
    except OSError as error:
        raise ContentError(path, None, f"This file can't be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise ContentError(path, line, "This is not UTF-8 text: save the file as UTF-8.") from error


def parse_toml(path: Path, source: str, offset: int = 0, end: int | None = None) -> dict:
    """The data of a TOML text that starts after `offset` lines of its file."""
    try:
        return tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        match = POSITION.search(str(error))
        line = offset + int(match[1]) if match and match[1] else end or offset + source.count("\n") + 1
        reason = POSITION.sub("", str(error)).strip()
        raise ContentError(path, line, f"This is not valid TOML ({reason}).") from error


def read_toml(path: Path) -> ContentFile:
    source = read_text(path)
    return ContentFile(path, parse_toml(path, source), source=source)


def read_page(path: Path) -> ContentFile:
    """A page: a TOML head between two lines of "+++", and the text below."""
    source = read_text(path)
    lines = source.splitlines()
    if not lines or lines[0].strip() != FENCE:
        raise ContentError(path, 1, f"A page starts with a line of {FENCE}.")
    try:
        close = next(number for number, line in enumerate(lines[1:], start=1) if line.strip() == FENCE)
    except StopIteration:
        raise ContentError(path, len(lines), f"The head is not closed by a second line of {FENCE}.") from None
    head = "\n".join(lines[1:close])
    data = parse_toml(path, head, offset=1, end=close + 1)
    return ContentFile(path, data, "\n".join(lines[close + 1 :]), close + 1, source)
