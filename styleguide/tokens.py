"""The tokens of the site, read from its style sheet itself, so that the guide can't say anything else."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.conf import settings

SHEET = settings.BASE_DIR / "static" / "css" / "site.css"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
PIECE = re.compile(r"([^{};]*)([{};])")
DARK = re.compile(r"prefers-color-scheme:\s*dark")
SCHEMES = ("light", "dark")
# What is written on what, by the names of the tokens: each ink on each ground.
WRITTEN = (
    (("ink", "ink-soft", "heading", "link", "danger"), ("paper", "mist", "notice")),
    (("on-deep", "on-deep-soft"), ("deep",)),
)
# WCAG 2.2, 1.4.3.
LEAST_CONTRAST = 4.5


def declarations(css: str) -> list[tuple[tuple[str, ...], str, str]]:
    """(what stands around it, property, value) of each declaration of a style sheet, in order."""
    found, around = [], []
    for words, end in PIECE.findall(COMMENT.sub("", css)):
        words = " ".join(words.split())
        if end == "{":
            around.append(words)
            continue
        name, colon, value = words.partition(":")
        if colon and around:
            found.append((tuple(around), name.strip(), value.strip()))
        if end == "}" and around:
            around.pop()
    return found


def channels(colour: str) -> tuple[float, float, float] | None:
    """Red, green and blue from 0 to 1; None for what isn't written as #rgb, #rrggbb or rgb(r g b)."""
    if match := re.fullmatch(r"#([0-9a-f]{3}|[0-9a-f]{6})", colour, re.IGNORECASE):
        digits = match[1] if len(match[1]) == 6 else "".join(digit * 2 for digit in match[1])
        return tuple(int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    if match := re.fullmatch(r"rgb\((\d+)[ ,]+(\d+)[ ,]+(\d+)\)", colour):
        return tuple(int(part) / 255 for part in match.groups())
    return None


def luminance(rgb: tuple[float, float, float]) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float | None:
    """The contrast of two colours, 1 to 21; None where one of them can't be computed."""
    pair = [channels(colour) for colour in (one, other)]
    if None in pair:
        return None
    lighter, darker = sorted((luminance(rgb) for rgb in pair), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@dataclass(frozen=True)
class Contrast:
    """The contrast of a pair in each scheme."""

    ink: str
    ground: str
    ratios: dict[str, float]

    @property
    def is_enough(self) -> bool:
        return min(self.ratios.values()) >= LEAST_CONTRAST


class Tokens:
    """The custom properties on :root. Colours by scheme, from light-dark() or from a query for the dark."""

    def __init__(self, css: str):
        self.values: dict[str, dict[str, str]] = {scheme: {} for scheme in SCHEMES}
        for around, name, value in declarations(css):
            if not name.startswith("--") or not around[-1].startswith(":root"):
                continue
            media = [words for words in around if words.startswith("@media")]
            if any(DARK.search(words) for words in media):
                self.values["dark"][name[2:]] = value
            # What paper and the like have besides is no scheme.
            elif not media:
                self.values["light"][name[2:]] = value
                self.values["dark"].setdefault(name[2:], value)

    def value(self, name: str, scheme: str) -> str:
        """The value of a token in a scheme, without `var()` and `light-dark()`."""
        text = self.values[scheme][name]
        if match := re.fullmatch(r"light-dark\(\s*([^,]+?)\s*,\s*([^,]+?)\s*\)", text):
            text = match[SCHEMES.index(scheme) + 1]
        if match := re.fullmatch(r"var\(--([\w-]+)\)", text):
            return self.value(match[1], scheme) if match[1] in self.values[scheme] else text
        return text

    @cached_property
    def colours(self) -> list[str]:
        return [name for name in self.values["light"] if channels(self.value(name, "light"))]

    def beginning_with(self, start: str) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.values["light"].items() if name.startswith(start)]

    @property
    def spaces(self) -> list[tuple[str, str]]:
        return self.beginning_with("space-")

    @property
    def sizes(self) -> list[tuple[str, str]]:
        return self.beginning_with("text-")

    @property
    def others(self) -> list[tuple[str, str]]:
        shown = {*self.colours, *dict(self.spaces), *dict(self.sizes)}
        return [(name, value) for name, value in self.values["light"].items() if name not in shown]

    @property
    def contrasts(self) -> list[Contrast]:
        """Of each ink on each of its grounds, as far as they can be computed."""
        found = []
        for inks, grounds in WRITTEN:
            for ink in inks:
                for ground in grounds:
                    if {ink, ground} <= set(self.colours):
                        pairs = {each: (self.value(ink, each), self.value(ground, each)) for each in SCHEMES}
                        ratios = {scheme: contrast(*pair) for scheme, pair in pairs.items()}
                        if None not in ratios.values():
                            found.append(Contrast(ink, ground, ratios))
        return found

    @property
    def sheet(self) -> str:
        """Rules by which the guide shows the tokens; a style attribute is what no page here has."""
        rules = [
            f".swatch-{scheme}-{name} {{ background: {self.value(name, scheme)} }}"
            for scheme in SCHEMES
            for name in self.colours
        ]
        rules += [f".bar-{name} {{ inline-size: var(--{name}) }}" for name, _value in self.spaces]
        rules += [f".sample-{name} {{ font-size: var(--{name}) }}" for name, _value in self.sizes]
        return "\n".join(rules)


def read(sheet: Path = SHEET) -> Tokens:
    return Tokens(sheet.read_text())
