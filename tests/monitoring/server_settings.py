"""Production as gunicorn runs it, with static files from where they lie."""

from ichei_site.settings import base
from ichei_site.settings.production import *  # noqa: F403

STORAGES = base.STORAGES
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
