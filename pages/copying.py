"""The form in which a page is copied."""

from django.utils import translation
from wagtail.admin.forms.pages import CopyForm

from translations.languages import source_language


class SourceTitleCopyForm(CopyForm):
    """Offers the title in the source language, in which the copy's title is stored."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        with translation.override(source_language().code):
            self.fields["new_title"].initial = self.page.title
