"""Draws the picture that stands for a page where somebody shares its address."""

import hashlib
import unicodedata
from dataclasses import astuple, dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from anyascii import anyascii
from PIL import Image, ImageDraw, ImageFont, ImageOps, features

from pages.identity import SHORT_NAME
from translations.languages import Language, get_language

from .lines import balanced, shortened

FONTS = Path(__file__).parent / "fonts"
SIZE = WIDTH, HEIGHT = 1200, 630
MARGIN = 80
# The title keeps clear of the emblem.
TITLE_WIDTH = 930
MAST_WIDTH = 925
TITLE_SIZES = range(76, 35, -4)
TITLE_TOP, TITLE_BOTTOM = 212, 508

DEEP = (11, 58, 99)
DEEP_LIGHT = (19, 69, 114)
ACCENT = (240, 171, 60)
WHITE = (255, 255, 255)
SOFT = (198, 213, 228)

# A new number draws all cards anew.
DESIGN = 1


@dataclass(frozen=True)
class Card:
    """What stands on a card. All words are in `language`, or in English where they fall back."""

    language: str
    title: str
    section: str
    date: str
    centre: str

    @property
    def version(self) -> str:
        """Changes with what is drawn, so that an address always shows the same picture."""
        return hashlib.sha256(repr((DESIGN, astuple(self))).encode()).hexdigest()[:12]


def can_draw(language: Language) -> bool:
    """Whether this machine can shape the language's script.

    Pillow brings Raqm along but looks for FriBiDi on the machine; without it, Arabic letters would stand
    apart and in the wrong order.
    """
    return language.direction == "ltr" or (features.check("raqm") and features.check("fribidi"))


@cache
def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / name, size)


class Characters:
    """The characters that a font can draw."""

    def __init__(self, name: str):
        self.face = font(name, 16)
        self.empty = self.shape("\ufffe")
        self.known: dict[str, bool] = {}

    def shape(self, character: str) -> tuple[bytes, tuple[int, int]]:
        mask = self.face.getmask(character)
        return bytes(mask), mask.size

    def __contains__(self, character: str) -> bool:
        if character not in self.known:
            # Marks and what steers the direction have no shape of their own.
            invisible = unicodedata.category(character) in {"Cf", "Mn", "Zs"}
            self.known[character] = invisible or self.shape(character) != self.empty
        return self.known[character]


@cache
def characters(name: str) -> Characters:
    return Characters(name)


class Pen:
    """Draws and measures lines of one language at one size."""

    def __init__(self, language: Language, size: int, bold: bool = True):
        self.language = language
        wide = "NotoSansSC-Bold.otf"
        narrow = f"NotoSans-{'Bold' if bold else 'Regular'}.ttf"
        names = (wide, narrow) if language.script == "Hans" else (narrow, wide)
        self.fonts = [font(name, size) for name in names]
        self.known = [characters(name) for name in names]
        self.raqm = features.check("raqm") and features.check("fribidi")
        self.size = size

    def runs(self, text: str):
        """(font, text) of stretches that one font can draw, in the order of reading."""
        stretches: list[tuple[ImageFont.FreeTypeFont, str]] = []
        for character in text:
            choice = next(
                (face for face, known in zip(self.fonts, self.known, strict=True) if character in known), None
            )
            if self.language.direction == "rtl" and choice is not self.fonts[0]:
                # A line with two directions has to be shaped as a whole, by one font.
                choice = None
            if choice is None:
                choice, character = self.fonts[0], anyascii(character)
            if stretches and stretches[-1][0] is choice:
                stretches[-1] = choice, stretches[-1][1] + character
            else:
                stretches.append((choice, character))
        return stretches

    @property
    def shaping(self) -> dict:
        if not self.raqm:
            return {}
        return {"direction": self.language.direction, "language": self.language.tag}

    def width(self, text: str) -> float:
        return sum(face.getlength(run, **self.shaping) for face, run in self.runs(text))

    def draw(self, canvas: ImageDraw.ImageDraw, start: float, baseline: float, text: str, colour) -> None:
        """`start` is how far the text stands from the side where reading begins."""
        if self.language.direction == "rtl":
            start = round(WIDTH - start - self.width(text))
        for face, run in self.runs(text):
            canvas.text((start, baseline), run, colour, face, anchor="ls", **self.shaping)
            start += face.getlength(run, **self.shaping)


