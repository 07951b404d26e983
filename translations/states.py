"""What is known of a translation of a record."""

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
