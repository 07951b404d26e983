"""Servers that a test starts for itself, on a free port of the loopback address."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import boto3


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_for(port: int, seconds: float = 20) -> None:
    """Returns once something listens on a port; raises `TimeoutError` if nothing does."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"Nothing listens on port {port}.")


class Server:
    """A process on a port of its own, which can be silent for a while."""

    def __init__(self):
        self.port = free_port()
        self.process: subprocess.Popen | None = None

    def pause(self) -> None:
        """Answers nobody, as behind a broken network."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        if self.process is not None:
            # It has nothing to keep, and may be paused.
            self.process.kill()
            self.process.wait(10)
            self.process = None


class RedisServer(Server):
    """A Redis that keeps nothing on disk."""

    def __init__(self, folder: Path):
        super().__init__()
        self.folder = folder
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [
                "redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir",
                str(self.folder),
            ],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        wait_for(self.port)


class S3Server(Server):
    """A store of the S3 kind that keeps everything in memory: moto's server."""

    KEY, SECRET, BUCKET, REGION = "access-key", "secret-key-for-tests", "media", "us-east-1"

    def __init__(self):
        super().__init__()
        self.url = f"http://127.0.0.1:{self.port}"

    @property
    def options(self) -> dict:
        """The options of `library.s3.S3Store` with which it is reached."""
        return {
            "bucket_name": self.BUCKET,
            "endpoint_url": self.url,
            "region_name": self.REGION,
            "access_key": self.KEY,
            "secret_key": self.SECRET,
        }

    @property
    def environment(self) -> dict[str, str]:
        """What says the same to the settings of production."""
        return {
            "S3_BUCKET": self.BUCKET,
            "S3_ENDPOINT": self.url,
            "S3_REGION": self.REGION,
            "S3_ACCESS_KEY": self.KEY,
            "S3_SECRET_KEY": self.SECRET,
        }

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(self.port, 60)

    def client(self):
        return boto3.client(
            "s3",
            endpoint_url=self.url,
            region_name=self.REGION,
            aws_access_key_id=self.KEY,
            aws_secret_access_key=self.SECRET,
        )

    def make_bucket(self) -> None:
        self.client().create_bucket(Bucket=self.BUCKET)
