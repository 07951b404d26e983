from django.db import models
from django.utils.translation import gettext_lazy as _


class TranslationStatus(models.TextChoices):
    """What is known of a translation. A language with no status was written by staff on the site."""

    MACHINE_TRANSLATED = "machine-translated", _("Translated by machine, not reviewed")
    REVIEWED = "reviewed", _("Reviewed by a person")
