"""What a page weighs for a phone: bytes on the wire, as Brotli and the image formats leave them.

HTML is compressed when it is asked for (quality 7), files once and for all (quality 11, as WhiteNoise does).
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import brotli
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.staticfiles import finders

# A common phone: 360 CSS pixels wide, three dots to the pixel.
PHONE_DOTS = 360 * 3
HTML_QUALITY = 7


@dataclass(frozen=True)
class Weight:
    """Bytes of one page; `elsewhere` are the addresses that it would ask other hosts for."""

    html: int
    styles: int
    scripts: int
    pictures: int
    elsewhere: tuple[str, ...]

    @property
    def text(self) -> int:
        return self.html + self.styles

    @property
    def whole(self) -> int:
        return self.text + self.scripts + self.pictures


@cache
def file_bytes(address: str) -> int:
    """The size of a static file or an upload on the wire, from its address."""
    path = urlsplit(address).path
    if path.startswith(settings.MEDIA_URL):
        return (Path(settings.MEDIA_ROOT) / path.removeprefix(settings.MEDIA_URL)).stat().st_size
    found = finders.find(path.removeprefix(settings.STATIC_URL))
    assert found, f"{address} is no static file"
    data = Path(found).read_bytes()
    return min(len(data), len(brotli.compress(data)))


def chosen_picture(image) -> str:
    """The address that a phone takes for an <img>: of several widths the first with dots enough.

    In a <picture>, browsers of today take its first source.
    """
    better = image.parent.find("source") if image.parent.name == "picture" else None
    srcset = (better or image).get("srcset") or ""
    candidates = [candidate.split() for candidate in srcset.split(",") if candidate.strip()]
    by_width = sorted((int(width.removesuffix("w")), address) for address, width in candidates)
    enough = [address for width, address in by_width if width >= PHONE_DOTS]
    if by_width:
        return enough[0] if enough else by_width[-1][1]
    return image["src"]


def weigh(html: bytes) -> Weight:
    soup = BeautifulSoup(html.decode(), "html.parser")
    styles = [link["href"] for link in soup.select('link[rel~="stylesheet"]')]
    scripts = [script["src"] for script in soup.select("script[src]")]
    pictures = {chosen_picture(image) for image in soup.select("img")}
    pictures |= {link["href"] for link in soup.select('link[rel~="icon"]')}
    everything = [*styles, *scripts, *pictures]
    elsewhere = tuple(address for address in everything if not address.startswith("/") or address[1] == "/")

    def total(addresses) -> int:
        return sum(file_bytes(address) for address in addresses if address not in elsewhere)

    written = sum(
        len(script.get_text().encode())
        for script in soup.select("script:not([src])")
        if script.get("type", "text/javascript") in {"text/javascript", "module"}
    )
    return Weight(
        html=len(brotli.compress(html, quality=HTML_QUALITY)),
        styles=total(styles),
        scripts=total(scripts) + written,
        pictures=total(pictures),
        elsewhere=elsewhere,
    )


def text_bound(path: str) -> int:
    """HTML and CSS together, in bytes."""
    return 14_000 if path.strip("/") else 20_000


def whole_bound(path: str) -> int:
    """All that a phone loads of the page with this path after the language, in bytes."""
    return 250_000 if not path.strip("/") or path.startswith("news/") else 100_000
