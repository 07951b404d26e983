"""Production, served over HTTP on this machine with nothing in front: what `make lighthouse` looks at.

What differs is what the loopback address needs, and where this machine keeps things.
"""

import os
import secrets
from pathlib import Path

VAR_DIR = Path(os.environ["VAR_DIR"])
os.environ |= {
    "SECRET_KEY": secrets.token_urlsafe(50),
    "ALLOWED_HOSTS": "127.0.0.1",
    "SECURE_SSL_REDIRECT": "0",
    "DATABASE_URL": f"sqlite:///{VAR_DIR / 'db.sqlite3'}",
    "MEDIA_ROOT": str(VAR_DIR / "media"),
    "SERVE_MEDIA": "1",
    "SHOW_UNREVIEWED_TRANSLATIONS": "1",
    # What is looked at are the pages; a line for each would hide what is said of them.
    "ACCESS_LOG": "0",
}

from ichei_site.settings.production import *  # noqa: E402, F403
from ichei_site.settings.production import CACHES  # noqa: E402

STATIC_ROOT = VAR_DIR / "static"
# The public site's own files: to compress those of the admin takes a minute.
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
CACHES = {"default": CACHES["default"] | {"LOCATION": VAR_DIR / "cache"}}
