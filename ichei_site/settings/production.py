"""Production: everything secret or particular to the place comes from the environment."""

import os

from django.core.exceptions import ImproperlyConfigured

from monitoring import error_reports, logs

from .base import *  # noqa: F403
from .base import BASE_DIR, BY_A_WORKER, LOGGERS, STORAGES, TASKS, database
from .environment import flag, required, whole_number

SECRET_KEY = required("SECRET_KEY", "a random text of at least 50 characters that signs sessions")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY is too short to be safe: use at least 50 random characters.")
ALLOWED_HOSTS = [
    host.strip()
    for host in required("ALLOWED_HOSTS", "the site's host names, separated by commas").split(",")
    if host.strip()
]
if not ALLOWED_HOSTS or any("/" in host for host in ALLOWED_HOSTS):
    raise ImproperlyConfigured("ALLOWED_HOSTS names hosts alone: write www.example.org,example.org.")
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS names every host (*): name the site's own hosts instead.")
SHOW_UNREVIEWED_TRANSLATIONS = flag("SHOW_UNREVIEWED_TRANSLATIONS", default=False)
# What is in no folder can be served by no web server alone.
SERVE_MEDIA = flag("SERVE_MEDIA", default=bool(os.environ.get("S3_BUCKET", "").strip()))
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS]


def mailer() -> dict:
    """How mail leaves: by the server that EMAIL_HOST names, or by one on this machine.

    A server that doesn't answer keeps nobody waiting for longer than the timeout.
    """
    port = os.environ.get("EMAIL_PORT", "").strip()
    if port and not (port.isdecimal() and 1 <= int(port) <= 65535):
        raise ImproperlyConfigured("The environment variable EMAIL_PORT is no port: write 1 to 65535.")
    host = os.environ.get("EMAIL_HOST", "").strip()
    security = os.environ.get("EMAIL_SECURITY", "").strip().lower() or ("starttls" if host else "none")
    if security not in {"starttls", "tls", "none"}:
        raise ImproperlyConfigured("The environment variable EMAIL_SECURITY is starttls, tls or none.")
    ports = {"starttls": 587, "tls": 465, "none": 25}
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": host or "localhost",
            "port": int(port or ports[security]),
            "username": os.environ.get("EMAIL_USER", ""),
            "password": os.environ.get("EMAIL_PASSWORD", ""),
            "use_tls": security == "starttls",
            "use_ssl": security == "tls",
            "timeout": 10,
        },
    }


MAILERS = {"default": mailer()}
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "").strip() or f"webmaster@{ALLOWED_HOSTS[0].lstrip('.')}"
SERVER_EMAIL = DEFAULT_FROM_EMAIL

PROXIES_IN_FRONT = whole_number("PROXIES_IN_FRONT", 1, "0, 1, 2 or more")

DATABASES = {"default": database(f"sqlite:///{BASE_DIR / 'var' / 'db.sqlite3'}")}


def media_store() -> dict:
    """Where uploads are kept: in the folder MEDIA_ROOT, or in a store of the S3 kind."""
    bucket = os.environ.get("S3_BUCKET", "").strip()
    if not bucket:
        return STORAGES["default"]
    endpoint = os.environ.get("S3_ENDPOINT", "").strip()
    if endpoint and not endpoint.startswith(("https://", "http://")):
        raise ImproperlyConfigured("S3_ENDPOINT is no address: write https://s3.example.org.")
    style = os.environ.get("S3_ADDRESSING", "").strip().lower()
    if style not in {"", "path", "virtual"}:
        raise ImproperlyConfigured("The environment variable S3_ADDRESSING is path or virtual.")
    return {
        "BACKEND": "library.s3.S3Store",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": endpoint or None,
            "region_name": os.environ.get("S3_REGION", "").strip() or None,
            "access_key": required("S3_ACCESS_KEY", "the key that may read, write and list S3_BUCKET"),
            "secret_key": required("S3_SECRET_KEY", "the secret that belongs to S3_ACCESS_KEY"),
            "location": os.environ.get("S3_PREFIX", "").strip().strip("/"),
            "addressing_style": style or None,
        },
    }


