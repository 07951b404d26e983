from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from seeding.errors import ContentError
from seeding.loader import Loader
from seeding.sources import read_content


class Command(BaseCommand):
    help = "Loads the starting content; what staff have edited stays as it is."

    def add_arguments(self, parser):
        parser.add_argument(
            "--reset", action="store_true", help="write over what staff have edited in these records"
        )
        parser.add_argument(
            "--content", type=Path, default=settings.CONTENT_DIR, help="the folder (default: content/)"
        )

    def handle(self, *args, reset, content, **options):
        try:
            report = Loader(reset).load(read_content(content.resolve()))
        except ContentError as error:
            raise CommandError(f"{error} Nothing was loaded.") from error
        if not options["verbosity"]:
            return
        self.stdout.write(
            f"Starting content: {len(report.created)} records new, {len(report.updated)} renewed, "
            f"{len(set(report.kept))} left as staff have them."
        )
        if options["verbosity"] > 1:
            for name in ("created", "updated", "kept"):
                for key in getattr(report, name):
                    self.stdout.write(f"  {name} {key}")
