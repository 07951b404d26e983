"""Requests a second of each page type, made anew and kept, beside the server's own limits: `make bench`.

One run on one machine, two workers of gunicorn, wrk as load generator on the same machine:

- **empty**: a Django project with one view that says "ok" and no middleware, under the same gunicorn;
- **file**: a file of the size of a page, sent by nginx from disk;
- **cold**: each page made anew for each request (PAGE_CACHE_MEGABYTES=0; parts such as menus are kept, as in
  production), a connection for each request, as nginx asks;
- **kept**: from the page cache;
- **micro**: nginx in front, which keeps an answer for a second.

Each of the six languages in turn, Brotli. Machines differ and are shared: the ratios of one run count.
Bounds: kept 0.8 of the empty view, micro 0.8 of the file, cold 250/s for text pages, 150/s for the lists.
`SECONDS=5` measures each for longer.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.servers import free_port, wait_for  # noqa: E402

HERE = Path(__file__).resolve().parent
SECONDS = int(os.environ.get("SECONDS", "3"))
CONNECTIONS = 8
LANGUAGES = ("ar", "zh-hans", "en", "fr", "ru", "es")

# {path after the language: requests a second that it must take cold, or None}
PAGES = {
    "": 150,
    "about/": 250,
    "about/mission/": 250,
    "about/functions/": 250,
    "about/directors-message/": 250,
    "privacy/": 250,
    "about/milestones/": 150,
    "news/": 150,
    "news/netdragon-strategic-cooperation/": 150,
    "contact/": 150,
    "news/feed/": None,
    "about/index.md": None,
}
SETTINGS = "tests.audit.settings"

EMPTY = """
from django.conf import settings

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="empty", MIDDLEWARE=[])

