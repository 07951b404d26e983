"""deploy/nginx with a real nginx, in front of an application that says what it was asked."""

import contextlib
import http.client
import json
import re
import shutil
import ssl
import subprocess
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.deploy.nginx import BROTLI, configured, let_in
from tests.servers import free_port, wait_for

# One nginx for all of them: what one test has counted, another would count as well.
pytestmark = pytest.mark.xdist_group("nginx")


@pytest.fixture(scope="module", autouse=True)
def _nginx_is_here():
    assert shutil.which("nginx"), "nginx is needed for this: apt install nginx."


@dataclass
class Application:
    """Answers with what it is told to, and remembers what it was asked."""

    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def start(self, port: int = 0) -> int:
        application = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                application.asked.append((self.command, self.path, dict(self.headers)))
                coding = self.headers.get("Accept-Encoding") or "identity"
                body = f"{len(application.asked)} {coding}".encode()
                self.send_response(application.status)
                headers = {"Content-Type": "text/html", "Cache-Control": "public, max-age=0, s-maxage=1"}
                for name, value in (headers | application.headers).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.do_GET()

            do_HEAD = do_GET  # noqa: N815

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self.server.server_port

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Nginx:
    folder: Path
    http: int
    https: int
    application: Application
    log: Path

    def ask(self, path: str, method: str = "GET", secure: bool = True, body: bytes | None = None, **headers):
        if secure:
            context = ssl._create_unverified_context()
            connection = http.client.HTTPSConnection("127.0.0.1", self.https, timeout=20, context=context)
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=20)
        with contextlib.closing(connection):
            named = {"Host": "www.example.org"}
            named |= {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body=body, headers=named)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, found, answer.read())


def fill(folder: Path) -> None:
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", "/CN=localhost", "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"),
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    (folder / "errors").mkdir()
    for language in ("", ".ar", ".zh-hans", ".en", ".fr", ".ru", ".es"):
        (folder / "errors" / f"503{language}.html").write_text(f"away{language}")
    (folder / "static" / "css").mkdir(parents=True)
    sheet = folder / "static" / "css" / "site.abc.css"
    sheet.write_text("body { color: red }")
    Path(f"{sheet}.br").write_bytes(b"as brotli")
    Path(f"{sheet}.gz").write_bytes(b"as gzip")
    pictures = folder / "media" / "images" / "7"
    pictures.mkdir(parents=True)
    for width in (480, 960):
        (pictures / f"a.width-{width}.format-webp.webp").write_text(f"{width} wide")
    (folder / "media" / "documents").mkdir()
    (folder / "media" / "documents" / "secret.pdf").write_text("secret")


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nginx")
    let_in(folder)
    application = Application()
    http_port, https_port = free_port(), free_port()
    fill(folder)
    path = configured(
        folder,
        upstream=f"server 127.0.0.1:{application.start()}",
        hosts="www.example.org",
        http_port=http_port,
        https_port=https_port,
        static=folder / "static",
        errors=folder / "errors",
        media_parent=folder,
    )
    subprocess.run(["nginx", "-t", "-q", "-c", str(path)], check=True)
    server = subprocess.Popen(["nginx", "-c", str(path), "-g", "daemon off;"])
    try:
        wait_for(https_port)
        yield Nginx(folder, http_port, https_port, application, folder / "access.log")
    finally:
        server.terminate()
        server.wait(20)
        application.stop()


@pytest.fixture
def nginx(running):
    running.application.status, running.application.headers = 200, {}
    running.application.asked.clear()
    return running


def test_http_leads_to_https(nginx):
    answer = nginx.ask("/fr/news/?page=2", secure=False)
    assert answer.status == 301
    assert answer.headers["location"] == "https://www.example.org/fr/news/?page=2"


