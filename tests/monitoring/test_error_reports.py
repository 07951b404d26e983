"""A service that collects errors hears what went wrong and where, and nothing of who was there."""

import gzip
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import brotli
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
KEY = "0123456789abcdef0123456789abcdef"
SENT = {
    "name": "Perez",
    "mail": "visitor@example.org",
    "text": "What I have to say",
    "query": "Looked-for",
    "cookie": "c00kie",
    "agent": "A browser",
    "address": "203.0.113.7",
}


@pytest.fixture
def collector():
    """A service on this machine; what arrives is in `received`, unpacked."""
    received = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}
            received.append(unpack[self.headers.get("Content-Encoding")](body).decode())
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.received = received
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def run(*command: str, **environment: str) -> subprocess.CompletedProcess:
    variables = {
        "PATH": os.environ["PATH"], "SECRET_KEY": "k" * 60, "ALLOWED_HOSTS": "ichei.example",
        "DATABASE_URL": "sqlite://:memory:", "PYTHONPATH": str(ROOT),
        "WORDS": json.dumps(SENT),
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=variables | environment, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip


def test_a_report_holds_where_and_what_but_nobody_s_words(collector):
    dsn = f"http://{KEY}@127.0.0.1:{collector.server_port}/1"
    done = run("-m", "tests.monitoring.failing_site", SENTRY_DSN=dsn)
    assert done.returncode == 0, done.stderr
    told = "".join(collector.received)
    events = [
        json.loads(line) for report in collector.received for line in report.splitlines()
        if '"exception"' in line
    ]  # fmt: skip
    assert len(events) == 2, told
    in_request, by_itself = sorted(events, key=lambda event: "request" not in event)

    kinds = [value["type"] for value in in_request["exception"]["values"]]
    assert kinds == ["ValueError", "RuntimeError"]
    assert "fail" in [
        frame["function"] for frame in in_request["exception"]["values"][1]["stacktrace"]["frames"]
    ]
    assert in_request["request"] == {"method": "POST", "url": "/fails/"}
    assert in_request["tags"]["request_id"] == "0123456789abcdef"
    # Without a request, what was said is of use.
    (value,) = by_itself["exception"]["values"]
    assert (value["type"], value["value"]) == ("LookupError", "550 <[e-mail]> is unknown")
    for secret in (*SENT.values(), "k" * 60):
        assert secret not in told
        assert secret not in done.stderr


def test_nothing_is_sent_without_an_address(collector):
    assert run("-m", "tests.monitoring.failing_site").returncode == 0
    assert collector.received == []


@pytest.mark.parametrize(
    ("dsn", "preparation", "complaint"),
    [
        ("nonsense", "", "SENTRY_DSN is not an address of a project: write https://key@host/number."),
        (
            f"https://{KEY}@errors.example/1",
            "import sys; sys.modules['sentry_sdk'] = None; ",
            "SENTRY_DSN is set, but the package sentry-sdk is not installed: "
            "install it, or unset SENTRY_DSN.",
        ),
    ],
)
def test_an_address_that_can_t_work_is_refused_with_one_sentence(dsn, preparation, complaint):
    done = run("-c", f"{preparation}import ichei_site.settings.production", SENTRY_DSN=dsn)
    assert done.returncode != 0
    assert done.stderr.strip().splitlines()[-1] == f"django.core.exceptions.ImproperlyConfigured: {complaint}"
    assert KEY not in done.stderr
