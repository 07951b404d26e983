"""Who else is at work on the same language of the same record.

Wagtail's table of editing sessions serves for this: its `object_id` is a text, and holds the language too.
"""

from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from wagtail.admin.models import EditingSession

from .languages import Language

# The page says every two minutes that it is still open.
RECENTLY = timedelta(minutes=5)


def _sessions(record: models.Model, language: Language):
    return EditingSession.objects.filter(
        content_type=ContentType.objects.get_for_model(record, for_concrete_model=False),
        object_id=f"{record.pk}:{language.code}",
    )


def is_here(record: models.Model, language: Language, user) -> None:
    """Notes that a person has the translation of a record open."""
    now = timezone.now()
    sessions = _sessions(record, language)
    if not sessions.filter(user=user).update(last_seen_at=now):
        EditingSession.cleanup()
        sessions.create(
            content_type=ContentType.objects.get_for_model(record, for_concrete_model=False),
            object_id=f"{record.pk}:{language.code}",
            user=user,
            last_seen_at=now,
        )


def others(record: models.Model, language: Language, user) -> list[tuple[models.Model, datetime]]:
    """(person, when last seen) of those who have had it open within the last minutes, the last one first."""
    sessions = _sessions(record, language).filter(last_seen_at__gte=timezone.now() - RECENTLY)
    return [
        (session.user, session.last_seen_at)
        for session in sessions.exclude(user=user).select_related("user").order_by("-last_seen_at")
    ]
