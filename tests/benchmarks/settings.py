"""Production on a scratch site, on the database that DATABASE_URL names or else on SQLite in VAR_DIR."""

import os

DATABASE_URL = os.environ.get("DATABASE_URL")

from tests.audit.settings import *  # noqa: E402, F403

if DATABASE_URL:
    from ichei_site.settings.base import database

    os.environ["DATABASE_URL"] = DATABASE_URL
    DATABASES = {"default": database(DATABASE_URL)}
