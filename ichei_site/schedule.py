"""What happens by itself: pages and milestones that go live or expire at a set time, messages of visitors
that are sent to staff or have been kept for long enough, and the daily digest.

Wagtail's command `publish_scheduled` does the first of it too, but stops at the first record that fails, in
every run anew. Here each record is on its own.
"""

import logging
from collections.abc import Iterable
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event

from django.apps import apps
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import close_old_connections, models, transaction
from django.utils import timezone
from wagtail.models import DraftStateMixin, Revision

from background import queue
from caching import journal
from contact import delivery
from pages.models import BasePage

logger = logging.getLogger(__name__)

INTERVAL = timedelta(minutes=1)
DIGEST = "send_translation_digest"


class Schedule:
    """Does what is due, each minute on the minute, until it is told to stop."""

    def __init__(self):
        self.stopped = Event()
        # Up to when everything was done that is done once a day.
        self.done_until = timezone.now()

    def stop(self, *_signal) -> None:
        self.stopped.set()

    def run(self) -> None:
        while not self.stopped.is_set():
            self.run_once()
            # The next run opens a connection anew if the database has closed this one.
            close_old_connections()
            self.stopped.wait(seconds_to_next_minute(timezone.now()))

    def run_once(self) -> None:
        now = timezone.now()
        with survived("look for what is due"):
            publish_due(now)
        with survived("send messages"):
            send_messages(now)
        with survived("delete old messages"):
            purge_messages(now)
        with survived("tell of changes whose process has ended"):
            journal.announce()
        with survived("delete old entries of the journal"):
            journal.prune()
        with survived("take up the tasks of workers that are gone"):
            queue.recover()
        with survived("delete tasks that are over"):
            queue.prune()
        if is_between(self.done_until, settings.DIGEST_HOUR, now):
            with survived("send the daily digest"):
                send_digest()
        self.done_until = now


def seconds_to_next_minute(now: datetime) -> float:
    return (INTERVAL - timedelta(seconds=now.second, microseconds=now.microsecond)).total_seconds()


def is_between(last: datetime, hour: int, now: datetime) -> bool:
    """Whether this hour of a day, on the site's clock, has come since `last`."""
    slot = timezone.localtime(now).replace(hour=hour, minute=0, second=0, microsecond=0)
    if slot > now:
        slot -= timedelta(days=1)
    return last < slot


@contextmanager
def survived(task: str):
    """Logs what goes wrong and goes on: one record must not keep all later ones from their time."""
    try:
        yield
    except Exception:
        # Whatever it was: this is the outermost frame of a process that nobody watches.
        logger.exception("Could not %s.", task)


def publish_due(now: datetime) -> None:
    """Takes down what has expired, then publishes what was approved for a time that has come."""
    for model in scheduled_models():
        for pk in list(expired(model, now).values_list("pk", flat=True)):
            with survived(f"take down {model._meta.label_lower} {pk}"), transaction.atomic():
                take_down(expired(model, now).select_for_update().filter(pk=pk).first())
    for pk in list(due(now).values_list("pk", flat=True)):
        with survived(f"publish revision {pk}"), transaction.atomic():
            publish(due(now).select_for_update().filter(pk=pk).first())


def scheduled_models() -> Iterable[type[models.Model]]:
    """The models with a time to expire; of the pages, the base alone stands for all types."""
    yield BasePage
    yield from (
        model
        for model in apps.get_models()
        if issubclass(model, DraftStateMixin) and not issubclass(model, BasePage)
    )


def expired(model: type[models.Model], now: datetime) -> models.QuerySet:
    return model._default_manager.filter(live=True, expire_at__lt=now).order_by("expire_at")


def due(now: datetime) -> models.QuerySet:
    return Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at")


def take_down(record: models.Model | None) -> None:
    # Asked for again under a lock: a second process may have been quicker.
    if record is not None:
        record.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
        logger.info("Expired: %s.", record)


def publish(revision: Revision | None) -> None:
    if revision is not None:
        revision.publish(log_action="wagtail.publish.scheduled")
        logger.info("Published: %s.", revision.object_str)


def send_messages(now: datetime) -> None:
    """What visitors wrote and could not be sent to staff at once."""
    if number := delivery.deliver_due(now):
        logger.info("Sent messages: %s.", number)


def purge_messages(now: datetime) -> None:
    if number := delivery.purge(now):
        logger.info("Deleted old messages: %s.", number)


def send_digest() -> None:
    """The daily e-mail about translations, on sites that have its command."""
    if DIGEST in get_commands():
        call_command(DIGEST)
        logger.info("Sent the daily digest.")
