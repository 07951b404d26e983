"""Two web processes and staff at work: is every kept page what a fresh one would be, a second after an edit?

Run as a program on a prepared scratch site (VAR_DIR): `python -m tests.caching.rehearsal --edits 300`. Prints
what it did and a table; ends with 1 if any page was not as it should be.
"""

import argparse
import http.client
import logging
import os
import re
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.caching.settings")
ROOT = Path(__file__).resolve().parent.parent.parent

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db.models import Q  # noqa: E402
from django.utils import timezone, translation  # noqa: E402

from caching.front import Answer, ask  # noqa: E402
from news.models import NewsCategory, NewsIndexPage  # noqa: E402
from pages import surroundings  # noqa: E402
from pages.models import BasePage  # noqa: E402
from pages.site import Announcement  # noqa: E402
from tests.caching.random_staff import RandomStaff  # noqa: E402
from tests.servers import free_port  # noqa: E402

# A change is to be seen everywhere after this, in seconds; what is asked for begins to be at half of it.
WITHIN = 1.0
# When a form was opened is another moment in each render.
MOMENT = re.compile(rb'name="opened" value="[^"]*"|value="[0-9]{10}:[^"]*"')
HOST = "127.0.0.1"


class Web:
    """A gunicorn with one worker, and a connection to it."""

    def __init__(self):
        self.port = free_port()
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "gunicorn", "--config", str(ROOT / "deploy" / "gunicorn.py"),
                "--workers", "1", "--bind", f"{HOST}:{self.port}", "--access-logfile", os.devnull,
                "--log-level", "warning", "--max-requests", "0", "ichei_site.wsgi",
            ],
            cwd=ROOT,
        )  # fmt: skip
        self.connection = None

    def wait(self) -> None:
        ends = time.monotonic() + 60
        while time.monotonic() < ends:
            try:
                self.get("/en/")
                return
            except OSError:
                time.sleep(0.2)
        raise TimeoutError("The web process does not answer.")

    def get(self, path: str) -> Answer:
        for attempt in (1, 2):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection(HOST, self.port, timeout=30)
                self.connection.request("GET", path, headers={"Host": HOST})
                response = self.connection.getresponse()
                return Answer(f"{response.status} {response.reason}", response.getheaders(), response.read())
            except (http.client.HTTPException, OSError):
                self.connection = None
                if attempt == 2:
                    raise
        raise AssertionError

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)


class Fresh:
    """Makes each page anew, in this process, with nothing kept."""

    def __init__(self):
        self.application = get_wsgi_application()
        surroundings._from_cache = surroundings.build

    def get(self, path: str) -> Answer:
        path, _mark, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": HOST,
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": HOST, "wsgi.url_scheme": "http",
            "wsgi.input": sys.stdin.buffer, "wsgi.errors": sys.stderr, "SCRIPT_NAME": "",
        }  # fmt: skip
        answer = ask(self.application, environ)
        translation.activate(settings.LANGUAGE_CODE)
        return answer


def paths() -> set[str]:
    """All addresses that show content, in all languages."""
    found = {"sitemap.xml", "llms.txt"}
    for page in BasePage.objects.filter(depth__gt=1):
        path = page.url_path.split("/", 2)[2]
        found |= {path, f"{path}index.md"}
    for index in NewsIndexPage.objects.all():
        path = index.url_path.split("/", 2)[2]
        found |= {f"{path}feed/", f"{path}?page=2", f"{path}?year=2020", f"{path}?utm_source=letter"}
        found |= {f"{path}feed/{category.slug}/" for category in NewsCategory.objects.all()}
        found |= {f"{path}?category={category.slug}" for category in NewsCategory.objects.all()}
    return {f"/{code}/{path}" for code, _name in settings.LANGUAGES for path in found}


def face(answer: Answer) -> tuple:
    return answer.code, answer.header("location"), MOMENT.sub(b"", answer.body)


@dataclass
class Count:
    pages: int = 0
    wrong: list[str] = field(default_factory=list)
    # How kept pages answered that had not changed: a miss was one too many.
    unchanged: Counter = field(default_factory=Counter)
    changed: int = 0
    edits: Counter = field(default_factory=Counter)


@contextmanager
def web_processes(number: int):
    webs = [Web() for _each in range(number)]
    try:
        for web in webs:
            web.wait()
        yield webs
    finally:
        for web in webs:
            web.stop()


def rehearse(edits: int, seed: int) -> Count:
    result = Count()
    # Addresses that were given up are asked for on purpose.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    staff, fresh = RandomStaff(seed), Fresh()
    known = paths()
    with web_processes(2) as webs:
        before = {path: face(fresh.get(bare(path))) for path in known}
        for web in webs:
            for path in known:
                web.get(path)
        for number in range(1, edits + 1):
            what = staff.do_something()
            result.edits[what.partition(":")[0]] += 1
            done = time.monotonic()
            known |= paths()
            time.sleep(max(0.0, WITHIN / 2 - (time.monotonic() - done)))
            asked = timezone.now()
            answers = {path: [web.get(path) for web in webs] for path in sorted(known)}
            now = {path: face(fresh.get(bare(path))) for path in sorted(known)}
            wrong = [path for path, found in answers.items() for answer in found if face(answer) != now[path]]
            if has_passed_since(asked):
                wrong = [path for path in wrong if differs(path, webs, fresh)]
            result.pages += 2 * len(known)
            result.wrong += [f"{number}. {what}: {path}" for path in wrong]
            for path, found in answers.items():
                if before.get(path) == now[path] and now[path][0] == 200:
                    result.unchanged.update(status(answer) for answer in found)
                elif path in before:
                    result.changed += 1
            before = now
            print(f"{number:>4}  {'WRONG ' + str(wrong[:4]) if wrong else 'right'}  {what}", flush=True)
            # Addresses that were given up are asked for a while longer.
            known = {path for path in known if now[path][0] == 200} | paths()
    return result


def has_passed_since(moment) -> bool:
    """Whether an announcement has begun or ended since, so that a fresh page is another than it was then."""
    since = (moment, timezone.now())
    return Announcement.objects.filter(Q(starts__range=since) | Q(ends__range=since)).exists()


def differs(path: str, webs: list[Web], fresh: Fresh) -> bool:
    return any(face(web.get(path)) != face(fresh.get(bare(path))) for web in webs)


def bare(path: str) -> str:
    return path.removesuffix("?utm_source=letter")


def status(answer: Answer) -> str:
    return "hit" if "hit" in answer.header("cache-status") else "made anew"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--edits", type=int, default=300)
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    start = time.monotonic()
    result = rehearse(options.edits, options.seed)
    unchanged = sum(result.unchanged.values())
    print(
        f"\n{options.edits} edits of {len(result.edits)} kinds, {result.pages} pages compared in "
        f"{time.monotonic() - start:.0f} s: {len(result.wrong)} not as a fresh page."
    )
    print(
        f"Of {unchanged} answers that had not changed, {result.unchanged['hit']} came from what was kept "
        f"({result.unchanged['hit'] / max(1, unchanged):.1%})."
    )
    for line in result.wrong[:40]:
        print(line)
    return int(bool(result.wrong))


if __name__ == "__main__":
    sys.exit(main())
