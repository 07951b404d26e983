from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from ichei_site.error_pages import static_pages


class Command(BaseCommand):
    help = "Writes the error pages that a proxy shows while the application is down, in each language."
    # They are made where there is no database.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", type=Path, default=settings.ERROR_PAGES_ROOT)

    def handle(self, *args, folder, **options):
        folder.mkdir(parents=True, exist_ok=True)
        pages = static_pages()
        for name, page in pages.items():
            (folder / name).write_text(page, encoding="utf-8", newline="\n")
        self.stdout.write(f"{len(pages)} error pages are in {folder}.")