def test_browsers_get_http_2(nginx):
    found = subprocess.run(
        ["curl", "-sk", "--http2", "-o", "/dev/null", "-w", "%{http_version}", f"https://127.0.0.1:{nginx.https}/en/"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert found.stdout == "2"


def test_the_application_learns_who_asks_and_how(nginx):
    nginx.ask("/en/", X_Forwarded_For="6.6.6.6", X_Forwarded_Proto="http", X_Request_ID="mine")
    _method, _path, headers = nginx.application.asked[0]
    assert headers["X-Forwarded-For"] == "127.0.0.1"
    assert headers["X-Forwarded-Proto"] == "https"
    assert headers["Host"] == "www.example.org"
    assert re.fullmatch("[0-9a-f]{32}", headers["X-Request-ID"])


def test_a_page_is_asked_for_once_a_second(nginx):
    answers = {nginx.ask("/en/about/").body for _time in range(20)}
    assert len(answers) <= 2
    assert len(nginx.application.asked) <= 2
    before = nginx.ask("/en/about/").body
    time.sleep(2.1)
    # Not what was right before a quiet while.
    assert nginx.ask("/en/about/").body != before


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("identity", "identity"),
        ("", "identity"),
    ],
)
def test_each_coding_has_a_copy_of_its_own(nginx, accepted, coding):
    nginx.application.headers = {"Vary": "Accept-Encoding"}
    path = f"/en/coded/{len(accepted)}/"
    for _time in range(2):
        assert nginx.ask(path, Accept_Encoding=accepted).body.decode().split()[1] == coding


@pytest.mark.parametrize("headers", [{"Cookie": "sessionid=abc"}, {"Authorization": "Basic abc"}])
def test_whoever_may_be_signed_in_is_answered_by_the_application_and_not_kept(nginx, headers):
    path = f"/en/{next(iter(headers)).lower()}/"
    anonymous = nginx.ask(path).body
    own = [nginx.ask(path, **headers).body for _time in range(2)]
    assert len({anonymous, *own}) == 3


@pytest.mark.parametrize(
    "headers", [{"Set-Cookie": "a=b"}, {"Cache-Control": "no-store"}, {"Cache-Control": "private"}]
)
def test_an_answer_for_one_visitor_is_not_kept(nginx, headers):
    nginx.application.headers = headers
    path = "/en/" + "-".join(headers.values()).replace("=", "") + "/"
    assert nginx.ask(path).body != nginx.ask(path).body


@pytest.mark.parametrize("path", ["/admin/pages/", "/documents/1/a.pdf", "/en/search/?q=name"])
def test_nothing_of_the_admin_of_documents_and_of_searches_is_kept(nginx, path):
    assert nginx.ask(path).body != nginx.ask(path).body


def test_a_closed_site_is_closed_at_once(nginx):
    assert nginx.ask("/en/closed/").status == 200
    nginx.application.status = 503
    nginx.application.headers = {"Cache-Control": "no-store", "Retry-After": "600"}
    time.sleep(2.1)
    answer = nginx.ask("/en/closed/")
    assert answer.status == 503
    assert answer.headers["retry-after"] == "600"
    assert answer.body.decode().endswith("identity")


def test_a_page_that_was_unpublished_is_gone_within_two_seconds(nginx):
    assert nginx.ask("/en/gone/").status == 200
    nginx.application.status = 404
    time.sleep(2.1)
    assert nginx.ask("/en/gone/").status == 404


def test_static_files_come_from_disk_compressed_and_for_a_year(nginx):
    for accepted, body in (("gzip", b"as gzip"), ("", b"body { color: red }")):
        answer = nginx.ask("/static/css/site.abc.css", Accept_Encoding=accepted)
        assert answer.body == body
        assert "immutable" in answer.headers["cache-control"]
    if BROTLI.exists():
        assert nginx.ask("/static/css/site.abc.css", Accept_Encoding="br, gzip").body == b"as brotli"
    assert nginx.application.asked == []


