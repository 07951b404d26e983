"""What helps to translate: sources that were translated before, their translations, and terms."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SourceText(models.Model):
    """A source as it was when somebody translated it, so that a later change can be shown."""

    digest = models.CharField(max_length=16, primary_key=True)
    text = models.TextField()
    # [[number, opening, closing, kind], …]
    codes = models.JSONField(default=list)

    class Meta:
        verbose_name = _("source text")
        verbose_name_plural = _("source texts")
        default_permissions = ()

    def __str__(self):
        return self.text


class MemoryUnit(models.Model):
    """An approved translation of a source."""

    source = models.ForeignKey(SourceText, on_delete=models.PROTECT, related_name="units")
    language = models.CharField(max_length=10)
    target = models.TextField()
    codes = models.JSONField(default=list)
    entry = models.ForeignKey(
        "translations.RecordEntry", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    segment = models.CharField(max_length=255)
    approved_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("unit of the translation memory")
        verbose_name_plural = _("units of the translation memory")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["language", "segment", "source"], name="unique_memory_unit")
        ]

    def __str__(self):
        return self.target


class Term(models.Model):
    """A term of the Centre's with its established translations."""

    term_en = models.CharField(_("term in English"), max_length=255, unique=True)
    term_ar = models.CharField(_("term in Arabic"), max_length=255, blank=True)
    term_zh_hans = models.CharField(_("term in Chinese"), max_length=255, blank=True)
    term_fr = models.CharField(_("term in French"), max_length=255, blank=True)
    term_ru = models.CharField(_("term in Russian"), max_length=255, blank=True)
    term_es = models.CharField(_("term in Spanish"), max_length=255, blank=True)
    note = models.TextField(_("note for translators"), blank=True)
    do_not_translate = models.BooleanField(
        _("don’t translate"),
        default=False,
        help_text=_("The term stays as it is in every language, such as a proper name."),
    )
    case_sensitive = models.BooleanField(
        _("capitals matter"),
        default=False,
        help_text=_("For abbreviations that are also ordinary words, such as “IT”."),
    )

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("glossary")
        ordering = ["term_en"]

    def __str__(self):
        return self.term_en
