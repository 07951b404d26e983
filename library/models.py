"""Pictures and documents whose words exist in six languages."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.search import index

from translations.languages import column, current_language, source_language
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


class CustomDocument(TranslatedInPlace, AbstractDocument):
    """A file to download. Its title is for staff; visitors read its name and description."""

    name = models.CharField(
        _("name"), max_length=255, blank=True, help_text=_("What visitors read on the link.")
    )
    description = models.TextField(_("description"), blank=True)

    admin_form_fields = ("title", "file", *source_columns("name", "description"), "collection", "tags")

    search_fields = [*AbstractDocument.search_fields, index.SearchField("name")]

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def facts_for_translators(self):
        return [(_("Title"), self.title), (_("File"), self.filename)]
