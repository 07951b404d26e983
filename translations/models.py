"""What every record with translated fields has in common."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from modeltranslation.translator import translator
from wagtail.fields import RichTextField, StreamField

from .blanks import is_blank, is_blank_markup
from .fields import TranslationStatusField
from .languages import (
    Language,
    all_languages,
    column,
    current_language,
    source_language,
)
from .status import TranslationStatus


@dataclass(frozen=True)
class LocalizedValue:
    """A translated field as one reader gets it: in their language, or in the source where that is empty."""

    value: Any
    language: Language
    is_fallback: bool

    @property
    def attributes(self) -> str:
        """The `lang` and `dir` that an element needs around a fallback (WCAG 2.2, 3.1.2); else nothing."""
        return self.language_attributes if self.is_fallback else ""

    @property
    def language_attributes(self) -> str:
        """The `lang` and `dir` of the value, for a place whose own language may be another."""
        return format_html(' lang="{}" dir="{}"', self.language.tag, self.language.direction)

    def __str__(self) -> str:
        return "" if self.value is None else str(self.value)

    def __bool__(self) -> bool:
        return not is_blank(self.value)


def translated_fields(model: type[models.Model]) -> list[str]:
    """The names of the model's translated fields, inherited ones too, in the order of their definition."""
    registered = translator.get_options_for_model(model).all_fields
    return [field.name for field in model._meta.get_fields() if field.name in registered]


class TranslatedRecord(models.Model):
    """A record with a column for each language in its translated fields.

    modeltranslation fills the column without a language from whichever language is *active*, so a save by
    somebody with a French admin would turn it French. Here the active language never matters to what is
    stored: the plain column always mirrors the source language.
    """

    # Titles and summaries for machines; a page that shows all else translated needs no notice.
    unseen_fields = ("seo_title", "search_description")
    # The translated fields that a list shows of a record; None if it shows them all.
    listed_fields: tuple[str, ...] | None = None

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.clear_blank_translations()
        with translation.override(source_language().code):
            return super().save(*args, **kwargs)

    def clear_blank_translations(self) -> None:
        """Stores what a reader would see as empty as nothing, so that it falls back to the source."""
        for name in translated_fields(type(self)):
            field = self._meta.get_field(name)
            for language in all_languages():
                attribute = column(name, language)
                value = self.__dict__.get(attribute)
                if value is None:  # nothing there, or deferred
                    continue
                if isinstance(field, StreamField) and not len(value):  # falls back as it is
                    continue
                if self._is_blank(name, value):
                    setattr(self, attribute, None)

    def localize(self, name: str, language: Language | None = None) -> LocalizedValue:
        """The value of a field in a language (the active one by default), or in the source if empty.

        Fields that aren't translated come back as they are.
        """
        language = language or current_language()
        source = source_language()
        try:
            own = getattr(self, self._meta.get_field(column(name, language)).name)
        except FieldDoesNotExist:
            return LocalizedValue(getattr(self, name), language, is_fallback=False)
        if not self._is_blank(name, own) or language.is_source:
            return LocalizedValue(own, language, is_fallback=False)
        value = getattr(self, column(name, source))
        return LocalizedValue(value, source, is_fallback=not self._is_blank(name, value))

    def _is_blank(self, name: str, value) -> bool:
        if isinstance(self._meta.get_field(name), RichTextField):
            return is_blank_markup(value)
        return is_blank(value)

    def fallback_fields(self, language: Language | None = None) -> Iterator[str]:
        """The names of the fields that a reader of the language sees in the source language."""
        for name in translated_fields(type(self)):
            if name not in self.unseen_fields and self.localize(name, language).is_fallback:
                yield name

    def falls_back(self, language: Language | None = None) -> bool:
        """Whether a reader of the language sees any of this record in the source language."""
        return next(self.fallback_fields(language), None) is not None

    def has_own_text(self, language: Language | None = None) -> bool:
        """Whether any of this record that a reader of the language sees was written in it."""
        values = (self.localize(name, language) for name in translated_fields(type(self)))
        return any(value and not value.is_fallback for value in values)

    def falls_back_in_lists(self, language: Language | None = None) -> bool:
        """Whether a reader of a list sees any of what it shows of this record in the source language."""
        if self.listed_fields is None:
            return self.falls_back(language)
        return any(self.localize(name, language).is_fallback for name in self.listed_fields)


class TranslatedRevisions(TranslatedRecord):
    """A translated record with drafts and revisions, which says of each language where its text is from.

    Belongs before Wagtail's own mixins. Children of a page take `TranslatedRecord` alone: Wagtail's
    revisions collect them through their parent.
    """

    translation_status = TranslationStatusField(
        _("state of the translations"),
        default=dict,
        blank=True,
        help_text=_("Mark a translation as reviewed when you have compared it with the English text."),
    )

    class Meta:
        abstract = True

    def is_machine_translated(self, language: Language | None = None) -> bool:
        """Whether there is text in the language that a machine made and nobody has reviewed."""
        language = language or current_language()
        status = self.translation_status.get(language.code)
        return status == TranslationStatus.MACHINE_TRANSLATED and self.has_own_text(language)

    def full_clean(self, *args, **kwargs):
        # Makes a slug and a draft title out of the title: the source's, whoever is at work.
        with translation.override(source_language().code):
            return super().full_clean(*args, **kwargs)

    def serializable_data(self):
        with translation.override(source_language().code):
            return super().serializable_data()

    def with_content_json(self, content):
        with translation.override(source_language().code):
            return super().with_content_json(content)

    def save_revision(self, *args, **kwargs):
        self.clear_blank_translations()
        with translation.override(source_language().code):
            return super().save_revision(*args, **kwargs)


class LanguagePreviews(models.Model):
    """A preview in each language, whatever the language of the admin. Belongs before `PreviewableMixin`."""

    class Meta:
        abstract = True

    @property
    def preview_modes(self):
        return [(language.code, language.name) for language in all_languages()]

    @property
    def default_preview_mode(self):
        return source_language().code

    def make_preview_request(self, original_request=None, preview_mode=None, extra_request_attrs=None):
        # The address of the imitated request names the language too.
        with translation.override(preview_mode or self.default_preview_mode):
            return super().make_preview_request(original_request, preview_mode, extra_request_attrs)

    def serve_preview(self, request, mode_name):
        # Rendered here and now: a lazy response would be rendered in the language of the admin.
        with translation.override(mode_name or self.default_preview_mode):
            response = super().serve_preview(request, mode_name)
            if isinstance(response, TemplateResponse):
                response.render()
            return response
