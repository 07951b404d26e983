"""Model fields for translated records."""

from django.db import models
from django.utils.text import capfirst

from .forms import TranslationStatusField as TranslationStatusFormField


class TranslationStatusField(models.JSONField):
    """{language code: `TranslationStatus`}, with a choice for each language in forms."""

    def formfield(self, **kwargs):
        return TranslationStatusFormField(
            required=False, label=capfirst(self.verbose_name), help_text=self.help_text, initial=dict
        )
