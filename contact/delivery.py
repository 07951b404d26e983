"""Sends messages to the people of the Centre, and goes on trying until it has worked."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db.models import F
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from translations.languages import source_language

from .models import ContactFormField, ContactMessage, readable

logger = logging.getLogger(__name__)

# How long to wait after the first attempt, the second, …; after that, always as long as the last.
WAITS = [timedelta(minutes=minutes) for minutes in (5, 15, 60, 360)]
SUBJECT_LENGTH = 150


def deliver(message: ContactMessage) -> bool:
    """Sends a message that is due, unless another process has just begun to; whether it was sent.

    Whoever moves the time of the next attempt has the message to themselves until then. So no transaction
    holds the database while a mail server takes its time; and where a process ends in between, somebody gets
    the message twice, but never not at all.
    """
    now = timezone.now()
    wait = WAITS[min(message.attempts, len(WAITS) - 1)]
    claimed = ContactMessage.objects.due(now).filter(pk=message.pk)
    if not claimed.update(next_attempt=now + wait, attempts=F("attempts") + 1):
        return False
    recipients = message.page.specific.recipient_list
    if not recipients:
        # Somebody has taken them out since.
        finish(message, ContactMessage.Delivery.KEPT)
        return False
    try:
        mail_of(message, recipients).send()
    except Exception:
        # Whatever a mail server does: the message is kept, its turn comes again, its writer isn't to blame.
        logger.exception("Could not send message %s by e-mail.", message.pk)
        return False
    finish(message, ContactMessage.Delivery.SENT)
    return True


def finish(message: ContactMessage, delivery: str) -> None:
    ContactMessage.objects.filter(pk=message.pk).update(delivery=delivery, next_attempt=None)


def deliver_due(now) -> int:
    """Sends what is due; how many were sent."""
    messages = ContactMessage.objects.due(now).select_related("page").order_by("next_attempt", "pk")
    return sum(deliver(message) for message in messages)


def purge(now) -> int:
    """Deletes the messages that are older than their page keeps them; how many."""
    # The rows alone are counted: nothing else hangs on them.
    return ContactMessage.objects.expired(now).delete()[0]


def mail_of(message: ContactMessage, recipients: list[str]) -> EmailMessage:
    """The e-mail about a message, in the language in which staff write; answers go to the visitor."""
    page = message.page.specific
    with translation.override(source_language().code):
        fields = page.get_form_fields()
        parts = [
            answer_text(str(field.localize("label")), message.form_data.get(field.clean_name))
            for field in fields
        ]
        parts.append(
            _("Written in %(language)s on %(day)s, as message %(number)s.")
            % {
                "language": message.language_name,
                "day": formats.date_format(timezone.localtime(message.submit_time), "DATETIME_FORMAT"),
                "number": message.pk,
            }
        )
        place = reverse("wagtailforms:list_submissions", args=[page.pk])
        parts.append(
            _("All messages: %(address)s")
            % {"address": f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{place}"}
        )
        return EmailMessage(
            subject_of(message, page, fields),
            "\n\n".join(filter(None, parts)) + "\n",
            to=recipients,
            reply_to=reply_to(message, fields),
        )


def answer_text(label: str, value) -> str:
    """A question and its answer; what a visitor wrote is indented, so that it can't pass for a question."""
    text = readable(value)
    return f"{label}\n" + "\n".join(f"  {line}" for line in text.splitlines()) if text.strip() else ""


def subject_of(message: ContactMessage, page, fields: list[ContactFormField]) -> str:
    """The page's title, and the first choice that the visitor made: none of their own words."""
    choices = (
        message.form_data.get(field.clean_name)
        for field in fields
        if field.field_type in {ContactFormField.Kind.DROPDOWN, ContactFormField.Kind.RADIO}
    )
    parts = [settings.WAGTAIL_SITE_NAME, str(page.localize("title")), next(filter(None, choices), None)]
    subject = " – ".join(" ".join(str(part).split()) for part in parts if part)
    return Truncator(subject).chars(SUBJECT_LENGTH)


def reply_to(message: ContactMessage, fields: list[ContactFormField]) -> list[str]:
    """The first e-mail address that the visitor gave, if any."""
    for field in fields:
        address = message.form_data.get(field.clean_name)
        if field.field_type == ContactFormField.Kind.EMAIL and address:
            try:
                validate_email(address)
            except ValidationError:
                continue
            return [address]
    return []
