from django.apps import AppConfig
from django.conf import settings
from django.db.backends.signals import connection_created


class MonitoringConfig(AppConfig):
    name = "monitoring"

    def ready(self):
        from . import slow_queries

        if settings.SLOW_QUERY_MS:
            connection_created.connect(slow_queries.watch, dispatch_uid="monitoring.slow_queries")
