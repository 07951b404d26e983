from django.apps import AppConfig


class SiteConfig(AppConfig):
    """What wires the rooms together."""

    name = "ichei_site"

    def ready(self):
        from backups.signals import restored
        from caching import journal

        restored.connect(
            lambda **kwargs: journal.begin_anew(), weak=False, dispatch_uid="ichei_site_begin_anew"
        )
