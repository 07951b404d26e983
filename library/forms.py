"""The forms of Wagtail's image and document libraries, with inputs that know their language."""

from django.utils.text import capfirst
from modeltranslation.fields import TranslationField
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from translations.forms import SourceForm
from translations.languages import get_language

from .models import CustomDocument
from .tasks import make_renditions_of


class LocalizedInputs(SourceForm):
    """Names the language of each translated input and sets its direction."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for column in self._meta.model._meta.fields:
            if isinstance(column, TranslationField) and column.name in self.fields:
                language = get_language(column.language)
                field = self.fields[column.name]
                field.label = capfirst(column.translated_field.verbose_name)
                field.widget.attrs |= {"lang": language.tag, "dir": language.direction}


class ImageForm(LocalizedInputs, BaseImageForm):
    def save(self, commit=True):
        image = super().save(commit)
        if commit:
            # A page that comes first makes what it needs.
            make_renditions_of.enqueue(image.pk)
        return image


class DocumentForm(LocalizedInputs, BaseDocumentForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "version_of" in self.fields:
            originals = CustomDocument.objects.filter(version_of=None).exclude(pk=self.instance.pk)
            self.fields["version_of"].queryset = originals.order_by("title")
