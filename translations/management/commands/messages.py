from django.core.management.base import BaseCommand, CommandError

from translations.catalogues import all_faults, extracted, update_catalogue
from translations.languages import target_languages


class Command(BaseCommand):
    help = "Brings the message catalogues in locale/ up to date with the code; --check only looks."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="fail if a message lacks its translation")

    def handle(self, *args, check, **options):
        if not check:
            template = extracted()
            for language in target_languages():
                update_catalogue(language, template)
        found = all_faults()
        for language, sentences in found.items():
            for sentence in sentences:
                self.stderr.write(f"{language.code}: {sentence}")
        if found:
            raise CommandError(
                f"{sum(map(len, found.values()))} messages need a translator: edit the files in locale/."
            )
        self.stdout.write("The message catalogues are complete.")
