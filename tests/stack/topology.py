"""The processes of the site on one machine, each of which can be stopped, killed and started again."""

import contextlib
import http.client
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.deploy.nginx import configured, let_in
from tests.servers import RedisServer, S3Server, free_port, wait_for

ROOT = Path(__file__).resolve().parent.parent.parent
HOST = "www.example.org"
SETTINGS = "tests.stack.settings"


def postgres_bin() -> Path:
    """Where PostgreSQL's programs are: on the path, or where Debian has the newest."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if not versions:
        raise FileNotFoundError("PostgreSQL is not installed: apt install postgresql.")
    return versions[-1].parent


class Postgres:
    """A cluster of its own, with one database."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.port = free_port()
        self.url = f"postgres://ichei@127.0.0.1:{self.port}/postgres"
        # It refuses to be root.
        self.account = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []

    def make(self) -> None:
        self.folder.mkdir()
        if self.account:
            shutil.chown(self.folder, "postgres")
        self._run(
            "initdb", "-D", str(self.folder / "data"), "-U", "ichei", "--auth=trust", "--encoding=UTF8",
            "--locale=C.UTF-8",
        )  # fmt: skip

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        self._run(
            "pg_ctl", "-D", str(self.folder / "data"), "-w", "-l", str(self.folder / "log"), "-o", options,
            "start",
        )  # fmt: skip

    def stop(self) -> None:
        """As if the machine had lost power: nobody is told."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop", check=False)

    def _run(self, name: str, *arguments: str, check: bool = True) -> None:
        command = [*self.account, str(postgres_bin() / name), *arguments]
        subprocess.run(command, cwd=self.folder, check=check, stdout=subprocess.DEVNULL)


class Process:
    """A process of the site, whose lines go to a file."""

    def __init__(self, stack: "Stack", name: str, *command: str, **environment: str):
        self.stack, self.name, self.command, self.environment = stack, name, command, environment
        self.log = stack.folder / f"{name}.log"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.stack.environment | self.environment,
                stdout=log,
                stderr=log,
                # Whoever stops the stack by Ctrl+C stops its parts one after the other.
                start_new_session=True,
            )

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.kill()
            self.process = None

    def kill(self) -> None:
        """At once, with all that it has started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
            self.process = None


class Web(Process):
    """A gunicorn, as in a container of its own."""

    def __init__(self, stack: "Stack", name: str, **environment: str):
        self.port = free_port()
        super().__init__(
            stack, name, sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.py", "--bind",
            f"127.0.0.1:{self.port}", "ichei_site.wsgi", **environment,
        )  # fmt: skip

    def wait(self, seconds: float = 60) -> None:
        """Returns once it is ready for visitors, as a balancer sees it."""
        ends = time.monotonic() + seconds
        while self.readiness() != 200:
            if self.process is None or self.process.poll() is not None or time.monotonic() > ends:
                raise RuntimeError(f"{self.name} does not become ready:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.1)

    def readiness(self) -> int:
        """What `/readyz` answers; 0 if nothing does."""
        try:
            return self.ask("/readyz")[0]
        except OSError:
            return 0

    def ask(self, path: str, **headers: str) -> tuple[int, bytes]:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.request("GET", path, headers={"Host": HOST, "X-Forwarded-Proto": "https"} | headers)
            response = connection.getresponse()
            return response.status, response.read()

    def restart(self) -> None:
        self.stop()
        self.start()
        self.wait()


class Nginx(Process):
    def __init__(self, stack: "Stack"):
        self.http_port, self.port = free_port(), free_port()
        path = stack.folder / "nginx" / "nginx.conf"
        super().__init__(stack, "nginx", "nginx", "-c", str(path), "-g", "daemon off;")

    def make(self) -> None:
        folder = self.stack.folder / "nginx"
        folder.mkdir()
        subprocess.run(
            [
                "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                f"/CN={HOST}", "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"),
            ],
            check=True, capture_output=True,
        )  # fmt: skip
        # A web process that is away is tried again soon: it restarts within seconds.
        upstream = "; ".join(f"server 127.0.0.1:{web.port} fail_timeout=1s" for web in self.stack.webs)
        configured(
            folder,
            upstream=upstream,
            hosts=f"{HOST} localhost",
            http_port=self.http_port,
            https_port=self.port,
            static=self.stack.folder / "static",
            errors=self.stack.folder / "errors",
            media_parent=self.stack.folder,
        )

    def start(self) -> None:
        super().start()
        wait_for(self.port)


class Stack:
    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ichei-stack-"))
        self.folder.chmod(0o755)
        self.postgres = Postgres(self.folder / "postgres")
        self.redis = RedisServer(self.folder)
        self.s3 = S3Server()
        self.environment = {
            name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ
        } | {
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "VAR_DIR": str(self.folder),
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": f"{HOST},localhost,127.0.0.1",
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.redis.url,
            "METRICS_TOKEN": secrets.token_urlsafe(20),
            "SHOW_UNREVIEWED_TRANSLATIONS": "1",
            "WEB_CONCURRENCY": "1",
            **self.s3.environment,
        }
        self.webs = [Web(self, "web-1"), Web(self, "web-2")]
        self.schedule = Process(self, "schedule", sys.executable, "manage.py", "run_schedule")
        self.worker = Process(self, "worker", sys.executable, "manage.py", "worker")
        self.nginx = Nginx(self)

    @property
    def processes(self) -> list[Process]:
        return [*self.webs, self.schedule, self.worker, self.nginx]

    def manage(self, *arguments: str, **environment: str) -> str:
        """Runs a command of the site; what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stderr[-3000:]}")
        return done.stdout

    def shell(self, code: str) -> str:
        """Runs some Python in the site; what it printed."""
        return self.manage("shell", "--no-imports", "-c", code)

    def start(self) -> None:
        let_in(self.folder)
        self.postgres.make()
        self.postgres.start()
        self.redis.start()
        self.s3.start()
        self.s3.make_bucket()
        self.manage("migrate", "-v0")
        self.manage("load_content", "-v0")
        self.manage("load_glossary", "-v0")
        self.manage("collectstatic", "--no-input", "-v0")
        self.manage("make_error_pages")
        self.nginx.make()
        for process in self.processes:
            process.start()
        for web in self.webs:
            web.wait()

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.stop()
        self.s3.stop()
        self.redis.stop()
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
