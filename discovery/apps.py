from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    """What machines read of the site: addresses, feeds, structured data, social cards."""

    name = "discovery"

    def ready(self):
        from django.core.checks import Tags, register
        from wagtail.signals import page_unpublished

        from . import cards, checks

        register(checks.can_draw_every_language, Tags.compatibility, deploy=True)
        page_unpublished.connect(cards.forget_cards)
