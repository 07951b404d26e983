"""The server as it runs: several workers, one set of counts, and every line in the log is JSON."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

from monitoring.logs import ACCESS

ROOT = Path(__file__).resolve().parent.parent.parent
TOKEN = "only-for-tests-and-long"


@dataclass
class Server:
    port: int
    process: subprocess.Popen
    folder: Path

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path, headers={"Host": "127.0.0.1"} | headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def count(self, name: str) -> float:
        text = self.get("/metrics", Authorization=f"Bearer {TOKEN}")[1].decode()
        return sum(float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(name))

    def counts(self) -> set[str]:
        """The files in which the workers count; one that has answered nobody yet has none."""
        return {path.stem for path in (self.folder / "counts").glob("*.db")}

    def workers(self) -> set[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(pid) for pid in children.read_text().split()}

    def log(self) -> list[dict]:
        return [json.loads(line) for line in (self.folder / "log").read_text().splitlines()]


def until(condition, seconds: float = 40) -> None:
    ends = time.monotonic() + seconds
    while True:
        try:
            if condition():
                return
        except OSError:
            pass
        assert time.monotonic() < ends, "It does not come."
        time.sleep(0.1)


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    left_over = folder / "counts" / "counter_0.db"
    left_over.parent.mkdir()
    left_over.write_bytes(b"of an earlier run")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "SECRET_KEY": "k" * 60, "ALLOWED_HOSTS": "127.0.0.1",
        "DJANGO_SETTINGS_MODULE": "tests.monitoring.server_settings", "SECURE_SSL_REDIRECT": "0",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}", "METRICS_TOKEN": TOKEN,
        "PROMETHEUS_MULTIPROC_DIR": str(left_over.parent), "BIND": f"127.0.0.1:{port}",
        "WEB_CONCURRENCY": "2", "MEDIA_ROOT": str(folder / "media"),
    }  # fmt: skip
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.py", "ichei_site.wsgi"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
    server = Server(port, process, folder)
    try:
        until(lambda: server.get("/livez")[0] == 200)
        yield server
    finally:
        process.terminate()
        process.wait(30)


def test_a_server_without_its_tables_lives_but_is_not_ready(server):
    assert server.get("/livez")[0] == 200
    until(lambda: b"pending" in server.get("/readyz")[1])
    status, body = server.get("/readyz")
    assert (status, json.loads(body)["status"]) == (503, "unavailable")


def test_counts_are_those_of_all_workers_and_outlive_each_of_them(server):
    name = 'http_request_duration_seconds_count{language="none",page_type="static",status="2xx"}'
    before = server.count(name)
    for _request in range(40):
        assert server.get("/static/css/site.css")[0] == 200
    assert server.count(name) == before + 40

    first = server.workers()
    os.kill(min(first), signal.SIGTERM)
    until(lambda: len(server.workers() - first) == 1)
    until(lambda: server.get("/livez")[0] == 200)
    for _request in range(40):
        server.get("/static/css/site.css")
    assert server.count(name) == before + 80
    # One of each kind for each of the two, however many have come and gone.
    until(lambda: server.get("/static/css/site.css")[0] == 200 and len(server.counts()) == 4)
    assert server.counts() == {f"{kind}_{number}" for kind in ("counter", "histogram") for number in (0, 1)}


def test_each_request_leaves_one_line_and_each_line_is_json(server):
    # A sheet of its own: lines of earlier requests may still come, and a worker that has not been asked
    # before says that its database has no tables.
    sheet = "/static/css/guides.css"

    def told():
        return [
            line for line in server.log() if line["logger"] == "gunicorn.error" or line.get("path") == sheet
        ]

    before = len(told())
    server.get(f"{sheet}?q=Perez")
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(b"GET /en/search/?q=Perez NONSENSE/1.1\r\nCookie: sessionid=abcdef\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 400")
    until(lambda: len(told()) >= before + 2, 5)
    lines = told()[before:]
    assert [line["logger"] for line in lines] == [ACCESS, "gunicorn.error"]
    assert lines[1]["message"].startswith("Invalid request: ")
    text = (server.folder / "log").read_text()
    assert not any(secret in text for secret in ("Perez", "sessionid", "abcdef", "ip=127"))
    assert {line["logger"] for line in server.log()} >= {"gunicorn.error", "monitoring.readiness"}


def test_the_token_opens_the_metrics_and_nothing_else_does(server):
    assert server.get("/metrics")[0] == 401
    assert server.get("/metrics", Authorization="Bearer nothing")[0] == 401
