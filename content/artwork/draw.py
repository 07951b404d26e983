"""Draws the site's abstract artwork: `python content/artwork/draw.py` writes all of it into content/images/.

Everything is geometry, without chance, so that the same code always gives the same pictures. All is drawn
three times as large and then made smaller, which smooths the edges.
"""

import math
from collections.abc import Callable, Iterable
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

FOLDER = Path(__file__).resolve().parent.parent / "images"
SCALE = 3

NIGHT, DEEP, LINK = "#072a49", "#0b3a63", "#0b5c92"
SEA, MIST, PALE, AMBER = "#3f8fbf", "#cfe0ec", "#eef4f8", "#f0ab3c"
# Amber itself turns green over blue.
DAWN = "#ffe6b8"

Point = tuple[float, float]


class Canvas:
    """A picture in the making. Places and widths are in its own final pixels."""

    def __init__(self, width: int, height: int, colours: tuple[str, str], turn: float = 35):
        """A soft passage from one colour to the other; `turn` is its angle in degrees."""
        self.width, self.height = width, height
        size = width * SCALE, height * SCALE
        ramp = Image.linear_gradient("L").resize((256, 256)).rotate(turn, expand=True, fillcolor=0)
        inner = int(256 / (abs(math.sin(math.radians(turn))) + abs(math.cos(math.radians(turn)))))
        edge = (ramp.width - inner) // 2
        ramp = ramp.crop((edge, edge, edge + inner, edge + inner)).resize(size, Image.Resampling.BICUBIC)
        self.picture = Image.composite(
            Image.new("RGB", size, colours[1]), Image.new("RGB", size, colours[0]), ramp
        )

    def mask(self) -> Image.Image:
        return Image.new("L", self.picture.size, 0)

    def paint(self, mask: Image.Image, colour: str, strength: float = 1) -> None:
        """Lays a colour over the picture where the mask is light."""
        if strength < 1:
            mask = mask.point(lambda light: round(light * strength))
        self.picture.paste(Image.new("RGB", self.picture.size, colour), mask=mask)

    def line(
        self, points: Iterable[Point], colour: str, width: float, strength: float = 1, glow: float = 0
    ) -> None:
        mask = self.mask()
        pen = ImageDraw.Draw(mask)
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        pen.line(scaled, fill=255, width=max(1, round(width * SCALE)), joint="curve")
        if glow:
            halo = mask.resize((self.width // 2, self.height // 2)).filter(ImageFilter.GaussianBlur(glow / 2))
            self.paint(halo.resize(mask.size, Image.Resampling.BICUBIC), colour, min(1, strength * 0.9))
        self.paint(mask, colour, strength)

    def disc(self, centre: Point, radius: float, colour: str, strength: float = 1) -> Image.Image:
        mask = self.mask()
        ImageDraw.Draw(mask).ellipse(self.box(centre, radius), fill=255)
        self.paint(mask, colour, strength)
        return mask

    def ring(self, centre: Point, radius: float, colour: str, width: float, strength: float = 1) -> None:
        mask = self.mask()
        ImageDraw.Draw(mask).ellipse(
            self.box(centre, radius), outline=255, width=max(1, round(width * SCALE))
        )
        self.paint(mask, colour, strength)

    def dot(self, centre: Point, radius: float, colour: str) -> None:
        """A point of light."""
        self.glow(centre, radius * 5, colour, 0.4)
        self.disc(centre, radius, colour)

    def glow(self, centre: Point, radius: float, colour: str, strength: float) -> None:
        """Light that fades out from a centre."""
        side = round(2 * radius * SCALE)
        light = ImageChops.invert(Image.radial_gradient("L")).point(
            lambda x: round((max(0, x - 74) / 181) ** 1.7 * 255)
        )
        mask = self.mask()
        x, y = centre
        mask.paste(
            light.resize((side, side), Image.Resampling.BICUBIC),
            (round((x - radius) * SCALE), round((y - radius) * SCALE)),
        )
        self.paint(mask, colour, strength)

    def box(self, centre: Point, radius: float) -> tuple[float, float, float, float]:
        x, y = centre
        return ((x - radius) * SCALE, (y - radius) * SCALE, (x + radius) * SCALE, (y + radius) * SCALE)

    def save(self, name: str, quality: int = 82) -> None:
        picture = self.picture.resize((self.width, self.height), Image.Resampling.LANCZOS)
        picture.save(FOLDER / f"{name}.webp", quality=quality, method=6)


def curve[T](of: Callable[[float], T], steps: int = 240) -> list[T]:
    return [of(step / steps) for step in range(steps + 1)]


def seen(points: Iterable[Point | None]) -> list[Point]:
    return [point for point in points if point is not None]


def smooth(t: float) -> float:
    return t * t * (3 - 2 * t)


def home_horizon() -> None:
    """A wide horizon: parallels of a globe under a rising light, and arcs that link places on it."""
    art = Canvas(1920, 1080, (NIGHT, LINK), turn=0)
    centre, radius = (1120.0, 1780.0), 1180.0
    art.glow((1240, 640), 1000, SEA, 0.6)
    art.glow((1240, 620), 460, DAWN, 0.55)
    # The globe, darker than the sky, with a bright rim.
    art.disc(centre, radius, DEEP)
    rim = art.mask()
    ImageDraw.Draw(rim).ellipse(art.box(centre, radius), fill=255)
    inner = art.mask()
    ImageDraw.Draw(inner).ellipse(art.box((centre[0] - 50, centre[1] + 90), radius + 10), fill=255)
    shine = ImageChops.subtract(rim, inner).resize((480, 270)).filter(ImageFilter.GaussianBlur(9))
    art.paint(ImageChops.multiply(shine.resize(rim.size, Image.Resampling.BICUBIC), rim), SEA, 0.8)

    def place(longitude: float, latitude: float, lift: float = 1) -> Point | None:
        """A point of the globe as it is seen, from angles in degrees; None behind the horizon."""
        tilt, lon, lat = (math.radians(angle) for angle in (58, longitude, latitude))
        x, y, z = math.cos(lat) * math.sin(lon), math.sin(lat), math.cos(lat) * math.cos(lon)
        if lift == 1 and z * math.cos(tilt) < y * math.sin(tilt):
            return None
        return centre[0] + x * radius * lift, centre[1] - (
            y * math.cos(tilt) + z * math.sin(tilt)
        ) * radius * lift

    for latitude in range(-40, 33, 6):
        art.line(seen(curve(lambda t, lat=latitude: place(-90 + 180 * t, lat))), MIST, 1.2, 0.26)
    for longitude in range(-80, 81, 8):
        art.line(seen(curve(lambda t, lon=longitude: place(lon, -50 + 84 * t))), MIST, 1.2, 0.2)
    art.ring(centre, radius, PALE, 2.4, 0.6)

    places = [(-44, 10), (-31, 1), (-24, 22), (-12, -3), (3, 13), (15, 27), (25, 3), (35, 14)]
    # (from, to, whether it is one of the bright ones)
    links = [
        (0, 4, False),
        (1, 5, True),
        (2, 7, True),
        (3, 6, False),
        (3, 5, False),
        (4, 7, False),
        (1, 6, False),
    ]
    for start, end, bright in links:
        (lon1, lat1), (lon2, lat2) = places[start], places[end]
        span = math.hypot(lon2 - lon1, lat2 - lat1)

        def arc(t: float, lon1=lon1, lat1=lat1, lon2=lon2, lat2=lat2, span=span) -> Point:
            lift = 1.00001 + 0.0034 * span * math.sin(math.pi * t)
            return place(lon1 + (lon2 - lon1) * t, lat1 + (lat2 - lat1) * t, lift)

        colour, width, strength = (AMBER, 3.4, 1) if bright else (PALE, 2, 0.6)
        art.line(curve(arc), colour, width, strength, glow=14 if bright else 0)
    bright_ones = {end for link in links if link[2] for end in link[:2]}
    for number, (longitude, latitude) in enumerate(places):
        is_bright = number in bright_ones
        art.dot(place(longitude, latitude, 1.00001), 7 if is_bright else 5, AMBER if is_bright else PALE)
    art.save("home-horizon", 76)


def about_rings() -> None:
    """Rings that grow from one centre and meet those of others."""
    art = Canvas(1600, 900, (PALE, MIST), turn=35)
    centres = [((560, 520), DEEP, 0.9), ((930, 400), LINK, 0.75), ((1180, 620), AMBER, 0.8)]
    for (centre, colour, _strength), radius in zip(centres, (330, 270, 200), strict=True):
        art.disc(centre, radius, colour, 0.16)
        art.disc(centre, radius * 0.66, colour, 0.22)
    for centre, colour, strength in centres:
        for step in range(1, 12):
            art.ring(centre, 44 * step, colour, 2.4 if step % 4 else 4.4, strength * (1 - step / 13))
    art.disc(centres[0][0], 74, DEEP)
    art.disc(centres[1][0], 58, LINK)
    art.disc(centres[2][0], 46, AMBER)
    art.line([centres[0][0], centres[1][0], centres[2][0]], PALE, 3, 0.9)
    for centre, _colour, _strength in centres:
        art.disc(centre, 11, PALE)
    art.save("about-rings", 68)


def converging_paths() -> None:
    """Many lines that come from afar and go on together."""
    art = Canvas(1600, 900, (NIGHT, LINK), turn=60)
    art.glow((1330, 430), 760, SEA, 0.45)
    count = 33
    for number in range(count):
        share = number / (count - 1)
        offset = 2 * share - 1

        def at(t: float, offset=offset) -> Point:
            x = -20 + 1640 * t
            together = smooth(min(1, max(0, (t - 0.04) / 0.78)))
            wave = math.sin(t * 4.4 + offset * 2.1) * 36 * (1 - together)
            return x, 440 + offset * (520 * (1 - together) + 34) + wave

        warm = number % 8 == 4
        art.line(
            curve(at, 320),
            AMBER if warm else MIST,
            3.4 if warm else 1.6,
            0.95 if warm else 0.5,
            glow=12 if warm else 0,
        )
        if number % 4 == 0:
            x, y = at(0.09 + 0.13 * ((number * 5) % 7) / 7)
            art.dot((x, y), 6 if warm else 4.5, AMBER if warm else PALE)
    art.save("converging-paths", 64)


def two_signatories() -> None:
    """Two circles, one of each side, that have a part in common above one line."""
    art = Canvas(1600, 900, (PALE, MIST), turn=35)
    first, second, radius = (655.0, 410.0), (945.0, 410.0), 260.0
    for step in range(1, 6):
        art.ring(first, radius + 30 * step, LINK, 2, 0.34 - 0.055 * step)
        art.ring(second, radius + 30 * step, AMBER, 2, 0.5 - 0.08 * step)
    left = art.disc(first, radius, LINK, 0.92)
    right = art.disc(second, radius, AMBER, 0.92)
    common = ImageChops.multiply(left, right)
    art.paint(common, DEEP)
    # Lines of both run through what they share.
    lines = art.mask()
    pen = ImageDraw.Draw(lines)
    for number in range(-9, 10):
        y = (410 + number * 24) * SCALE
        pen.line([(0, y), (1600 * SCALE, y)], fill=255, width=2 * SCALE)
    art.paint(ImageChops.multiply(lines, common), AMBER, 0.85)
    art.line([(180, 760), (1420, 760)], DEEP, 6)
    for x in (first[0], second[0]):
        art.disc((x, 760), 13, AMBER)
        art.disc((x, 760), 6, DEEP)
    art.save("two-signatories", 82)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for draw in (home_horizon, about_rings, converging_paths, two_signatories):
        draw()
