"""Streams that are counted and digested as they pass."""

import hashlib
from typing import BinaryIO

CHUNK = 1024 * 1024


class Digest:
    """SHA-256 and length of what was given to it."""

    def __init__(self):
        self._sha256 = hashlib.sha256()
        self.size = 0

    def add(self, part: bytes) -> None:
        self._sha256.update(part)
        self.size += len(part)

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()


class DigestingReader:
    """A file that is read once, from its beginning to its end."""

    def __init__(self, file: BinaryIO):
        self.file, self.digest = file, Digest()

    def read(self, size: int = -1) -> bytes:
        part = self.file.read(size)
        self.digest.add(part)
        return part


def digest_of(file: BinaryIO) -> Digest:
    digest = Digest()
    while part := file.read(CHUNK):
        digest.add(part)
    return digest
