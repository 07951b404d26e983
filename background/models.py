from django.db import models
from django.utils import timezone

from .times import GONE_AFTER


class WorkerQuerySet(models.QuerySet):
    def alive(self):
        return self.filter(seen_at__gte=timezone.now() - GONE_AFTER)


class Worker(models.Model):
    """A process that works, and when it last said so."""

    id = models.CharField(primary_key=True, max_length=64)
    host = models.CharField(max_length=255)
    seen_at = models.DateTimeField(db_index=True)

    objects = WorkerQuerySet.as_manager()

    def __str__(self):
        return f"{self.host} {self.id}"
