import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Makes an administrator with a generated password, once, and prints how to sign in."

    def handle(self, *args, **options):
        path = Path(settings.ADMIN_PASSWORD_FILE)
        users = get_user_model().objects
        if not users.filter(is_superuser=True).exists():
            password = secrets.token_urlsafe(15)
            # The file first: an account whose password nobody knows would be of no use.
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.chmod(0o600)
            path.write_text(f"{password}\n")
            users.create_superuser("admin", password=password)
            self.stdout.write(f"Sign in at /admin/ as “admin” with the password {password} (kept in {path}).")
        elif path.exists():
            self.stdout.write(f"Sign in at /admin/ as “admin”; the password is in {path}.")
