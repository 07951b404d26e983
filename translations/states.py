"""What is known of a translation of a record."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """How far the translation of a record into one language has come."""

    MISSING = "missing", _("Missing")
    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("In review")
    APPROVED = "approved", _("Approved")
    # Never stored with a translation: approved, but of a source that has changed since.
    OUTDATED = "outdated", _("Out of date")


class Origin(models.TextChoices):
    """Who wrote a translation. A machine's words count as human once a person has changed them."""

    MACHINE = "machine", _("Translated by machine")
    HUMAN = "human", _("Written by a person")


def is_public_entry(entry: dict) -> bool:
    """Whether visitors may read a translation of which the table, not a draft, knows this."""
    if entry.get("state") == State.APPROVED:
        return True
    return settings.SHOW_UNREVIEWED_TRANSLATIONS and entry.get("origin") == Origin.MACHINE
