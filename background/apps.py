from django.apps import AppConfig


class BackgroundConfig(AppConfig):
    """What is done by a worker, so that nobody waits for it: docs/decisions/0016-background-tasks.md."""

    name = "background"
