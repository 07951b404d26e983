"""What grows with the content: each page type among 100, 10,000 and 100,000 articles (`make bench-data`).

Each page is made anew, as often in each language, in this process; parts such as menus are kept, as in
production. Of each page type the 95th of 100 times is compared with that at the first step. Bound: a tenth
more. Queries are counted with nothing kept at all.

On PostgreSQL if DATABASE_URL names one (a database of its own beside the named one, removed at the end), else
on SQLite. `STEPS=100,10000` measures fewer; `PLANS=1` prints how PostgreSQL finds what each page asks for.
"""

import logging
import os
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="ichei-bench-")
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
# Pages are made anew each time.
os.environ["PAGE_CACHE_MEGABYTES"] = "0"

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from caching.front import PageCache, ask  # noqa: E402
from caching.parts import parts  # noqa: E402
from news.models import NewsPage  # noqa: E402
from tests.benchmarks.content import grow  # noqa: E402

STEPS = [int(step) for step in os.environ.get("STEPS", "100,10000,100000").split(",")]
ROUNDS = int(os.environ.get("ROUNDS", "40"))
MOST = 1.1
PATHS = [
    "",
    "about/",
    "about/mission/",
    "about/functions/",
    "about/directors-message/",
    "about/milestones/",
    "news/",
    "news/?page=7",
    "news/?year=2019",
    "news/?category=visits",
    "news/netdragon-strategic-cooperation/",
    "news/report-50/",
    "privacy/",
    "contact/",
    "news/feed/",
    "about/mission/index.md",
    "sitemap.xml",
    "llms.txt",
    "no-such-page/",
]


class Site:
    def __init__(self):
        from django.core.handlers.wsgi import WSGIHandler

        self.front = PageCache(WSGIHandler(), release="bench")

    def get(self, path: str) -> int:
        path, _mark, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "127.0.0.1",
            "wsgi.url_scheme": "http", "wsgi.input": BytesIO(), "wsgi.errors": sys.stderr, "SCRIPT_NAME": "",
            "HTTP_ACCEPT_ENCODING": "br", "REMOTE_ADDR": "127.0.0.1",
        }  # fmt: skip
        return ask(self.front, environ).code

    def milliseconds(self, path: str) -> list[float]:
        times = []
        codes = [code for code, _name in settings.LANGUAGES]
        for code in codes:
            self.get(f"/{code}/{path}")
        for number in range(ROUNDS):
            start = time.perf_counter()
            self.get(f"/{codes[number % len(codes)]}/{path}")
            times.append((time.perf_counter() - start) * 1000)
        return times

    def queries(self, path: str) -> list[str]:
        cache.clear()
        parts.forget()
        with CaptureQueriesContext(connection) as captured:
            self.get(f"/fr/{path}")
        return [query["sql"] for query in captured.captured_queries]


def high(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def plans(site: Site, path: str) -> None:
    """What PostgreSQL reads whole, though it is large."""
    for sql in site.queries(path):
        if not sql.startswith("SELECT"):
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN ANALYZE {sql}")
            lines = [line for (line,) in cursor.fetchall()]
        took = float(lines[-1].split()[2])
        if took > 3 or any("Seq Scan on news_newspage" in line for line in lines):
            print(f"\n-- {path}: {took:.1f} ms\n{sql[:300]} … {sql[-500:]}")
            print("\n".join(line[:150] for line in lines if "Scan" in line or "Sort" in line))


def measure() -> int:
    # One of the addresses is that of no page.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    call_command("migrate", verbosity=0)
    call_command("load_content", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    site = Site()
    found: dict[str, list[float]] = {}
    counted: dict[str, list[int]] = {}
    for step in STEPS:
        start = time.perf_counter()
        grow(step - NewsPage.objects.count())
        print(f"{NewsPage.objects.count()} articles after {time.perf_counter() - start:.0f} s.", flush=True)
        for path in PATHS:
            counted.setdefault(path, []).append(len(site.queries(path)))
            found.setdefault(path, []).append(high(site.milliseconds(path)))
    print(f"\n{connection.vendor}: p95 in milliseconds, and queries with nothing kept")
    print(f"{'page':<40}" + "".join(f"{step:>10}" for step in STEPS) + f"{'growth':>9}   queries")
    over = 0
    for path, times in found.items():
        growth = times[-1] / times[0]
        more = counted[path][-1] > counted[path][0]
        mark = "  over its bound" if growth > MOST or more else ""
        over += bool(mark)
        figures = "".join(f"{value:>10.1f}" for value in times)
        print(f"/{path:<39}{figures}{growth:>9.2f}   {'/'.join(map(str, counted[path]))}{mark}")
    if os.environ.get("PLANS") == "1":
        for path in PATHS:
            plans(site, path)
    return int(bool(over))


def main() -> int:
    if connection.vendor == "sqlite":
        return measure()
    # Never in the named database itself.
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        return measure()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
