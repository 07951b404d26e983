"""How the site speaks to its database: SQLite on one machine, PostgreSQL for several."""

import os

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from .environment import whole_number

SQLITE, POSTGRESQL = "django.db.backends.sqlite3", "django.db.backends.postgresql"

# Readers don't wait for a writer, and a writer waits for its turn instead of failing. What is read is mapped
# into memory, and the file of what was written last is kept short.
PRAGMAS = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=NORMAL;
PRAGMA temp_store=MEMORY;
PRAGMA mmap_size=268435456;
PRAGMA cache_size=-16384;
PRAGMA journal_size_limit=67108864;
"""


def database(default: str) -> dict:
    """The connection settings in DATABASE_URL, or in `default` where it is not set.

    Raises `ImproperlyConfigured` where the address is not one that Django knows, or where DATABASE_POOLER or
    STATEMENT_SECONDS say nothing that can be done.
    """
    url = os.environ.get("DATABASE_URL") or default
    try:
        config = dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
    except ValueError:
        # Neither the address nor the library's message is shown: both may hold the password.
        config = {}
    if config.get("ENGINE") not in {SQLITE, POSTGRESQL} or not config["NAME"]:
        raise ImproperlyConfigured(
            "DATABASE_URL is not a database address: write sqlite:////absolute/path.sqlite3 or "
            "postgres://user:password@host:5432/name."
        )
    return config | (on_sqlite() if config["ENGINE"] == SQLITE else on_postgresql(config.get("OPTIONS", {})))


def on_sqlite() -> dict:
    return {
        "OPTIONS": {
            "init_command": " ".join(PRAGMAS.split()),
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
        }
    }


def on_postgresql(options: dict) -> dict:
    """A server that is gone is noticed within seconds, not when the operating system gives up.

    The names are libpq's (https://www.postgresql.org/docs/current/libpq-connect.html); what stands in the
    address goes before them.
    """
    # How long PostgreSQL may work on one statement; 0 for as long as it takes.
    seconds = whole_number("STATEMENT_SECONDS", 0, "25, or 0 for no bound")
    known = {
        "connect_timeout": 3,
        "application_name": "ichei-site",
        "keepalives_idle": 30,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        # In milliseconds: how long the other side may leave sent data without a word.
        "tcp_user_timeout": 10_000,
    }
    settings = {}
    if has_pooler():
        # A cursor on the server belongs to a session, of which a transaction gets another each time.
        settings["DISABLE_SERVER_SIDE_CURSORS"] = True
    elif seconds:
        # A pooler takes no options of a session: there the role or the database has them.
        known["options"] = f"-c statement_timeout={seconds * 1000}"
    return settings | {"OPTIONS": known | options}


def has_pooler() -> bool:
    """Whether a pooler such as PgBouncer stands in between that hands out a session for each transaction."""
    named = os.environ.get("DATABASE_POOLER", "").strip().lower()
    if named not in {"", "transaction"}:
        raise ImproperlyConfigured(
            "The environment variable DATABASE_POOLER is transaction, or empty where there is no pooler."
        )
    return named == "transaction"
