"""Making a backup: database and uploads in one file, checked before it gets its name."""

import errno
from dataclasses import dataclass

import django
import pyrage
import wagtail
from django.core.files.storage import default_storage
from django.utils import timezone

from . import archive, media
from .archive import Writer
from .databases import database, migrations
from .failures import BackupFailed
from .models import Backup
from .retention import Retention
from .targets import Target, name_of


@dataclass(frozen=True)
class Made:
    name: str
    size: int
    rows: int
    files: int
    deleted: int


def make(target: Target, recipient: str | None, retention: Retention) -> Made:
    """Writes, checks and keeps a backup, then deletes those that have outlived their time.

    `recipient` is the public key that it is encrypted for, age1…, or None.

    What an editor deletes while it is made may come back as a file that nothing shows; a row whose file is
    missing never does: uploads are read before the database, and those that came meanwhile after it.
    """
    moment = timezone.now()
    try:
        with target.workplace() as folder:
            path = folder / "backup"
            # A second key, forgotten with this process: else nobody here could read what was written.
            witness = pyrage.x25519.Identity.generate()
            keys = [archive.public_key(recipient), witness.to_public()] if recipient else []
            with archive.written(path, keys) as (writer, about):
                fill(writer, about, moment)
            if archive.read(path, str(witness)).members != writer.content:
                raise BackupFailed("The backup was not written as it should be: try again.")
            taken = {kept.name for kept in target.kept()}
            name = name_of(moment, bool(recipient), taken)
            target.put(path, name)
            size = path.stat().st_size
    except OSError as failure:
        if failure.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise BackupFailed(
                "There is no room for the backup: delete older ones, or name another place."
            ) from failure
        raise BackupFailed(f"The backup could not be written: {failure}.") from failure
    Backup.objects.create(name=name, size=size)
    outlived = retention.outlived(target.kept())
    for old in outlived:
        target.delete(old.name)
    tables = about["database"]["tables"].values()
    files = sum(member.startswith(archive.MEDIA) for member in writer.members)
    return Made(name, size, sum(table["rows"] for table in tables), files, len(outlived))


def fill(writer: Writer, about: dict, moment) -> None:
    add_uploads(writer)
    found = database().dump(writer.add)
    add_uploads(writer)
    about |= {
        "made_at": moment.isoformat(),
        "django": django.__version__,
        "wagtail": wagtail.__version__,
        "database": found | {"migrations": migrations()},
    }


def add_uploads(writer: Writer) -> None:
    """Adds the files that aren't in it yet."""
    for name in media.names():
        member = f"{archive.MEDIA}{name}"
        if member in writer.members:
            continue
        try:
            with default_storage.open(name) as file:
                writer.add_file(member, file, file.size)
        except FileNotFoundError:
            # Somebody has just deleted it, and with it whatever showed it.
            continue
