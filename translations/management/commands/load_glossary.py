from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from translations.glossary import GlossaryFileError, carry_out, plan, read_entries


class Command(BaseCommand):
    help = "Adds the Centre's established terms to the glossary; terms that are there stay as they are."

    def add_arguments(self, parser):
        parser.add_argument(
            "file", nargs="?", type=Path, default=settings.CONTENT_DIR / "glossary.csv", help="CSV or TBX"
        )

    def handle(self, *args, file, **options):
        try:
            result = plan(read_entries(file.name, file.read_bytes()), only_add=True)
        except (OSError, GlossaryFileError) as error:
            raise CommandError(f"{file}: {error} Nothing was loaded.") from error
        if result.refused:
            first = result.refused[0]
            raise CommandError(f"{file}, {first.place}: {first.fault} Nothing was loaded.")
        carry_out(result)
        if options["verbosity"]:
            self.stdout.write(
                f"Glossary: {len(result.added)} terms new, {len(result.unchanged)} there already."
            )
