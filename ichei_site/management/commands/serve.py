import os
from threading import Thread

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from ichei_site.schedule import Schedule
from monitoring.readiness import has_pending_migrations
from pages.models import HomePage
from search.models import Entry
from translations.models import RecordEntry
from translations.registry import owner_models


class Command(BaseCommand):
    help = "Serves the site on this machine, after it has brought the database and the content up to date."

    def add_arguments(self, parser):
        parser.add_argument("port", nargs="?", default="8000")

    def handle(self, *args, port, **options):
        if not port.isdecimal() or not 1 <= int(port) <= 65535:
            raise CommandError(f"“{port}” is no port: write a number from 1 to 65535.")
        # With DEBUG=1 the server restarts itself on changes; only its first start prepares anything.
        if os.environ.get("RUN_MAIN") != "true":
            self.prepare()
            self.stdout.write(
                self.style.SUCCESS(f"The site is at http://127.0.0.1:{port}/ (Ctrl+C stops it).")
            )
        # In the process that serves: with DEBUG=1 that is not the first one, which only watches for changes.
        if not settings.DEBUG or os.environ.get("RUN_MAIN") == "true":
            # A thread of this process, so that it ends when the server does, however that ends.
            Thread(target=Schedule().run, name="schedule", daemon=True).start()
        # It is the development server, which the README says.
        os.environ["DJANGO_RUNSERVER_HIDE_WARNING"] = "true"
        call_command(
            "runserver",
            f"127.0.0.1:{port}",
            use_reloader=settings.DEBUG,
            use_static_handler=False,
            skip_checks=True,
        )

    def prepare(self):
        if has_pending_migrations():
            self.stdout.write("Preparing the database …")
            call_command("migrate", verbosity=0, interactive=False)
        if not RecordEntry.objects.exists() and has_translations():
            # A database from before there were lists of translations.
            call_command("index_translations", stdout=self.stdout)
        call_command("load_content", stdout=self.stdout)
        if not Entry.objects.exists() and HomePage.objects.exists():
            # A database from before there was a search.
            call_command("index_search", stdout=self.stdout)
        call_command("load_glossary", stdout=self.stdout)
        call_command("ensure_admin", stdout=self.stdout)


def has_translations() -> bool:
    """Whether there is any record whose translations are followed."""
    return any(model._base_manager.exists() for model in owner_models())
