"""The environment decides; a missing or broken variable is answered with one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PG_URL = {"DATABASE_URL": "postgres://user:hidden@host/name"}
GOOD = {"SECRET_KEY": "k" * 60, "ALLOWED_HOSTS": "ichei.example, www.ichei.example"}


def ask(expression: str, settings: str = "production", **environment: str) -> subprocess.CompletedProcess:
    """Evaluates an expression under some settings in a Python of its own, with this environment alone."""
    code = f"from django.conf import settings; print({expression})"
    variables = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": f"ichei_site.settings.{settings}"}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=variables | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("environment", "complaint"),
    [
        ({"SECRET_KEY": ""}, "Set the environment variable SECRET_KEY: "),
        ({"SECRET_KEY": "   "}, "Set the environment variable SECRET_KEY: "),
        ({"ALLOWED_HOSTS": ""}, "Set the environment variable ALLOWED_HOSTS: "),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short"),
        ({"ALLOWED_HOSTS": ","}, "ALLOWED_HOSTS names hosts alone"),
        ({"ALLOWED_HOSTS": "https://ichei.example"}, "ALLOWED_HOSTS names hosts alone"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS names every host"),
        ({"DATABASE_URL": "mysql://user:hidden@host/name"}, "DATABASE_URL is not a database address"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL is not a database address"),
        ({"DATABASE_URL": "postgres://user:hidden@host:port/name"}, "DATABASE_URL is not a database address"),
        ({"EMAIL_PORT": "smtp"}, "The environment variable EMAIL_PORT is no port"),
        ({"EMAIL_SECURITY": "ssh"}, "The environment variable EMAIL_SECURITY is starttls, tls or none"),
        ({"PAGE_CACHE_MEGABYTES": "much"}, "The environment variable PAGE_CACHE_MEGABYTES is no number"),
        (
            PG_URL | {"DATABASE_POOLER": "session"},
            "The environment variable DATABASE_POOLER is transaction",
        ),
        (
            PG_URL | {"STATEMENT_SECONDS": "soon"},
            "The environment variable STATEMENT_SECONDS is no",
        ),
        ({"S3_BUCKET": "media"}, "Set the environment variable S3_ACCESS_KEY: "),
        ({"S3_BUCKET": "media", "S3_ENDPOINT": "s3.example"}, "S3_ENDPOINT is no address"),
        ({"S3_BUCKET": "media", "S3_ADDRESSING": "dns"}, "The environment variable S3_ADDRESSING is path or"),
        ({"REDIS_URL": "localhost:6379"}, "REDIS_URL is no address of a Redis"),
        ({"PURGE_LOCATIONS": "varnish:6081"}, "PURGE_LOCATIONS names no cache"),
        ({"CLOUDFLARE_ZONE": "abc"}, "Set the environment variable CLOUDFLARE_TOKEN: "),
        ({"LOG_FORMAT": "xml"}, "The environment variable LOG_FORMAT is json or text."),
        ({"SLOW_QUERY_MS": "half a second"}, "The environment variable SLOW_QUERY_MS is no number"),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN is too short to be safe, or not plain"),
        ({"METRICS_TOKEN": "é" * 30}, "METRICS_TOKEN is too short to be safe, or not plain"),
        ({"PROXIES_IN_FRONT": "two"}, "The environment variable PROXIES_IN_FRONT is no number"),
        (
            {"SECURE_SSL_REDIRECT": "perhaps"},
            "The environment variable SECURE_SSL_REDIRECT says neither yes nor no",
        ),
    ],
)
def test_production_refuses_to_start_with_one_clear_sentence(environment, complaint):
    result = ask("settings.DEBUG", **GOOD | environment)
    assert result.returncode != 0
    last_line = result.stderr.strip().splitlines()[-1]
    assert last_line.startswith(f"django.core.exceptions.ImproperlyConfigured: {complaint}")
    assert "hidden" not in last_line


def test_production_starts_with_a_key_and_hosts():
    result = ask("settings.DEBUG, settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT", **GOOD)
    assert result.stdout.strip() == "False ['ichei.example', 'www.ichei.example'] True"


def test_links_lead_to_the_site_itself_unless_told_otherwise():
    assert ask("settings.WAGTAILADMIN_BASE_URL", **GOOD).stdout.strip() == "https://ichei.example"
    told = ask("settings.WAGTAILADMIN_BASE_URL", BASE_URL="https://admin.ichei.example", **GOOD)
    assert told.stdout.strip() == "https://admin.ichei.example"


def test_mail_leaves_by_the_server_that_the_environment_names():
    asked = (
        "[settings.MAILERS['default']['OPTIONS'][name] for name in ('host', 'port', 'use_tls', 'use_ssl')]"
    )
    asked += " + [settings.DEFAULT_FROM_EMAIL]"
    plain = ask(asked, **GOOD).stdout.strip()
    assert plain == "['localhost', 25, False, False, 'webmaster@ichei.example']"
    told = ask(asked, EMAIL_HOST="mail.example", EMAIL_FROM="office@ichei.example", **GOOD).stdout.strip()
    assert told == "['mail.example', 587, True, False, 'office@ichei.example']"


def test_production_logs_json_and_slow_queries_and_shows_no_metrics_unless_told_otherwise():
    asked = "settings.LOGGING['handlers']['console']['formatter'], settings.SLOW_QUERY_MS"
    asked += ", settings.METRICS_TOKEN"
    assert ask(asked, **GOOD).stdout.strip() == "json 500"
    told = ask(asked, LOG_FORMAT="text", SLOW_QUERY_MS="0", METRICS_TOKEN="t" * 20, **GOOD).stdout.strip()
    assert told == "text 0 tttttttttttttttttttt"
    assert ask(asked, "dev").stdout.strip() == "text 0"


def test_https_can_be_asked_of_this_host_alone():
    result = ask(
        "settings.SECURE_HSTS_SECONDS > 0, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS",
        HSTS_WHOLE_DOMAIN="0",
        **GOOD,
    )
    assert result.stdout.strip() == "True False"


@pytest.mark.parametrize(
    ("url", "engine"),
    [
        ("", "django.db.backends.sqlite3"),
        ("sqlite:////tmp/site.sqlite3", "django.db.backends.sqlite3"),
        ("postgres://user:password@localhost:5432/ichei", "django.db.backends.postgresql"),
        ("postgresql://user:password@localhost/ichei", "django.db.backends.postgresql"),
    ],
)
def test_one_variable_switches_the_database(url, engine):
    result = ask("settings.DATABASES['default']['ENGINE']", DATABASE_URL=url, **GOOD)
    assert result.stdout.strip() == engine


def test_a_pooler_gets_no_options_of_a_session_and_no_cursors_on_the_server():
    asked = "settings.DATABASES['default'].get('DISABLE_SERVER_SIDE_CURSORS'), "
    asked += "settings.DATABASES['default']['OPTIONS'].get('options')"
    told = GOOD | PG_URL | {"STATEMENT_SECONDS": "25"}
    assert ask(asked, **told).stdout.strip() == "False -c statement_timeout=25000"
    assert ask(asked, **told, DATABASE_POOLER="transaction").stdout.strip() == "True None"


def test_uploads_are_kept_in_a_folder_or_in_a_bucket_that_the_site_serves_by_itself():
    asked = "settings.STORAGES['default']['BACKEND'], settings.SERVE_MEDIA"
    assert ask(asked, **GOOD).stdout.strip() == "library.stores.DiskStore False"
    bucket = {"S3_BUCKET": "media", "S3_ACCESS_KEY": "key", "S3_SECRET_KEY": "secret"}
    assert ask(asked, **GOOD, **bucket).stdout.strip() == "library.s3.S3Store True"


def test_a_sqlite_database_lets_readers_read_while_somebody_writes(tmp_path):
    url = f"sqlite:///{tmp_path / 'site.sqlite3'}"
    code = (
        "import django; django.setup()\n"
        "from django.db import connection\n"
        "print(connection.cursor().execute('PRAGMA journal_mode').fetchone()[0])"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "ichei_site.settings.production", "DATABASE_URL": url}
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=GOOD | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == "wal"


def test_nothing_is_debugged_unless_somebody_asks_for_it():
    assert ask("settings.DEBUG", "dev").stdout.strip() == "False"
    assert ask("settings.DEBUG", "dev", DEBUG="1").stdout.strip() == "True"
    assert ask("settings.DEBUG", "base").stdout.strip() == "False"
