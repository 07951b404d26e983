"""Compressed forms of an answer."""

import gzip

import brotli

# Higher takes several times as long for a few per cent.
BROTLI_QUALITY = 7
GZIP_LEVEL = 6
SHORTEST = 200
TEXTS = ("text/", "application/json", "application/xml", "application/rss+xml", "application/atom+xml")
TEXTS += ("application/ld+json", "application/manifest+json", "application/feed+json", "image/svg+xml")
IDENTITY = "identity"


def accepts(accepted: str, wanted: str) -> bool:
    """Whether an Accept-Encoding header (RFC 9110, 12.5.3) names a coding and does not refuse it."""
    for coding in accepted.lower().split(","):
        name, _semicolon, quality = coding.partition(";")
        if name.strip() == wanted:
            return quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def best_of(accepted: str) -> str:
    """The coding in which an answer is sent: "br", "gzip" or "identity"."""
    if accepts(accepted, "br"):
        return "br"
    return "gzip" if accepts(accepted, "gzip") else IDENTITY


def is_text(content_type: str) -> bool:
    return content_type.startswith(TEXTS)


def encoded(body: bytes, coding: str) -> bytes:
    """The same bytes for the same body, at any time and in any process."""
    match coding:
        case "br":
            return brotli.compress(body, quality=BROTLI_QUALITY)
        case "gzip":
            return gzip.compress(body, GZIP_LEVEL, mtime=0)
    return body
