from django.apps import AppConfig
from django.db.models.signals import post_delete, pre_delete
from django.utils.translation import gettext_lazy as _


class TranslationsConfig(AppConfig):
    name = "translations"
    verbose_name = _("Translations")

    def ready(self):
        from . import freshness
        from .index import forget_record

        pre_delete.connect(freshness.keep_before_deletion, dispatch_uid="keep_before_deletion")
        post_delete.connect(freshness.note_deletion, dispatch_uid="note_deletion")
        post_delete.connect(forget_record, dispatch_uid="forget_record")
