"""Production, with all that it makes in one folder, and a table more in the release that comes next."""

import os
from datetime import timedelta
from pathlib import Path

from background import times
from ichei_site.settings.production import *  # noqa: F403
from ichei_site.settings.production import INSTALLED_APPS, STORAGES

# Nobody waits for minutes in a test.
times.BEAT, times.GONE_AFTER = timedelta(seconds=1), timedelta(seconds=5)
times.PAUSES = (timedelta(seconds=1),) * 4
VAR_DIR = Path(os.environ["VAR_DIR"])
STATIC_ROOT = VAR_DIR / "static"
ERROR_PAGES_ROOT = VAR_DIR / "errors"
ADMIN_PASSWORD_FILE = VAR_DIR / "admin-password"
# What mail says is written down.
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "OPTIONS": {"file_path": VAR_DIR / "mail"},
    }
}
# To compress those of the admin takes a minute; tests/deploy/test_nginx.py looks at compressed files.
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
}
if os.environ.get("NEXT_RELEASE"):
    INSTALLED_APPS = [*INSTALLED_APPS, "tests.stack.next_release"]
