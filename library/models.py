"""Pictures and documents whose words exist in six languages."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, DocumentQuerySet
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.models import CollectionViewRestriction
from wagtail.search import index

from translations.languages import (
    Language,
    all_languages,
    column,
    current_language,
    get_language,
    source_language,
)
from translations.models import LocalizedValue, TranslatedInPlace


def source_columns(*fields: str) -> tuple[str, ...]:
    """The columns of translated fields in the source language, as image and document forms list them."""
    return tuple(column(field, source_language()) for field in fields)


class CustomImage(TranslatedInPlace, AbstractImage):
    """A picture. Its title is for staff; visitors get its alternative text, caption and credit."""

    description = models.CharField(
        _("alternative text"),
        max_length=255,
        blank=True,
        help_text=_("What the picture shows, for those who can't see it."),
    )
    # Wagtail sets an attribute named `decorative` for a block of its own.
    is_decorative = models.BooleanField(
        _("This picture only decorates"),
        default=False,
        help_text=_("Then it needs no alternative text, and screen readers pass over it."),
    )
    caption = models.CharField(_("caption"), max_length=500, blank=True)
    credit = models.CharField(_("credit"), max_length=255, blank=True)

    admin_form_fields = (
        "title",
        "file",
        *source_columns("description"),
        "is_decorative",
        *source_columns("caption", "credit"),
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")

    def facts_for_translators(self):
        return [(_("Picture"), self), (_("Title"), self.title)]

    @property
    def default_alt_text(self):
        # Never the title, which is for staff and would be read out as a file name.
        return str(self.localize("description"))

    def localize(self, name, language=None):
        # Whatever its description still says, nobody is to hear it.
        if name == "description" and self.is_decorative:
            return LocalizedValue("", language or current_language(), is_fallback=False)
        return super().localize(name, language)

    @property
    def lacks_alternative_text(self) -> bool:
        """Whether nobody has said yet what the picture shows, nor that it only decorates."""
        return not self.is_decorative and not self.localize("description", source_language())


class Rendition(AbstractRendition):
    image = models.ForeignKey(CustomImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("image", "filter_spec", "focal_point_key"), name="unique_library_rendition"
            )
        ]

    def get_upload_to(self, filename):
        # A folder for each picture: the names of its files then differ by their sizes and formats alone, by
        # which a smaller one is found (library/pictures.py).
        return f"images/{self.image_id}/{self.file.field.storage.get_valid_name(filename)}"


class CustomDocumentQuerySet(DocumentQuerySet):
    def public(self):
        """Those that everybody may read: in no private collection, nor below one."""
        path = ExpressionWrapper(OuterRef("collection__path"), output_field=models.CharField())
        private = CollectionViewRestriction.objects.alias(path=path).filter(
            path__startswith=F("collection__path")
        )
        return self.filter(~Exists(private))

    def with_versions(self, numbers: Iterable[int]):
        """The documents with these numbers, and the same in other languages."""
        original = Coalesce("version_of_id", "pk")
        originals = self.model.objects.filter(pk__in=numbers).annotate(original=original).values("original")
        return self.annotate(original=original).filter(original__in=originals)


def language_choices() -> list[tuple[str, str]]:
    return [(language.code, language.name) for language in all_languages()]


class CustomDocument(TranslatedInPlace, AbstractDocument):
    """A file to download. Its title is for staff; visitors read its name and description.

    The same document in other languages is a file of its own, and says of which one it is a version.
    """

    name = models.CharField(
        _("name"), max_length=255, blank=True, help_text=_("What visitors read on the link.")
    )
    description = models.TextField(_("description"), blank=True)
    language = models.CharField(
        _("language of the file"), max_length=10, blank=True, choices=language_choices
    )
    version_of = models.ForeignKey(
        "self",
        verbose_name=_("the same document as"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="versions",
        help_text=_(
            "If this file is another language's version of a document that is here already, choose that one. "
            "Readers then get the version in their own language."
        ),
    )

    admin_form_fields = (
        "title",
        "file",
        *source_columns("name", "description"),
        "language",
        "version_of",
        "collection",
        "tags",
    )

    search_fields = [*AbstractDocument.search_fields, index.SearchField("name")]

    objects = CustomDocumentQuerySet.as_manager()

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def clean(self):
        super().clean()
        if self.version_of is None:
            return
        # All versions name the same document, so that none is further away than the others.
        original = self.version_of = self.version_of.version_of or self.version_of
        problem = None
        if original.pk == self.pk:
            problem = gettext("A document is no version of itself.")
        elif self.pk and self.versions.exists():
            problem = gettext(
                "Other documents are versions of this one: choose it for them, not them for it."
            )
        elif not self.language:
            raise ValidationError({"language": gettext("Say in which language this version is.")})
        elif not original.language:
            problem = gettext("Say first in which language “%(title)s” is.") % {"title": original.title}
        else:
            others = CustomDocument.objects.filter(Q(pk=original.pk) | Q(version_of=original)).exclude(
                pk=self.pk
            )
            if same := others.filter(language=self.language).first():
                problem = gettext("“%(title)s” is in this language already.") % {"title": same.title}
        if problem:
            raise ValidationError({"version_of": problem})

    @property
    def file_language(self) -> Language | None:
        """The language that the file is written in, if staff have said so."""
        return get_language(self.language) if self.language else None

    def facts_for_translators(self):
        return [(_("Title"), self.title), (_("File"), self.filename)]

    def shown_tags(self, is_partial=False):
        return {f"document:{self.pk}"}

    def tags_of_change(self, before, after, changed):
        # Whoever offers one version, offers the others.
        originals = {face["version_of_id"] for face in (before, after) if face} - {None}
        return {f"document:{number}" for number in {self.pk, *originals}}
