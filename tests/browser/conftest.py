"""A real server, started as `make run` starts it, and a real Chromium.

Both are made once for all browser tests, which therefore share a worker (see the mark in each module).

Nothing waits for a page after a click: whoever reads then what is there now (`is_visible`, `count`,
`inner_text`) may read the page before, or half of the next. `expect` waits.
"""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import expect, sync_playwright

from tests.browser.situation import username

ROOT = Path(__file__).resolve().parent.parent.parent
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        sentence = "Chromium is missing: install the package chromium to run the browser tests."
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    return path


class Site:
    """The running site: its address and its folder."""

    def __init__(self, url: str, folder: Path):
        self.url, self.folder = url, folder

    def read(self, path: str) -> str:
        with urllib.request.urlopen(f"{self.url}{path}") as response:
            return response.read().decode()

    def query(self, sql: str, *parameters) -> list[tuple]:
        with closing(sqlite3.connect(self.folder / "db.sqlite3", timeout=20)) as database, database:
            return database.execute(sql, parameters).fetchall()

    def page_number(self, path: str) -> int:
        """The number under which the admin knows the page with this path."""
        return self.query("SELECT id FROM pages_basepage WHERE url_path = ?", f"/home/{path}")[0][0]

    @cached_property
    def sessions(self) -> dict[str, str]:
        """{user name: key of a session} of everybody. To sign in by the form takes a second each time."""
        return self.ask("sessions")

    @property
    def password(self) -> str:
        return (self.folder / "admin-password").read_text().strip()

    @property
    def environment(self) -> dict[str, str]:
        """What a command needs to work on this site."""
        environment = {
            key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "DEBUG"}
        }
        return environment | {
            "VAR_DIR": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "ichei_site.settings.dev",
        }

    def run(self, code: str) -> str:
        """Runs some Python with the site's models, as `manage.py shell` does; what it printed."""
        return subprocess.run(
            [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", code],
            cwd=ROOT,
            env=self.environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout

    def ask(self, function: str):
        """What a function of situation.py gives on this site, if JSON can hold it."""
        code = "import json; from tests.browser import situation; print(json.dumps(situation.{}()))"
        return json.loads(self.run(code.format(function)))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(folder: Path) -> Iterator[Site]:
    """A server as `make run` starts it, with its database and its pictures in a folder."""
    port = free_port()
    running, log = Site(f"http://127.0.0.1:{port}", folder), folder / "log"
    with log.open("w") as lines:
        server = subprocess.Popen(
            [sys.executable, "-u", "manage.py", "serve", str(port)],
            cwd=ROOT,
            env=running.environment,
            stdout=lines,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(f"{running.url}/en/", server, log)
            yield running
        finally:
            server.terminate()
            server.wait(timeout=20)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("var")) as running:
        running.run("from tests.browser.situation import make_people; make_people()")
        yield running


def wait_for(url: str, server: subprocess.Popen, log: Path, seconds: int = 300) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail(f"The server ended at once:\n{log.read_text()}")
        try:
            urllib.request.urlopen(url)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"The server did not answer within {seconds} seconds:\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser(chromium_path):
    # Playwright keeps an event loop in this thread, and Django would refuse the database to the tests that
    # come after. They run one after the other all the same.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # As long as Playwright waits for everything else. Five seconds are few on a busy machine.
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_tab(browser, site):
    """Opens a tab of a given width; whatever it asks of other hosts, and whatever fails, ends the test."""
    contexts, faults = [], []

    def make(width=1280, height=800, **options):
        context = browser.new_context(
            viewport={"width": width, "height": height}, base_url=site.url, **({"locale": "en"} | options)
        )
        contexts.append(context)
        tab = context.new_page()
        tab.on("pageerror", lambda error: faults.append(f"script: {error}"))
        tab.on(
            "requestfailed",
            # What is still loading when the tab goes elsewhere counts as aborted, not as failed.
            lambda request: (
                None if "ERR_ABORTED" in request.failure else faults.append(f"failed: {request.url}")
            ),
        )
        tab.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((site.url, "data:", "blob:"))
                else faults.append(f"elsewhere: {request.url}")
            ),
        )
        return tab

    yield make
    for context in contexts:
        context.close()
    assert not faults


@pytest.fixture
def sign_in(open_tab, site):
    """Opens the admin of somebody of situation.py, such as "French translator", or of "admin"."""

    def enter(name, width=1400, height=900, language="en", theme="light", **options):
        # Asked for first: with it comes the profile.
        session = site.sessions[username(name)]
        site.query(
            "UPDATE wagtailusers_userprofile SET preferred_language = ?, theme = ? "
            "WHERE user_id = (SELECT id FROM accounts_user WHERE username = ?)",
            language,
            theme,
            username(name),
        )
        tab = open_tab(width, height, **options)
        tab.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site.url}])
        tab.goto("/admin/")
        return tab

    return enter


@pytest.fixture
def admin(sign_in):
    """The admin of the administrator, in a tab of a desk."""
    return sign_in("admin")
