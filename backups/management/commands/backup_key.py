import os
from pathlib import Path

import pyrage
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Makes a pair of keys for backups: the secret one goes to a file, the public one is printed."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", help="where the secret key goes; keep it elsewhere than the backups")

    def handle(self, *args, file, **options):
        identity = pyrage.x25519.Identity.generate()
        public = identity.to_public()
        try:
            opened = os.open(Path(file), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise CommandError(f"{file} exists already: a key that is lost can't be made again.") from None
        except OSError as failure:
            raise CommandError(f"{file} can't be written: {failure.strerror}.") from None
        with os.fdopen(opened, "w") as target:
            target.write(f"# public key: {public}\n{identity}\n")
        self.stdout.write(f"BACKUP_KEY={public}")
        self.stdout.write(
            f"The secret key is in {file}. Without it no backup can be read: keep a copy somewhere else."
        )
