"""One file that holds the database and all uploads: a compressed tar, encrypted with age if there is a key.

MANIFEST.json, its last member, says what else is in it, with the SHA-256 of each.
"""

import contextlib
import gzip
import io
import json
import os
import re
import tarfile
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import pyrage

from .digests import CHUNK, Digest, DigestingReader, digest_of
from .failures import BackupFailed

FORMAT = 1
MANIFEST = "MANIFEST.json"
# What age writes first (https://age-encryption.org/v1).
AGE = b"age-encryption.org/v1"
DATABASE, MEDIA = "database/", "media/"


class Writer:
    """Adds members to an archive, one after the other."""

    def __init__(self, tar: tarfile.TarFile):
        self.tar = tar
        self.members: dict[str, dict] = {}

    @property
    def content(self) -> dict[str, dict]:
        """All members but the manifest, which can't say anything of itself."""
        return {name: member for name, member in self.members.items() if name != MANIFEST}

    def add(self, name: str, write: Callable[[BinaryIO], None]) -> None:
        """Adds what a function writes: aside first, since a tar says the length of a member before it."""
        with tempfile.TemporaryFile() as aside:
            write(aside)
            size = aside.tell()
            aside.seek(0)
            self.add_file(name, aside, size)

    def add_file(self, name: str, file: BinaryIO, size: int) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        reader = DigestingReader(file)
        self.tar.addfile(info, reader)
        if reader.digest.size != size:
            raise BackupFailed(f"The file {name} changed while it was read: make the backup again.")
        self.members[name] = {"size": size, "sha256": reader.digest.sha256}


@contextlib.contextmanager
def written(path: Path, keys: list) -> Iterator[tuple[Writer, dict]]:
    """A new archive at a path, encrypted for these keys if there are any.

    The dictionary becomes its manifest when the block ends.
    """
    about: dict = {"format": FORMAT}
    with open(path, "xb", opener=private) as file:
        with (
            encrypting(file, keys) as plain,
            gzip.GzipFile(fileobj=plain, mode="wb", mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
        ):
            writer = Writer(tar)
            yield writer, about
            text = json.dumps(about | {"members": writer.content}, indent=1).encode()
            writer.add_file(MANIFEST, io.BytesIO(text), len(text))
        file.flush()
        os.fsync(file.fileno())


def private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def public_key(text: str):
    """Raises `BackupFailed` unless it is one of age's."""
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise BackupFailed("The key for backups is none: write what `backup_key` prints, age1….") from None


@contextlib.contextmanager
def encrypting(file: BinaryIO, keys: list) -> Iterator[BinaryIO]:
    """Takes what is to stand in the file in plain; a thread encrypts it on its way."""
    if not keys:
        yield file
        return
    reading, writing = os.pipe()
    failures: list[BaseException] = []

    def encrypt() -> None:
        try:
            with open(reading, "rb") as source:
                try:
                    pyrage.encrypt_io(source, file, keys)
                finally:
                    # Whoever writes must not wait for ever for somebody to read.
                    while source.read(CHUNK):
                        pass
        except BaseException as failure:
            failures.append(failure)

    thread = threading.Thread(target=encrypt, name="encrypt")
    thread.start()
    try:
        with open(writing, "wb") as plain:
            yield plain
    finally:
        thread.join()
    if failures:
        raise failures[0]


@dataclass
class Contents:
    """What an archive was found to hold, and what its manifest says of that."""

    manifest: dict = field(default_factory=dict)
    members: dict[str, dict] = field(default_factory=dict)


def read(path: Path, identity: str | None, take: Callable[[str, BinaryIO], None] | None = None) -> Contents:
    """Reads an archive from its beginning to its end, and gives each member but the manifest to `take`.

    Raises `BackupFailed` unless all is there and as it was written. `identity` is the secret key,
    AGE-SECRET-KEY-….
    """
    found = Contents()
    try:
        with decrypted(path, identity) as plain, gzip.GzipFile(fileobj=plain, mode="rb") as packed:
            with tarfile.open(fileobj=packed, mode="r|") as tar:
                for info in tar:
                    if found.manifest:
                        raise BackupFailed("The backup goes on after its end: it is not as it was written.")
                    check_name(info)
                    reader = DigestingReader(tar.extractfile(info))
                    if info.name == MANIFEST:
                        found.manifest = json.loads(reader.read())
                        continue
                    if take is not None:
                        take(info.name, reader)
                    # Of what nobody took, the rest.
                    while reader.read(CHUNK):
                        pass
                    found.members[info.name] = {"size": reader.digest.size, "sha256": reader.digest.sha256}
            # The check of the compression comes after the last member.
            while packed.read(CHUNK):
                pass
    except (EOFError, gzip.BadGzipFile, tarfile.TarError, json.JSONDecodeError, OSError) as failure:
        if isinstance(failure, FileNotFoundError):
            raise BackupFailed(f"There is no backup at {path}.") from None
        raise BackupFailed(f"The backup is damaged or not complete ({failure}): take another.") from failure
    compare(found)
    return found


def check_name(info: tarfile.TarInfo) -> None:
    path = PurePosixPath(info.name)
    is_inside = not path.is_absolute() and ".." not in path.parts and str(path) == info.name
    is_known = info.name == MANIFEST or info.name.startswith((DATABASE, MEDIA))
    if not (info.isfile() and is_inside and is_known):
        raise BackupFailed(f"The backup holds {info.name!r}, which none of ours does: it is left alone.")


def compare(found: Contents) -> None:
    if found.manifest.get("format") != FORMAT:
        raise BackupFailed("The file is no backup of this site, or one of a newer release.")
    if found.members != found.manifest["members"]:
        wrong = sorted(
            name
            for name in found.members.keys() | found.manifest["members"].keys()
            if found.members.get(name) != found.manifest["members"].get(name)
        )
        raise BackupFailed(f"The backup is not as it was written: {wrong[0]} differs. Take another.")


@contextlib.contextmanager
def decrypted(path: Path, identity: str | None) -> Iterator[BinaryIO]:
    with path.open("rb") as file:
        is_encrypted = file.read(len(AGE)) == AGE
        file.seek(0)
        if not is_encrypted:
            yield file
            return
        if identity is None:
            raise BackupFailed("The backup is encrypted: give its key with --identity FILE.")
        try:
            key = pyrage.x25519.Identity.from_str(identity.strip())
        except pyrage.IdentityError:
            raise BackupFailed("The key is none: it begins with AGE-SECRET-KEY-.") from None
        with tempfile.TemporaryFile() as plain:
            try:
                pyrage.decrypt_io(file, plain, [key])
            except pyrage.DecryptError:
                raise BackupFailed("The backup was encrypted for another key, or it is damaged.") from None
            plain.seek(0)
            yield plain


def identity_in(path: Path) -> str:
    """The secret key in a file such as `backup_key` and age-keygen write."""
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError):
        raise BackupFailed(f"The key at {path} can't be read.") from None
    found = re.search(r"^AGE-SECRET-KEY-\S+", text, re.MULTILINE)
    if found is None:
        raise BackupFailed(f"There is no key in {path}: it begins with AGE-SECRET-KEY-.")
    return found[0]


def digest_of_path(path: Path) -> Digest:
    with path.open("rb") as file:
        return digest_of(file)
