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
    # What production has; the settings of the audit keep a cache in files.
    from ichei_site.settings.production import CACHES  # noqa: F401
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
# A copy of the prepared site has its pictures in its own folder.
MEDIA_ROOT = VAR_DIR / "media"
