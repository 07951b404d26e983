"""Where the translation of each record stands, for lists:

kept by `translations.index`, never edited by hand.
"""

from datetime import date

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from translations.languages import Language, get_language
from translations.states import Origin, State


class RecordEntryQuerySet(models.QuerySet):
    def for_record(self, record: models.Model) -> "RecordEntryQuerySet":
        content_type = ContentType.objects.get_for_model(record, for_concrete_model=False)
        return self.filter(content_type=content_type, object_id=record.pk)


class RecordEntry(models.Model):
    """A record that has translations."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    record = GenericForeignKey("content_type", "object_id", for_concrete_model=False)
    # "pages.aboutpage", as in addresses and files.
    label = models.CharField(_("type"), max_length=100)
    title = models.CharField(_("title"), max_length=255)
    live = models.BooleanField(_("published"), default=True)
    words = models.PositiveIntegerField(_("words"), default=0)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = RecordEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("record with translations")
        verbose_name_plural = _("records with translations")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id"], name="unique_record_entry")
        ]
        indexes = [models.Index(fields=["label", "title"], name="record_entry_label_title")]

    def __str__(self):
        return self.title

    @property
    def key(self) -> str:
        return f"{self.label}:{self.object_id}"


class LanguageState(models.Model):
    """How far a record's translation into one language has come, and who is to go on with it."""

    UNASSIGNED = {"assignee": None, "assigned_by": None, "assigned_at": None, "due": None}

    entry = models.ForeignKey(RecordEntry, on_delete=models.CASCADE, related_name="states")
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.MISSING)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, blank=True)
    done = models.PositiveIntegerField(_("segments translated"), default=0)
    total = models.PositiveIntegerField(_("segments"), default=0)
    words_left = models.PositiveIntegerField(_("words to translate"), default=0)
    is_public = models.BooleanField(_("public"), default=False)
    # Why a reviewer gave it back; empty once it is sent again.
    note = models.TextField(_("note"), blank=True)
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assigned to"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="assigned_translations",
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    assigned_at = models.DateTimeField(_("assigned"), null=True, blank=True)
    due = models.DateField(_("due"), null=True, blank=True)

    class Meta:
        verbose_name = _("state of a translation")
        verbose_name_plural = _("states of translations")
        default_permissions = ()
        permissions = [
            ("translate_ar", "Can translate into Arabic"),
            ("translate_zh_hans", "Can translate into Chinese"),
            ("translate_fr", "Can translate into French"),
            ("translate_ru", "Can translate into Russian"),
            ("translate_es", "Can translate into Spanish"),
            ("review_ar", "Can review translations into Arabic"),
            ("review_zh_hans", "Can review translations into Chinese"),
            ("review_fr", "Can review translations into French"),
            ("review_ru", "Can review translations into Russian"),
            ("review_es", "Can review translations into Spanish"),
            ("assign_translations", "Can assign translations to people"),
        ]
        constraints = [models.UniqueConstraint(fields=["entry", "language"], name="unique_language_state")]
        indexes = [
            models.Index(fields=["language", "state"], name="language_state_state"),
            models.Index(fields=["assignee", "due"], name="language_state_due"),
        ]

    def __str__(self):
        return f"{self.entry} ({self.language})"

    @property
    def percentage(self) -> int:
        """How much is translated and right for the present source, 0 to 100, never rounded up."""
        return 100 * self.done // self.total if self.total else 0

    @property
    def url(self) -> str:
        """The address in the admin where this translation is made."""
        return reverse("translations:edit", args=[self.entry.label, self.entry.object_id, self.language])

    @property
    def of_language(self) -> Language:
        return get_language(self.language)

    @property
    def is_assigned(self) -> bool:
        return self.assignee_id is not None or self.due is not None

    @property
    def is_returned(self) -> bool:
        return self.state == State.DRAFT and bool(self.note)

    def is_overdue(self, today: date) -> bool:
        """Whether somebody should have handed it in by now."""
        return self.due is not None and self.due < today and self.state not in {State.REVIEW, State.APPROVED}
