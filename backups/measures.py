"""What Prometheus is told of backups."""

from django.db.models import Max

from monitoring.metrics import PATIENCE, Measure
from monitoring.questions import within

from .models import Backup


def last_success() -> float | None:
    """Seconds since 1970; None where there never was one."""
    found = within(PATIENCE, lambda: Backup.objects.aggregate(at=Max("finished_at"))["at"])
    return None if found is None else found.timestamp()


MEASURES = (
    Measure(
        "backup_last_success_timestamp_seconds",
        "When the last backup was written and checked; absent if there was none",
        last_success,
    ),
)
