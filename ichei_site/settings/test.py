"""The test suite: SQLite in memory unless DATABASE_URL names another database, and nothing kept."""

import tempfile

from .base import *  # noqa: F403
from .base import database

SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["*"]
DATABASES = {"default": database("sqlite://:memory:")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
MEDIA_ROOT = tempfile.mkdtemp(prefix="ichei-test-media-")
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
SERVE_MEDIA = True
STYLEGUIDE = True
# Six languages deep, as the Centre's content comes.
SHOW_UNREVIEWED_TRANSLATIONS = True
# A test that needs a service starts one of its own.
MACHINE_TRANSLATION = None