def test_a_sheet_of_another_release_comes_from_the_application_once_and_is_kept(nginx):
    path = "/static/css/site.before.css"
    assert nginx.ask(path).body == nginx.ask(path).body
    assert [path for _method, path, _headers in nginx.application.asked] == [path]


def test_what_no_release_has_is_not_found(nginx):
    nginx.application.status = 404
    assert nginx.ask("/static/css/never.css").status == 404


def test_readers_who_save_data_get_the_smallest_picture(nginx):
    path = "/media/images/7/a.width-960.format-webp.webp"
    assert nginx.ask(path).body == b"960 wide"
    light = nginx.ask(path, Save_Data="on")
    assert light.body == b"480 wide"
    assert light.headers["vary"] == "Save-Data"


def test_a_picture_that_is_not_on_this_disk_is_asked_for_once_and_shown_while_its_store_is_away(nginx):
    path = "/media/images/8/b.width-960.format-webp.webp"
    nginx.application.headers = {"Vary": "Save-Data", "Cache-Control": "public, max-age=1"}
    first = nginx.ask(path)
    light = nginx.ask(path, Save_Data="on")
    assert len({first.body, light.body}) == 2
    assert (nginx.ask(path).body, nginx.ask(path, Save_Data="on").body) == (first.body, light.body)
    assert len(nginx.application.asked) == 2
    time.sleep(2)
    nginx.application.status, nginx.application.headers = 503, {"Cache-Control": "no-store"}
    assert nginx.ask(path).body == first.body
    assert nginx.ask("/media/images/8/c.webp").status == 503


@pytest.mark.parametrize(
    "path", ["/media/documents/secret.pdf", "/media/images/", "/metrics", "/livez", "/readyz"]
)
def test_what_is_not_for_visitors_is_not_found(nginx, path):
    answer = nginx.ask(path)
    assert answer.status in {400, 404}
    assert nginx.application.asked == []


def test_too_many_searches_of_one_address_are_refused_with_our_words(nginx):
    answers = [nginx.ask("/fr/search/?q=a") for _time in range(60)]
    refused = [answer for answer in answers if answer.status == 429]
    assert refused
    assert refused[0].body == b"away.fr"
    assert refused[0].headers["retry-after"] == "120"
    assert nginx.ask("/fr/").status == 200


def test_too_many_messages_of_one_address_are_refused_and_reading_is_not(nginx):
    statuses = [nginx.ask("/en/contact/", "POST", body=b"a=b").status for _time in range(20)]
    assert 429 in statuses
    assert nginx.ask("/en/contact/").status == 200


@pytest.mark.parametrize(
    ("path", "size", "status"), [("/en/contact/", 2, 413), ("/admin/images/add/", 2, 200)]
)
def test_only_staff_may_send_much(nginx, path, size, status):
    # The limit of messages is another test's.
    time.sleep(4 if status == 413 else 0)
    assert nginx.ask(path, "POST", body=b"x" * size * 1024 * 1024).status == status


def test_the_log_holds_nothing_of_visitors(nginx):
    nginx.ask("/en/log/?q=name-of-somebody", User_Agent="agent-of-somebody", Referer="https://from.example/")
    time.sleep(0.2)
    line = nginx.log.read_text().splitlines()[-1]
    assert json.loads(line)["path"] == "/en/log/"
    for secret in ("somebody", "from.example", "127.0.0.1"):
        assert secret not in line


def test_while_no_application_answers_visitors_see_what_there_is(nginx):
    kept = nginx.ask("/en/kept/").body
    port = nginx.application.server.server_port
    nginx.application.stop()
    try:
        time.sleep(2.1)
        assert nginx.ask("/en/kept/").body == kept
        for path, body in (("/fr/new/", b"away.fr"), ("/ar/new/", b"away.ar"), ("/nowhere", b"away")):
            answer = nginx.ask(path)
            assert answer.status in {502, 503, 504}
            assert answer.body == body
            assert answer.headers["retry-after"] == "120"
    finally:
        nginx.application.start(port)
