from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MilestonesConfig(AppConfig):
    name = "milestones"
    verbose_name = _("Milestones")

    def ready(self):
        # Registers what looks, after a change, at which pages it touched.
        from . import freshness  # noqa: F401
