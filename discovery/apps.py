from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    """What machines read of the site: addresses, feeds, structured data, social cards."""

    name = "discovery"