from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("", lambda request: HttpResponse("ok"))]
application = get_wsgi_application()
"""

NGINX = """
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{modules}
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  types {{ text/html html; }}
  proxy_cache_path {folder}/cache keys_zone=pages:10m max_size=200m;
  map $http_accept_encoding $coding {{ default ""; ~*br br; ~*gzip gzip; }}
  open_file_cache max=1000;
  server {{
    listen 127.0.0.1:{port};
    location /file/ {{ root {folder}; }}
    location / {{
      proxy_pass http://127.0.0.1:{upstream};
      proxy_set_header Host $http_host;
      proxy_set_header Accept-Encoding $coding;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_cache pages;
      proxy_cache_key "$host$request_uri $coding";
      proxy_cache_valid 200 1s;
      proxy_ignore_headers Cache-Control Vary;
      proxy_cache_lock on;
      proxy_cache_use_stale updating error timeout http_503;
      proxy_cache_background_update on;
    }}
  }}
}}
"""


@dataclass(frozen=True)
class Rate:
    """Requests a second, and milliseconds of 50, 95 and 99 of 100 requests."""

    a_second: float
    p50: float
    p95: float
    p99: float
    requests: int
    failed: int

    def __str__(self):
        return f"{self.a_second:>8.0f}{self.p50:>7.1f}{self.p95:>7.1f}{self.p99:>7.1f}"


def load(
    port: int, paths: list[str], seconds: float = SECONDS, connections=CONNECTIONS, **environment
) -> Rate:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(HERE / "rates.lua")]
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{port}", "--", *paths],
        env=os.environ | environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    values = next(line for line in done.stdout.splitlines() if line.startswith("RESULT")).split()[1:]
    return Rate(*map(float, values[:4]), *map(int, values[4:]))


@contextmanager
def gunicorn(application: str, cwd: Path, **environment) -> Iterator[int]:
    port = free_port()
    server = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "--config", str(ROOT / "deploy" / "gunicorn.py"),
            "--workers", "2", "--bind", f"127.0.0.1:{port}", "--access-logfile", os.devnull,
            "--log-level", "warning", "--max-requests", "0", application,
        ],
        cwd=cwd, env=os.environ | environment,
    )  # fmt: skip
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(30)


@contextmanager
def nginx(folder: Path, upstream: int) -> Iterator[int]:
    port = free_port()
    folder.mkdir()
    (folder / "file").mkdir()
    # As many bytes as a home page has on the wire.
    (folder / "file" / "page.html").write_bytes(os.urandom(4000))
    user = "user root;" if os.geteuid() == 0 else ""
    configuration = folder / "nginx.conf"
    configuration.write_text(NGINX.format(folder=folder, port=port, upstream=upstream, modules=user))
    server = subprocess.Popen(["nginx", "-c", str(configuration), "-g", "daemon off;"])
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def prepare(folder: Path) -> dict[str, str]:
    """The starting content in a scratch site; what its processes need to know."""
    environment = {"VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": SETTINGS}
    for command in (["migrate"], ["load_content"], ["collectstatic", "--no-input"]):
        subprocess.run(
            [sys.executable, "manage.py", *command, "-v0"], cwd=ROOT, env=os.environ | environment, check=True
        )
    return environment


def urls(path: str) -> list[str]:
    return [f"/{code}/{path}" for code in LANGUAGES]


def measure(port: int, path: str, **environment) -> Rate:
    # Connections are opened and templates loaded.
    load(port, urls(path), 1, **environment)
    return load(port, urls(path), **environment)


def table(folder: Path) -> int:
    environment = prepare(folder)
    (folder / "empty_site.py").write_text(EMPTY)
    below = []
    with ExitStack() as stack:
        empty_port = stack.enter_context(gunicorn("empty_site", folder))
        cold_port = stack.enter_context(
            gunicorn("ichei_site.wsgi", ROOT, **environment, PAGE_CACHE_MEGABYTES="0")
        )
        kept_port = stack.enter_context(
            gunicorn("ichei_site.wsgi", ROOT, **environment, PAGE_CACHE_MEGABYTES="64")
        )
        nginx_port = stack.enter_context(nginx(folder / "nginx", kept_port))
        empty, file = [], []
        print(f"{'':<40}{'cold':>8}{'':21}{'kept':>8}{'':21}{'micro':>8}")
        print(f"{'page':<40}" + f"{'/s':>8}{'p50':>7}{'p95':>7}{'p99':>7}" * 3)
        kept_ratios, micro_ratios = [], []
        for path, bound in PAGES.items():
            # The limits are measured again beside each page, since a shared machine's speed changes.
            load(empty_port, ["/"], 1)
            empty.append(load(empty_port, ["/"]))
            load(nginx_port, ["/file/page.html"], 1)
            file.append(load(nginx_port, ["/file/page.html"]))
            cold = measure(cold_port, path, CLOSE="1")
            kept = measure(kept_port, path)
            micro = measure(nginx_port, path)
            kept_ratios.append(kept.a_second / empty[-1].a_second)
            micro_ratios.append(micro.a_second / file[-1].a_second)
            mark = ""
            if bound and cold.a_second < bound:
                mark = f"  below {bound}/s cold"
                below.append(path)
            failed = cold.failed + kept.failed + micro.failed
            mark += f"  {failed} failed" if failed else ""
            print(f"/{path:<39}{cold}{kept}{micro}{mark}", flush=True)
    print(f"{'an empty Django view':<40}{'':29}{middle(empty)}")
    print(f"{'a file, by nginx from disk':<40}{'':58}{middle(file)}")
    kept, micro = statistics.median(kept_ratios), statistics.median(micro_ratios)
    print(f"\nKept, of the empty Django view: {kept:.2f} (at least 0.8), from {min(kept_ratios):.2f} up.")
    print(f"Micro, of the file from disk: {micro:.2f} (at least 0.8), from {min(micro_ratios):.2f} up.")
    return int(bool(below) or kept < 0.8 or micro < 0.8)


def middle(rates: list[Rate]) -> Rate:
    return sorted(rates, key=lambda rate: rate.a_second)[len(rates) // 2]


def main() -> int:
    for program, package in (("wrk", "wrk"), ("nginx", "nginx-light")):
        if shutil.which(program) is None:
            print(f"{program} is needed for this: apt install {package}.", file=sys.stderr)
            return 1
    with tempfile.TemporaryDirectory(prefix="ichei-bench-") as folder:
        return table(Path(folder))


if __name__ == "__main__":
    sys.exit(main())