def draw(card: Card) -> bytes:
    """The card as a PNG of 1200 by 630 pixels."""
    language = get_language(card.language)
    image = ground(language.direction).copy()
    canvas = ImageDraw.Draw(image)
    draw_mast(canvas, card, language)
    draw_title(canvas, card, language)
    draw_foot(canvas, card, language)
    out = BytesIO()
    image.quantize(128, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


@cache
def ground(direction: str) -> Image.Image:
    """The brand's blue with the two paths of the site's mark, large and quiet, where lines of text end."""
    scale = 2
    image = Image.new("RGB", (WIDTH * scale, HEIGHT * scale), DEEP)
    canvas = ImageDraw.Draw(image)
    x, y, unit = 1086 * scale, 132 * scale, 24 * scale

    def place(point):
        return x + (point[0] - 14.5) * unit, y + (point[1] - 16) * unit

    for path in (((-6, 46), (6, 12), (15, 14), (34, 5)), ((0, -4), (8, 20), (15, 18), (34, 27))):
        stroke(canvas, [place(point) for point in path], 1.6 * unit, DEEP_LIGHT)
    dot(canvas, (x, y), 1.5 * unit, ACCENT)
    image = image.resize(SIZE, Image.Resampling.LANCZOS)
    return ImageOps.mirror(image) if direction == "rtl" else image


def stroke(canvas: ImageDraw.ImageDraw, curve, thickness: float, colour) -> None:
    """A cubic Bézier curve with round ends."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = curve
    steps = 400
    for step in range(steps + 1):
        t = step / steps
        u = 1 - t
        x = u**3 * x0 + 3 * u * u * t * x1 + 3 * u * t * t * x2 + t**3 * x3
        y = u**3 * y0 + 3 * u * u * t * y1 + 3 * u * t * t * y2 + t**3 * y3
        dot(canvas, (x, y), thickness / 2, colour)


def dot(canvas: ImageDraw.ImageDraw, centre: tuple[float, float], radius: float, colour) -> None:
    x, y = centre
    canvas.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def bar(canvas: ImageDraw.ImageDraw, language: Language, top: float, width: float, height: float) -> None:
    """A stroke in the accent colour, at the side where reading begins."""
    start = WIDTH - MARGIN - width if language.direction == "rtl" else MARGIN
    canvas.rectangle((start, top, start + width - 1, top + height - 1), fill=ACCENT)


def draw_mast(canvas: ImageDraw.ImageDraw, card: Card, language: Language) -> None:
    """The short name, and the full one below it where it is not the title already."""
    Pen(language, 36).draw(canvas, MARGIN, 104, SHORT_NAME, WHITE)
    if card.centre != card.title:
        pen = Pen(language, 23, bold=False)
        lines = shortened(balanced(card.centre, MAST_WIDTH, pen.width), 2, MAST_WIDTH, pen.width)
        for number, line in enumerate(lines):
            pen.draw(canvas, MARGIN, 146 + 32 * number, line, SOFT)


def draw_title(canvas: ImageDraw.ImageDraw, card: Card, language: Language) -> None:
    """The title as large as it fits, standing on the foot."""
    leading = {"Arab": 1.45, "Hans": 1.3}.get(language.script, 1.18)
    known = cache(Pen(language, TITLE_SIZES[0]).width)
    # Rather a little smaller than in a fourth line.
    for size, most in [(size, 3) for size in TITLE_SIZES if size >= 56] + [(size, 4) for size in TITLE_SIZES]:

        def measure(text: str, scale: float = size / TITLE_SIZES[0]) -> float:
            # Widths grow with the size, since the fonts have no hints: no need to shape each anew.
            return known(text) * scale

        lines = balanced(card.title, TITLE_WIDTH, measure)
        fits = all(measure(line) <= TITLE_WIDTH for line in lines)
        if fits and len(lines) <= most and len(lines) * size * leading <= TITLE_BOTTOM - TITLE_TOP:
            break
    else:
        lines = shortened(lines, 4, TITLE_WIDTH, measure)
    pen = Pen(language, size)
    step = size * leading
    top = TITLE_BOTTOM - len(lines) * step
    for number, line in enumerate(lines):
        # The baseline of a line lies at about four fifths of its height.
        pen.draw(canvas, MARGIN, top + number * step + (step + 0.72 * size) / 2, line, WHITE)


def draw_foot(canvas: ImageDraw.ImageDraw, card: Card, language: Language) -> None:
    """What kind of page it is, and of which day."""
    bar(canvas, language, HEIGHT - 84, 56, 5)
    start = MARGIN + 56 + 22
    pen = Pen(language, 26)
    if card.section:
        pen.draw(canvas, start, HEIGHT - 72, card.section, ACCENT)
        start += pen.width(card.section) + 28
    if card.date:
        Pen(language, 26, bold=False).draw(canvas, start, HEIGHT - 72, card.date, SOFT)
