"""What Prometheus is told of the queue; how long it is, monitoring/measures.py says."""

from monitoring.metrics import PATIENCE, Measure
from monitoring.questions import within

from . import queue


def tasks_failed() -> float:
    return within(PATIENCE, queue.failed)


MEASURES = (
    Measure(
        "background_tasks_failed", "Background tasks of the last 14 days that failed for good", tasks_failed
    ),
)
