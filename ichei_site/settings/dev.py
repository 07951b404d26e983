"""`make run`: SQLite, a key of this machine's own, and the pages as visitors will see them.

`DEBUG=1 make run` shows errors in full instead of the site's own error pages.
"""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key

from .base import *  # noqa: F403
from .base import BASE_DIR, database

DEBUG = os.environ.get("DEBUG") == "1"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
# Static files straight from their folders, and pictures without a web server in front.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
SERVE_MEDIA = True
STYLEGUIDE = True

# Everything that this machine makes: database, pictures, key, password. Git ignores it.
VAR_DIR = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var")
VAR_DIR.mkdir(parents=True, exist_ok=True)
MEDIA_ROOT = VAR_DIR / "media"
# Shared with commands that run beside the server, so that it sees what they change.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "cache",
    }
}

# Kept in a file, so that a restart signs nobody out.
_key_file = VAR_DIR / "secret-key"
if not _key_file.exists():
    _key_file.write_text(get_random_secret_key())
    _key_file.chmod(0o600)
SECRET_KEY = _key_file.read_text()

DATABASES = {"default": database(f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}
ADMIN_PASSWORD_FILE = VAR_DIR / "admin-password"
# Six languages deep, as the Centre's content comes.
SHOW_UNREVIEWED_TRANSLATIONS = True
