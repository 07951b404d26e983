import os

from django.core.management.base import BaseCommand, CommandError
from django.utils.formats import number_format

from backups.failures import BackupFailed
from backups.making import make
from backups.retention import Retention
from backups.targets import target


class Command(BaseCommand):
    help = (
        "Writes the database and all uploads into one file, checks it, and deletes backups that have "
        "outlived their time. Without arguments, BACKUP_TO says where to and BACKUP_KEY for which key."
    )

    def add_arguments(self, parser):
        parser.add_argument("place", nargs="?", help="a folder, or s3://bucket/folder; else BACKUP_TO")
        parser.add_argument("--key", help="the public key to encrypt it for, age1…; else BACKUP_KEY")
        for name, number in (("daily", 7), ("weekly", 5), ("monthly", 12)):
            parser.add_argument(
                f"--keep-{name}",
                type=int,
                default=number,
                metavar="N",
                help=f"how many {name} backups to keep ({number} by default)",
            )

    def handle(self, *args, place, key, keep_daily, keep_weekly, keep_monthly, **options):
        place = place or os.environ.get("BACKUP_TO", "").strip()
        if not place:
            raise CommandError("Say where to: name a folder or s3://bucket/folder, or set BACKUP_TO.")
        if min(keep_daily, keep_weekly, keep_monthly) < 0:
            raise CommandError("Fewer than none can't be kept: write 0 or more.")
        key = key or os.environ.get("BACKUP_KEY", "").strip() or None
        try:
            made = make(target(place), key, Retention(keep_daily, keep_weekly, keep_monthly))
        except BackupFailed as failure:
            raise CommandError(str(failure)) from failure
        deleted = f" {made.deleted} older ones were deleted." if made.deleted else ""
        self.stdout.write(
            f"{made.name}: {number_format(made.rows, force_grouping=True)} rows, {made.files} files, "
            f"{made.size / 1e6:.1f} MB, written and checked.{deleted}"
        )
