from django.core.management.base import BaseCommand
from django.utils import timezone

from contact.delivery import purge


class Command(BaseCommand):
    help = "Deletes the messages that are older than their contact page keeps them. The schedule does it too."

    def handle(self, *args, verbosity, **options):
        number = purge(timezone.now())
        if verbosity:
            self.stdout.write(f"Deleted {number} {'message' if number == 1 else 'messages'}.")
