"""Restoring a backup into an empty system, and comparing the two."""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection

from monitoring.readiness import has_pending_migrations

from . import archive, media
from .archive import DATABASE, MEDIA, Contents
from .databases import database, refuse_newer
from .digests import digest_of
from .failures import BackupFailed
from .signals import restored


@dataclass(frozen=True)
class Restored:
    made_at: str
    tables: int
    rows: int
    files: int
    # Whether this release has brought migrations that the backup lacked.
    is_newer: bool


def restore(path: Path, identity: str | None, replace: bool = False) -> Restored:
    """Puts a backup in the place of an empty system, or with `replace` in the place of what is there.

    Everything is read and compared before anything is changed, and once more afterwards.
    """
    found = archive.read(path, identity)
    about = found.manifest["database"]
    refuse_other_kind(about)
    refuse_newer(about["migrations"])
    if not replace:
        refuse_unless_empty()
    before = set(media.names())
    kept = {name.removeprefix(MEDIA) for name in found.members if name.startswith(MEDIA)}
    with database().restoring(about) as take_rows:

        def take(name: str, file: BinaryIO) -> None:
            if name.startswith(DATABASE):
                take_rows(name, file)
            else:
                put(name.removeprefix(MEDIA), file, found.members[name])

        archive.read(path, identity, take)
    compare_rows(about["tables"])
    compare_files(found)
    for name in before - kept:
        default_storage.delete(name)
    if is_newer := has_pending_migrations():
        call_command("migrate", interactive=False, verbosity=0)
    for alias in caches:
        caches[alias].clear()
    restored.send(sender=restore)
    rows = sum(table["rows"] for table in about["tables"].values())
    return Restored(found.manifest["made_at"], len(about["tables"]), rows, len(kept), is_newer)


def refuse_other_kind(about: dict) -> None:
    here = connection.vendor
    if about["kind"] != here:
        raise BackupFailed(
            f"The backup is of {about['kind']} and this is {here}: set DATABASE_URL to one of its kind."
        )


def refuse_unless_empty() -> None:
    tables = set(connection.introspection.table_names())
    for model in (get_user_model(), apps.get_model("wagtailcore", "Revision")):
        if model._meta.db_table in tables and model._base_manager.exists():
            raise BackupFailed(
                "There is content here already: restore into an empty database, or say --replace to lose it."
            )
    if next(media.names(), None) is not None:
        raise BackupFailed(
            "There are uploads here already: restore into an empty store, or say --replace to lose them."
        )


def put(name: str, file: BinaryIO, member: dict) -> None:
    if default_storage.exists(name):
        with default_storage.open(name) as here:
            if digest_of(here).sha256 == member["sha256"]:
                return
        default_storage.delete(name)
    saved = default_storage.save(name, Streamed(file, name, member["size"]))
    if saved != name:
        raise BackupFailed(f"The file {name} could not be restored under its name.")


class Streamed(File):
    """A member of an archive, which is read once."""

    def __init__(self, file: BinaryIO, name: str, size: int):
        super().__init__(file, name)
        self.size = size

    def chunks(self, chunk_size=None):
        while part := self.file.read(chunk_size or self.DEFAULT_CHUNK_SIZE):
            yield part

    def seekable(self) -> bool:
        return False


def compare_rows(expected: dict[str, dict]) -> None:
    here = {name: rows.as_json() for name, rows in database().tables().items()}
    for name, rows in expected.items():
        if here.get(name) != rows:
            raise BackupFailed(f"The table {name} is not as it was in the backup: restore it again.")


def compare_files(found: Contents) -> None:
    for name, member in found.members.items():
        if name.startswith(MEDIA):
            with default_storage.open(name.removeprefix(MEDIA)) as file:
                digest = digest_of(file)
            if {"size": digest.size, "sha256": digest.sha256} != member:
                raise BackupFailed(f"The file {name} is not as it was in the backup: restore it again.")
