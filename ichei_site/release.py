"""What tells one release of the site from another."""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings

# {folder: endings of the files in it that pages are made of}; with the code of every room.
FOLDERS = {
    "templates": {".html", ".xml"},
    "static": {".css", ".js", ".svg"},
    "locale": {".mo"},
}
SETTINGS = ("SHOW_UNREVIEWED_TRANSLATIONS", "LANGUAGES", "STATIC_URL", "MEDIA_URL", "WAGTAILADMIN_BASE_URL")


@cache
def release() -> str:
    """A fingerprint of all that a page is made of, but for its content: 12 hexadecimal digits.

    Two releases that run at the same time must not show each other's pages.
    """
    digest = hashlib.sha256()
    root = Path(settings.BASE_DIR)
    for path in sorted(files_of(root)):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(path.read_bytes())
    digest.update(repr([getattr(settings, name) for name in SETTINGS]).encode())
    return digest.hexdigest()[:12]


def files_of(root: Path) -> Iterator[Path]:
    for app in settings.INSTALLED_APPS:
        folder = root / app
        if folder.is_dir():
            yield from folder.rglob("*.py")
    for folder, endings in FOLDERS.items():
        yield from (path for path in (root / folder).rglob("*") if path.suffix in endings)
