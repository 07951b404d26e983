"""What each page costs: queries, and bytes on the wire. `make bench` runs it on the starting content.

Bounds: 12 queries with cold caches; HTML and CSS together 14 kB (20 kB for the home page) after Brotli.
Times are ratios to an empty view of the same process: a shared machine's seconds say little.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="ichei-bench-")
os.environ["DJANGO_SETTINGS_MODULE"] = "ichei_site.settings.dev"

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from tests.paths import PAGE_PATHS  # noqa: E402
from tests.weights import text_bound, weigh  # noqa: E402

ROUNDS = 15


def milliseconds(client: Client, url: str) -> float:
    times = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        client.get(url)
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def cold_queries(client: Client, url: str) -> int:
    cache.clear()
    ContentType.objects.clear_cache()
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


def main() -> int:
    call_command("migrate", verbosity=0)
    call_command("load_content", verbosity=0)
    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    empty = milliseconds(client, "/")
    over = 0
    print(f"An empty view: {empty:.2f} ms; times are multiples of it.\n")
    print(f"{'page':<40}{'queries':>8}{'HTML + CSS':>12}{'time':>8}   most in")
    for path in PAGE_PATHS:
        rows = []
        for code, _name in settings.LANGUAGES:
            url = f"/{code}/{path}"
            size = weigh(client.get(url).content).text
            rows.append((size, cold_queries(client, url), code, milliseconds(client, url)))
        size, _queries, code, _time = max(rows)
        queries = max(row[1] for row in rows)
        ratio = statistics.median(row[3] for row in rows) / empty
        mark = "" if queries <= 12 and size <= text_bound(path) else "  over its bound"
        over += bool(mark)
        print(f"/{path:<39}{queries:>8}{size:>12}{ratio:>8.1f}   {code}{mark}")
    return over


if __name__ == "__main__":
    sys.exit(main())
