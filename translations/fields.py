"""Model fields for translated records."""

from django.db import models


class TranslationStatusField(models.JSONField):
    """{language code: what is known of the translation}; see `TranslatedOwner.translation_status`.

    Never in a form: only `translations.workflow` changes what it holds.
    """

    def __init__(self, *args, **kwargs):
        kwargs |= {"default": dict, "blank": True, "editable": False}
        super().__init__(*args, **kwargs)
