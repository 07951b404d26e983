"""Staff at work and two web processes on a site of their own. `make rehearse-cache` has them do 300 edits."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import RedisServer

ROOT = Path(__file__).resolve().parent.parent.parent
EDITS = int(os.environ.get("EDITS", "15"))


def run(folder: Path, *arguments: str, **environment: str) -> None:
    left_out = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "VAR_DIR"}
    inherited = {name: value for name, value in os.environ.items() if name not in left_out}
    settings = {"VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "tests.caching.settings"}
    subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        check=True,
        env=inherited | settings | environment,
        timeout=7200,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The starting content in a database of its own."""
    folder = tmp_path_factory.mktemp("site")
    run(folder, "manage.py", "migrate", "-v0")
    run(folder, "manage.py", "load_content", "-v0")
    run(folder, "manage.py", "collectstatic", "--no-input", "-v0")
    return folder


@pytest.fixture
def copy(site, tmp_path) -> Path:
    return Path(shutil.copytree(site, tmp_path / "site"))


@pytest.fixture
def redis(tmp_path):
    """The address of a Redis of our own."""
    server = RedisServer(tmp_path)
    server.start()
    yield server.url
    server.stop()


@pytest.mark.thorough
def test_after_each_edit_every_kept_page_is_as_a_fresh_one(copy):
    run(copy, "-m", "tests.caching.rehearsal", "--edits", str(EDITS))


@pytest.mark.thorough
def test_with_redis_for_all_machines_too(copy, redis):
    run(copy, "-m", "tests.caching.rehearsal", "--edits", str(EDITS), "--seed", "7", REDIS_URL=redis)
