"""Draws the site's icons from the mark in static/favicon.svg."""

from django.conf import settings
from django.core.management.base import BaseCommand
from PIL import Image, ImageDraw

from discovery.drawing import ACCENT, DEEP, WHITE, dot, stroke

ICONS = settings.BASE_DIR / "static" / "icons"
# The mark's own square, as in the SVG.
SQUARE = 32
PATHS = (((6, 23), (11, 14), (15, 14), (26, 9)), ((6, 9), (11, 18), (15, 18), (26, 23)))
SCALE = 4


def icon(size: int, corners: bool = True, room: float = 0) -> Image.Image:
    """The mark at a size in pixels, with `room` around it as a part of that size.

    Without round corners where a phone cuts its own.
    """
    large = size * SCALE
    unit = large * (1 - 2 * room) / SQUARE
    offset = large * room
    image = Image.new("RGBA", (large, large), (0, 0, 0, 0))
    canvas = ImageDraw.Draw(image)
    canvas.rounded_rectangle((0, 0, large - 1, large - 1), 6 * unit if corners else 0, DEEP)
    for path in PATHS:
        stroke(canvas, [(offset + x * unit, offset + y * unit) for x, y in path], 2.5 * unit, WHITE)
    dot(canvas, (offset + 14.5 * unit, offset + 16 * unit), 3 * unit, ACCENT)
    return image.resize((size, size), Image.Resampling.LANCZOS)


class Command(BaseCommand):
    help = "Draws static/icons/ anew. Run it after a change of the site's mark."

    def handle(self, *args, **options):
        (ICONS / "root").mkdir(parents=True, exist_ok=True)
        icon(48).save(ICONS / "root" / "favicon.ico", sizes=[(16, 16), (32, 32), (48, 48)])
        # Phones round the corners themselves, and cut up to a tenth off each side of a maskable icon.
        icon(180, corners=False).convert("RGB").save(ICONS / "apple-touch-icon.png", optimize=True)
        icon(192).save(ICONS / "icon-192.png", optimize=True)
        icon(512).save(ICONS / "icon-512.png", optimize=True)
        icon(512, corners=False, room=0.12).convert("RGB").save(
            ICONS / "icon-maskable-512.png", optimize=True
        )
