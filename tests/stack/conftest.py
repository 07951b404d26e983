import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest
import requests

from tests.paths import PAGE_PATHS
from tests.stack.topology import Stack
from tests.stack.visitors import Connection, Visitors
from translations.languages import all_languages


@pytest.fixture(scope="session")
def stack():
    stack = Stack()
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


@pytest.fixture(scope="session")
def pages() -> list[str]:
    """Every page of the site in every language, mixed as visitors mix them."""
    codes = [language.code for language in all_languages()]
    return [f"/{code}/{path}" for path in PAGE_PATHS for code in codes]


@pytest.fixture
def reading(stack, pages):
    """200 visitors a second who read pages that the site already knows."""

    def begin(rate: float = 200.0, paths: list[str] = pages) -> Visitors:
        for web in stack.webs:
            for path in paths:
                web.ask(path)
        return Visitors(stack.nginx.port, paths, rate)

    return begin


@pytest.fixture
def visitor(stack):
    """One more visitor: `visitor.get("/en/")`."""
    connection = Connection(stack.nginx.port, "127.0.0.200")
    yield connection
    connection.close()


@pytest.fixture
def eventually():
    def wait(condition, seconds: float = 15.0) -> float:
        """After how many seconds it was so; fails if it never was."""
        began = time.monotonic()
        while not condition():
            assert time.monotonic() - began < seconds, "It did not come back by itself."
            time.sleep(0.1)
        return time.monotonic() - began

    return wait


class Staff:
    """Somebody in the admin, straight at a web process."""

    def __init__(self, web, password: str):
        self.web, self.session = web, requests.Session()
        self.session.headers.update(
            {
                "Host": "www.example.org",
                "X-Forwarded-Proto": "https",
                "Referer": "https://www.example.org/admin/",
            }
        )
        self.post("login/", username="admin", password=password)

    def get(self, path: str):
        return self.session.get(f"http://127.0.0.1:{self.web.port}/admin/{path}", timeout=30)

    def post(self, path: str, files=None, **fields):
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(path).text)
        # The cookies say that they are for HTTPS alone, which ends in front of this process.
        for cookie in self.session.cookies:
            cookie.secure = False
        return self.session.post(
            f"http://127.0.0.1:{self.web.port}/admin/{path}",
            data={"csrfmiddlewaretoken": found[1]} | fields,
            files=files,
            timeout=60,
            allow_redirects=False,
        )


@pytest.fixture(scope="session")
def staff(stack):
    stack.manage("ensure_admin")
    password = (stack.folder / "admin-password").read_text().strip()
    return lambda web: Staff(web, password)


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a file system of its own with room for a megabyte."""
    folder = Path("/tmp") / f"{tmp_path.name}-disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m,mode=777", "tmpfs", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)
    shutil.rmtree(folder)