STORAGES = STORAGES | {
    "default": media_store(),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

if flag("BACKGROUND_WORKER", default=True):
    TASKS = TASKS | {"worker": BY_A_WORKER}

PAGE_CACHE_MEGABYTES = whole_number("PAGE_CACHE_MEGABYTES", 64, "64, or 0 for no cache")


def outer_caches() -> dict[str, dict]:
    """The caches in front that are to be told of changes: by PURGE, or a zone of Cloudflare."""
    found = {}
    for number, location in enumerate(os.environ.get("PURGE_LOCATIONS", "").split(","), 1):
        if not location.strip():
            continue
        if not location.strip().startswith(("http://", "https://")):
            raise ImproperlyConfigured(
                "PURGE_LOCATIONS names no cache: write its address, such as http://10.0.0.5:6081."
            )
        found[f"cache-{number}"] = {
            "BACKEND": "wagtail.contrib.frontend_cache.backends.HTTPBackend",
            "LOCATION": location.strip(),
        }
    if zone := os.environ.get("CLOUDFLARE_ZONE", "").strip():
        found["cloudflare"] = {
            "BACKEND": "wagtail.contrib.frontend_cache.backends.CloudflareBackend",
            "ZONEID": zone,
            "BEARER_TOKEN": required("CLOUDFLARE_TOKEN", "the token that may purge the zone CLOUDFLARE_ZONE"),
        }
    return found


WAGTAILFRONTENDCACHE = outer_caches()

# TLS usually ends at a proxy in front, which says so in this header.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = flag("SECURE_SSL_REDIRECT", default=True)
# Browsers remember for a year to use HTTPS alone; HSTS_WHOLE_DOMAIN=0 leaves out what lies below the host.
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = flag("HSTS_WHOLE_DOMAIN", default=True)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

# Links in e-mails and in the admin lead to the site itself unless BASE_URL says otherwise.
WAGTAILADMIN_BASE_URL = os.environ.get("BASE_URL") or f"https://{ALLOWED_HOSTS[0].lstrip('.')}"

# Shared by the processes of one machine: what one of them learns to be out of date, all do.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": BASE_DIR / "var" / "cache",
    }
}
# Redis or Valkey for several machines, which each can do without.
if redis_url := os.environ.get("REDIS_URL", "").strip():
    if not redis_url.startswith(("redis://", "rediss://", "unix://")):
        raise ImproperlyConfigured("REDIS_URL is no address of a Redis: write redis://host:6379/0.")
    CACHES = {
        "default": {
            "BACKEND": "caching.redis.DispensableRedisCache",
            "LOCATION": redis_url,
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 0.5},
        }
    }
    PAGE_CACHE_SHARED = "default"

# Seeing what the site does: docs/operations/monitoring.md.
# One line a request says what was not found or refused, so Django need not.
ACCESS_LOGGERS = {
    logs.ACCESS: {"level": "INFO"},
    "django.request": {"level": "ERROR"},
    "django.security.DisallowedHost": {"level": "CRITICAL"},
}
LOGGING = logs.configuration(
    logs.chosen_format("json"),
    LOGGERS | ACCESS_LOGGERS if flag("ACCESS_LOG", default=True) else LOGGERS,
)

SLOW_QUERY_MS = whole_number("SLOW_QUERY_MS", 500, "500, or 0 to hear of no query")

METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "").strip()
if METRICS_TOKEN and not (
    len(METRICS_TOKEN) >= 20 and METRICS_TOKEN.isascii() and METRICS_TOKEN.isprintable()
):
    raise ImproperlyConfigured(
        "METRICS_TOKEN is too short to be safe, or not plain: use at least 20 random letters and digits."
    )

if SENTRY_DSN := os.environ.get("SENTRY_DSN", "").strip():
    error_reports.report_to(SENTRY_DSN)
