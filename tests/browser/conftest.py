"""A real server, started as `make run` starts it, and a real Chromium.

Both are made once for all browser tests, which therefore share a worker (see the mark in each module).
"""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

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

    def page_number(self, path: str) -> int:
        """The number under which the admin knows the page with this path."""
        with closing(sqlite3.connect(self.folder / "db.sqlite3")) as database:
            found = database.execute("SELECT id FROM pages_basepage WHERE url_path = ?", [f"/home/{path}"])
            return found.fetchone()[0]

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

    def run(self, code: str) -> None:
        """Runs some Python with the site's models, as `manage.py shell` does."""
        subprocess.run(
            [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", code],
            cwd=ROOT,
            env=self.environment,
            check=True,
        )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    folder, port = tmp_path_factory.mktemp("var"), free_port()
    running = Site(f"http://127.0.0.1:{port}", folder)
    log = (folder / "log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-u", "manage.py", "serve", str(port)],
        cwd=ROOT,
        env=running.environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/en/", server, folder / "log")
        yield running
    finally:
        server.terminate()
        server.wait(timeout=20)
        log.close()


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


PASSWORD = "only for these tests"
MAKE_PERSON = """
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from wagtail.users.models import UserProfile
user, _ = get_user_model().objects.get_or_create(username={name!r})
user.set_password({password!r})
user.save()
user.groups.set([Group.objects.get(name={group!r})])
UserProfile.objects.update_or_create(
    user=user, defaults={{"preferred_language": {language!r}, "theme": {theme!r}}}
)
"""


@pytest.fixture
def sign_in(open_tab, site):
    """Signs a member of a group in, who is made if need be, and returns their tab in the admin."""

    def enter(group, width=1400, height=900, language="en", theme="light"):
        name = f"{group}-{language}-{theme}".lower().replace(" ", "-")
        site.run(
            MAKE_PERSON.format(name=name, password=PASSWORD, group=group, language=language, theme=theme)
        )
        tab = open_tab(width, height)
        tab.goto("/admin/login/")
        tab.fill("[name=username]", name)
        tab.fill("[name=password]", PASSWORD)
        tab.press("[name=password]", "Enter")
        tab.wait_for_url("**/admin/")
        return tab

    return enter


@pytest.fixture
def admin(open_tab, site):
    """The admin in a tab of a desk, signed in as its administrator."""
    tab = open_tab(1400, 900)
    tab.goto("/admin/login/")
    tab.fill("[name=username]", "admin")
    tab.fill("[name=password]", site.password)
    tab.press("[name=password]", "Enter")
    tab.wait_for_url("**/admin/")
    return tab
