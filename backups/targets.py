"""Where backups are kept: a folder, or a bucket of a store of the S3 kind."""

import os
import re
import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from .archive import digest_of_path
from .digests import digest_of
from .failures import BackupFailed

NAME = re.compile(r"ichei-(?P<at>\d{8}T\d{6}Z)(?:-\d+)?\.tar\.gz(?:\.age)?")
WRITTEN = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, order=True)
class Kept:
    """A backup that is kept; `size` in bytes."""

    at: datetime
    name: str
    size: int

    @property
    def is_encrypted(self) -> bool:
        return self.name.endswith(".age")


def name_of(moment: datetime, is_encrypted: bool, taken: set[str]) -> str:
    """A name that nobody has taken."""
    stem = f"ichei-{moment.astimezone(UTC).strftime(WRITTEN)}"
    ending = ".tar.gz.age" if is_encrypted else ".tar.gz"
    number, name = 1, f"{stem}{ending}"
    while name in taken:
        number += 1
        name = f"{stem}-{number}{ending}"
    return name


def kept(name: str, size: int) -> Kept | None:
    """None for what is no backup of ours, which is never touched."""
    found = NAME.fullmatch(name)
    if found is None:
        return None
    return Kept(datetime.strptime(found["at"], WRITTEN).replace(tzinfo=UTC), name, size)


class Target(ABC):
    @abstractmethod
    def kept(self) -> list[Kept]:
        """What is there, oldest first."""

    @abstractmethod
    def workplace(self):
        """A context with the folder in which a backup is written before it gets its name."""

    @abstractmethod
    def put(self, path: Path, name: str) -> None:
        """Takes a written backup; it is whole when it appears under its name."""

    @abstractmethod
    def delete(self, name: str) -> None: ...


def target(place: str) -> Target:
    """The folder or `s3://bucket/prefix` that a text names."""
    return Bucket(place) if place.startswith("s3://") else Folder(Path(place))


class Folder(Target):
    def __init__(self, path: Path):
        self.path = path
        if not path.is_dir():
            raise BackupFailed(f"There is no folder {path}: make it, or name another.")

    def kept(self):
        found = (kept(path.name, path.stat().st_size) for path in self.path.iterdir() if path.is_file())
        return sorted(backup for backup in found if backup is not None)

    @contextmanager
    def workplace(self) -> Iterator[Path]:
        # On the same file system, so that the name is given in one step.
        folder = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=self.path))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def put(self, path, name):
        # A link, not a renaming: it never takes the place of a file that is there.
        os.link(path, self.path / name)

    def delete(self, name):
        (self.path / name).unlink(missing_ok=True)


class Bucket(Target):
    def __init__(self, address: str):
        parts = urlsplit(address)
        self.bucket, self.prefix = parts.netloc, parts.path.strip("/")
        if not self.bucket:
            raise BackupFailed("The address of the bucket is incomplete: write s3://bucket/folder.")
        # A store of its own for backups is best: who breaks into the site's must not find them there.
        with answering():
            self.client = boto3.client(
                "s3",
                endpoint_url=environment("ENDPOINT"),
                region_name=environment("REGION"),
                aws_access_key_id=environment("ACCESS_KEY"),
                aws_secret_access_key=environment("SECRET_KEY"),
            )

    def _key(self, name: str) -> str:
        return f"{self.prefix}/{name}" if self.prefix else name

    def kept(self):
        found = []
        with answering():
            pages = self.client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=self._key("ichei-")
            )
            for page in pages:
                for item in page.get("Contents", ()):
                    found.append(kept(item["Key"].rpartition("/")[2], item["Size"]))
        return sorted(backup for backup in found if backup is not None)

    @contextmanager
    def workplace(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)

    def put(self, path, name):
        with answering():
            try:
                self.client.upload_file(str(path), self.bucket, self._key(name))
                # Read back: what was sent is not yet what is kept.
                answer = self.client.get_object(Bucket=self.bucket, Key=self._key(name))
                is_right = digest_of(answer["Body"]).sha256 == digest_of_path(path).sha256
            except BaseException:
                with suppress(BotoCoreError, ClientError):
                    self.delete(name)
                raise
        if not is_right:
            self.delete(name)
            raise BackupFailed("The store did not keep the backup as it was sent: try again.")

    def delete(self, name):
        with answering():
            self.client.delete_object(Bucket=self.bucket, Key=self._key(name))


def environment(name: str) -> str | None:
    """BACKUP_S3_<name>, or what the uploads' store has."""
    return os.environ.get(f"BACKUP_S3_{name}") or os.environ.get(f"S3_{name}") or None


@contextmanager
def answering() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as failure:
        raise BackupFailed(f"The store for backups does not take them: {failure}") from failure


@contextmanager
def fetched(place: str) -> Iterator[Path]:
    """The file of a backup: where it lies, or copied out of a bucket for as long as it is needed."""
    if not place.startswith("s3://"):
        yield Path(place)
        return
    folder, _slash, name = place.rpartition("/")
    bucket = Bucket(folder)
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / name
        with answering():
            bucket.client.download_file(bucket.bucket, bucket._key(name), str(path))
        yield path
