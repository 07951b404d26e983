"""Production: everything secret or particular to the place comes from the environment."""

import os

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import BASE_DIR, STORAGE_DEFAULTS, database


def required(name: str, purpose: str) -> str:
    """The environment variable `name`; raises `ImproperlyConfigured` with one sentence if it is empty."""
    value = os.environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"Set the environment variable {name}: {purpose}.")
    return value


def flag(name: str, default: bool) -> bool:
    """The environment variable `name` as yes or no; raises `ImproperlyConfigured` for anything else."""
    value = os.environ.get(name, "").strip().lower()
    if value in {"", "1", "true", "yes", "0", "false", "no"}:
        return value in {"1", "true", "yes"} if value else default
    raise ImproperlyConfigured(f"The environment variable {name} says neither yes nor no: write 1 or 0.")


SECRET_KEY = required("SECRET_KEY", "a random text of at least 50 characters that signs sessions")
ALLOWED_HOSTS = [
    host.strip()
    for host in required("ALLOWED_HOSTS", "the site's host names, separated by commas").split(",")
    if host.strip()
]
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS names every host (*): name the site's own hosts instead.")
SERVE_MEDIA = flag("SERVE_MEDIA", default=False)
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS]

DATABASES = {"default": database(f"sqlite:///{BASE_DIR / 'var' / 'db.sqlite3'}")}

STORAGES = STORAGE_DEFAULTS | {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# TLS usually ends at a proxy in front, which says so in this header.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = flag("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
