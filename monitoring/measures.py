"""The queue of background tasks, where django-tasks-db keeps it."""

from datetime import datetime

from django.apps import apps
from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from .metrics import PATIENCE, Measure
from .questions import within


def waiting() -> QuerySet | None:
    """The tasks that a worker could begin with; None where tasks are kept elsewhere."""
    if not apps.is_installed("django_tasks_db"):
        return None
    return apps.get_model("django_tasks_database", "DBTaskResult").objects.ready()


def tasks_waiting() -> float | None:
    tasks = waiting()
    return None if tasks is None else within(PATIENCE, tasks.count)


def oldest_task_seconds() -> float | None:
    tasks, now = waiting(), timezone.now()
    if tasks is None:
        return None
    # A task for no particular time has one that never comes.
    asked = tasks.order_by().aggregate
    due = within(
        PATIENCE,
        lambda: asked(
            put=Min("enqueued_at", filter=Q(run_after__gt=now)),
            timed=Min("run_after", filter=Q(run_after__lte=now)),
        ),
    )
    return seconds_since([moment for moment in due.values() if moment is not None], now)


def seconds_since(moments: list[datetime], now: datetime) -> float:
    return max(0.0, (now - min(moments)).total_seconds()) if moments else 0.0


MEASURES = (
    Measure("background_tasks_waiting", "Background tasks that no worker has begun yet", tasks_waiting),
    Measure("background_task_oldest_seconds", "How long the oldest of them has waited", oldest_task_seconds),
)
