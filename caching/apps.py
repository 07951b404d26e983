from django.apps import AppConfig


class CachingConfig(AppConfig):
    """Finished pages, kept until something changes that they show."""

    name = "caching"

    def ready(self):
        from django.db.models.signals import post_migrate

        from . import journal

        post_migrate.connect(journal.forget_all, sender=self, dispatch_uid="caching_forget_all")
