"""The images: what the Dockerfile says, and both built and run as far as that goes without an engine."""

import contextlib
import gzip
import http.client
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.servers import free_port, wait_for

from .dockerfile import ROOT, context, is_ignored, stages
from .image import Image, build

HOST = "www.example.org"


# What it says ---------------------------------------------------------------------------------------------
def test_the_dockerfile_is_as_hadolint_wants_it():
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run(
        [hadolint, "--no-color", "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("name", ["build", "nginx", "web"])
def test_each_base_image_is_pinned_by_version_and_digest(name):
    assert re.fullmatch(r"[a-z]+:[\w.-]*\d[\w.-]*@sha256:[0-9a-f]{64}", stages()[name].image)


def test_the_site_is_what_is_built_by_default_on_the_python_that_it_was_built_with():
    found = stages()
    assert list(found)[-1] == "web"
    assert found["web"].image == found["build"].image


@pytest.mark.parametrize("name", ["nginx", "web"])
def test_an_image_runs_as_a_user_without_rights_and_says_what_it_is_and_how_it_does(name):
    stage = stages()[name]
    assert stage.last("USER") == "10001"
    assert "org.opencontainers.image.version=$RELEASE" in stage.last("LABEL")
    assert stage.health
    assert all(re.search(r"\b(gcc|build-essential|\w+-dev)\b", step) is None for step in stage.all("RUN"))


@pytest.mark.parametrize(
    "path",
    [
        ".git/config", ".venv/bin/python", "var/db.sqlite3", "deploy/.env", "deploy/certificates/a.crt",
        "deploy/privkey.pem", "tests/conftest.py", "copy.sqlite3", "pages/__pycache__/models.cpython-313.pyc",
    ],
)  # fmt: skip
def test_nothing_secret_and_nothing_of_this_machine_gets_into_an_image(path):
    assert is_ignored(path)


def test_every_room_gets_into_the_image():
    copied = {str(path.relative_to(ROOT)) for path in context()}
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert {f"{room}/__init__.py" for room in rooms} <= copied
    assert {"manage.py", "deploy/gunicorn.py", "requirements/base.txt", "docs/editors.md"} <= copied


# How it runs ----------------------------------------------------------------------------------------------
class Containers:
    """Both images, running with a read-only root file system."""

    environment = {"SECRET_KEY": "k" * 60, "ALLOWED_HOSTS": HOST, "SERVE_MEDIA": "1", "WEB_CONCURRENCY": "1"}

    def __init__(self, folder: Path):
        self.folder = folder
        self.port, self.http_port, self.https_port = free_port(), free_port(), free_port()
        self.var, self.cache, self.certificates = (folder / name for name in ("var", "cache", "certificates"))

    def build(self) -> None:
        self.folder.chmod(0o755)
        images = build(self.folder)
        self.web, self.nginx = images["web"], images["nginx"]
        # As an engine does it: a new volume begins as what the image has in its place.
        for image, place, volume in (
            (self.web, "site/var", self.var),
            (self.nginx, "var/cache/nginx", self.cache),
        ):
            shutil.copytree(image.root / place, volume)
            for path in (volume, *volume.rglob("*")):
                os.chown(path, *(getattr((image.root / place).stat(), name) for name in ("st_uid", "st_gid")))
        self.certificates.mkdir()
        subprocess.run(
            [
                "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                f"/CN={HOST}", "-keyout", str(self.certificates / "privkey.pem"), "-out",
                str(self.certificates / "fullchain.pem"),
            ],
            check=True, capture_output=True,
        )  # fmt: skip
        for path in self.certificates.iterdir():
            path.chmod(0o644)

    def run(self, *command: str, **environment: str) -> tuple[int, str]:
        """A command in a container of the site, beside the one that serves."""
        variables = self.environment | {"BIND": f"0.0.0.0:{self.port}"} | environment
        return self.web.run(list(command), read_only=True, volumes={"/site/var": self.var}, **variables)

    def start(self, image: Image, volumes: dict[str, Path], **environment: str) -> subprocess.Popen:
        path = self.folder / f"{image.stage.name}.log"
        with path.open("w") as log:
            # An engine, too, gives the output to the user, who may open it by its name.
            path.chmod(0o666)
            return image.start(
                image.stage.command, output=log, read_only=True, volumes=volumes, **environment
            )

    def start_web(self) -> subprocess.Popen:
        return self.start(
            self.web, {"/site/var": self.var}, **self.environment, BIND=f"127.0.0.1:{self.port}"
        )

    def start_nginx(self, **environment: str) -> subprocess.Popen:
        ports = {"HTTP_PORT": str(self.http_port), "HTTPS_PORT": str(self.https_port)}
        volumes = {"/site/var": self.var, "/var/cache/nginx": self.cache}
        return self.start(
            self.nginx,
            volumes | {"/etc/nginx/certificates": self.certificates},
            HOSTS=HOST,
            UPSTREAM=f"server 127.0.0.1:{self.port}",
            **ports | environment,
        )

    def ask(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Asks nginx over HTTPS."""
        context = ssl._create_unverified_context()
        connection = http.client.HTTPSConnection("127.0.0.1", self.https_port, timeout=30, context=context)
        return answer(connection, path, headers)

    def ask_web(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        return answer(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30), path, headers)


def answer(connection, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    named = {"Host": HOST} | {name.replace("_", "-"): value for name, value in headers.items()}
    with contextlib.closing(connection):
        connection.request("GET", path, headers=named)
        response = connection.getresponse()
        return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()


@pytest.fixture(scope="module")
def containers():
    folder = Path(tempfile.mkdtemp(prefix="ichei-image-"))
    running = []
    try:
        found = Containers(folder)
        found.build()
        assert found.run("python", "manage.py", "migrate", "--check")[0] != 0
        for command in (["sh", "deploy/release.sh"], ["python", "manage.py", "load_content", "-v0"]):
            status, printed = found.run(*command)
            assert status == 0, printed
        running = [found.start_web(), found.start_nginx()]
        for name, port in (("web", found.port), ("nginx", found.https_port)):
            try:
                wait_for(port, 60)
            except TimeoutError:
                pytest.fail(f"The {name} does not start:\n{(folder / f'{name}.log').read_text()[-3000:]}")
        yield found
    finally:
        for process in running:
            process.terminate()
            process.wait(60)
        shutil.rmtree(folder)


@pytest.mark.thorough
@pytest.mark.xdist_group("image")
class TestImage:
    def test_the_site_is_ready_and_its_health_check_says_so(self, containers):
        ends = time.monotonic() + 60
        while containers.run(*containers.web.stage.health)[0] and time.monotonic() < ends:
            time.sleep(0.5)
        assert containers.run(*containers.web.stage.health) == (0, "")
        assert containers.ask_web("/livez")[0] == 200
        assert containers.ask_web("/readyz")[2].startswith(b'{"status": "ready"')

    def test_a_site_that_is_not_there_is_not_healthy(self, containers):
        status, printed = containers.run(*containers.web.stage.health, BIND=f"0.0.0.0:{free_port()}")
        assert status == 1
        assert printed.startswith("Not ready: ")

    @pytest.mark.parametrize("language", ["en", "ar", "zh-hans"])
    def test_visitors_get_pages_and_their_sheets_through_nginx(self, containers, language):
        status, _headers, page = containers.ask(f"/{language}/")
        assert status == 200
        sheet = re.search(rb'href="(/static/css/site\.[0-9a-f]+\.css)"', page)[1].decode()
        for coding in ("br", "gzip"):
            status, headers, _body = containers.ask(sheet, Accept_Encoding=coding)
            assert (status, headers["content-encoding"]) == (200, coding)
        assert gzip.decompress(_body) == (containers.nginx.root / "site/build" / sheet[1:]).read_bytes()
        # The site itself has the same, for whoever does without nginx.
        assert containers.ask_web(sheet, X_Forwarded_Proto="https")[0] == 200

    def test_a_release_may_be_prepared_again_while_it_serves(self, containers):
        status, printed = containers.run("sh", "deploy/release.sh")
        assert status == 0, printed
        assert "No migrations to apply." in printed

    @pytest.mark.parametrize("command", ["run_schedule --once", "worker --once", "migrate --check"])
    def test_the_other_containers_do_their_work_with_the_same_image(self, containers, command):
        status, printed = containers.run("python", "manage.py", *command.split())
        assert status == 0, printed

    def test_a_backup_is_made_into_a_volume_of_its_own(self, containers):
        volume = containers.folder / "backups"
        volume.mkdir()
        os.chown(volume, 10001, 10001)
        status, printed = containers.web.run(
            ["python", "manage.py", "backup"],
            read_only=True,
            volumes={"/site/var": containers.var, "/backups": volume},
            **containers.environment | {"BACKUP_TO": "/backups", "TMPDIR": "/backups"},
        )
        assert status == 0, printed
        assert [path.suffix for path in volume.iterdir()] == [".gz"]

    def test_the_catalogues_are_in_it(self, containers):
        assert "Recherche" in containers.ask("/fr/search/")[2].decode()

    def test_the_site_can_write_its_uploads_and_temporary_files_and_nothing_else(self, containers):
        code = "import os, sys; print([place for place in sys.argv[1:] if os.access(place, os.W_OK)])"
        places = [
            "/",
            "/site",
            "/site/pages",
            "/venv",
            "/etc",
            "/usr/bin",
            "/site/var/media",
            "/tmp",
            "/dev/shm",
        ]
        _status, printed = containers.run("python", "-c", code, *places)
        assert printed.strip() == "['/site/var/media', '/tmp', '/dev/shm']"
        assert containers.run("id", "-u")[1].strip() == "10001"

    def test_a_container_without_settings_says_which_are_missing(self, containers):
        status, printed = containers.web.run(containers.web.stage.command, read_only=True)
        assert status != 0
        assert "Set the environment variable SECRET_KEY: " in printed
        status, printed = containers.nginx.run(containers.nginx.stage.command, read_only=True)
        assert (status, printed.count("\n")) == (1, 1)
        assert printed.startswith("Set the environment variable HOSTS: ")

    def test_behind_a_balancer_nginx_takes_http_and_believes_it_alone_who_asks(self, containers):
        port, plain = free_port(), free_port()
        process = containers.start_nginx(
            HTTP_PORT=str(plain), HTTPS_PORT=str(port), BALANCERS="127.0.0.0/8", CERTIFICATE="/nowhere"
        )
        try:
            wait_for(port)
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            status, _headers, page = answer(connection, "/en/", {"X_Forwarded_For": "203.0.113.7"})
            assert (status, b"<html" in page) == (200, True)
            # One who sends too much is refused, and nobody else who comes through the same balancer.
            statuses = {"203.0.113.7": [], "203.0.113.8": []}
            for address in ["203.0.113.7"] * 60 + ["203.0.113.8"]:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
                found = answer(connection, "/en/search/?q=a", {"X_Forwarded_For": address})
                statuses[address].append(found[0])
            assert 429 in statuses["203.0.113.7"]
            assert statuses["203.0.113.8"] == [200]
        finally:
            process.terminate()
            process.wait(20)
