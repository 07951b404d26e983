from datetime import datetime, time, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from translations.digest import digest_for
from translations.models import SentDigest
from translations.rights import can_read_translations, translated_by


class Command(BaseCommand):
    help = (
        "Sends everybody for whom translations wait one e-mail about them. Run once a day; a second run on "
        "the same day sends nothing to those who have had theirs."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="print the mails instead of sending them")

    def handle(self, *args, dry_run, verbosity, **options):
        today = timezone.localdate()
        last_days = dict(SentDigest.objects.values_list("user", "day"))
        sent, failed = 0, []
        people = get_user_model()._default_manager.filter(is_active=True).exclude(email="")
        for user in people.select_related("wagtail_userprofile").order_by("pk"):
            if not dry_run and last_days.get(user.pk) == today:
                continue
            if not can_read_translations(user) or not translated_by(user):
                continue
            since = start_of(last_days.get(user.pk) or today - timedelta(days=1))
            digest = digest_for(user, since, language_of(user))
            if digest is None:
                continue
            message = EmailMessage(digest.subject, digest.body, to=[user.email])
            if dry_run:
                self.stdout.write(f"To: {user.email}\nSubject: {digest.subject}\n\n{digest.body}")
                continue
            try:
                message.send()
            except (SMTPException, OSError, ValueError) as error:
                # One address that can't be reached keeps nobody else from theirs.
                failed.append(user.email)
                self.stderr.write(f"{user.email}: {error}")
                continue
            SentDigest.objects.update_or_create(user=user, defaults={"day": today})
            sent += 1
        if verbosity and not dry_run:
            self.stdout.write(f"Sent {sent} {'mail' if sent == 1 else 'mails'} about translations.")
        if failed:
            raise CommandError(f"No mail could be sent to {', '.join(failed)}.")


def start_of(day) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def language_of(user) -> str:
    """The language in which a person uses the admin; the site's source if they never chose one."""
    profile = getattr(user, "wagtail_userprofile", None)
    chosen = profile.preferred_language if profile else ""
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
