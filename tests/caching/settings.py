"""A scratch site with the page cache of production, in its own folder, with Redis if REDIS_URL names one."""

import os

from tests.audit.settings import *  # noqa: F403
from tests.audit.settings import VAR_DIR

if os.environ.get("SCRATCH_DATABASE_URL"):
    import dj_database_url

    DATABASES = {
        "default": dj_database_url.parse(
            os.environ["SCRATCH_DATABASE_URL"], conn_max_age=60, conn_health_checks=True
        )
    }
if os.environ.get("REDIS_URL"):
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": os.environ["REDIS_URL"],
        }
    }
    PAGE_CACHE_SHARED = "default"
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
# A copy of the prepared site has its pictures in its own folder.
MEDIA_ROOT = VAR_DIR / "media"
