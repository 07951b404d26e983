import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.formats import number_format

from backups.archive import identity_in
from backups.failures import BackupFailed
from backups.restoring import restore
from backups.targets import fetched, target


class Command(BaseCommand):
    help = "Restores a backup into an empty system. Stop the site first; --list says which there are."
    # There may be no table yet.
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("backup", help="the file, or s3://bucket/folder/file; with --list the folder")
        parser.add_argument(
            "--identity", help="the file with its secret key; else BACKUP_IDENTITY_FILE names it"
        )
        parser.add_argument(
            "--replace", action="store_true", help="lose what is here: every row and every upload"
        )
        parser.add_argument("--list", action="store_true", help="only say which backups a folder has")

    def handle(self, *args, backup, identity, replace, list, **options):  # noqa: A002
        try:
            if list:
                self.show(backup)
                return
            file = identity or os.environ.get("BACKUP_IDENTITY_FILE", "").strip()
            key = identity_in(Path(file)) if file else None
            with fetched(backup) as path:
                done = restore(path, key, replace)
        except BackupFailed as failure:
            raise CommandError(str(failure)) from failure
        newer = " The migrations that came since then were applied." if done.is_newer else ""
        self.stdout.write(
            f"Restored as of {done.made_at}: {number_format(done.rows, force_grouping=True)} rows in "
            f"{done.tables} tables and {done.files} files, each compared with the backup.{newer}"
        )

    def show(self, place: str) -> None:
        found = target(place).kept()
        for backup in found:
            lock = "encrypted" if backup.is_encrypted else "plain"
            self.stdout.write(f"{backup.name}  {backup.size / 1e6:>9.1f} MB  {lock}")
        if not found:
            self.stdout.write("There is no backup.")
