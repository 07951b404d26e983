"""What django-tasks-db leaves open: tasks whose worker is gone, tasks that failed, and tasks that are over.

A task may run twice: its worker may have been killed after it had done its work and before it could say so.
So each of ours does all in one transaction, or looks first whether it is still to be done.
"""

import logging

from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from .models import Worker
from .times import GONE_AFTER, KEPT, PAUSES

logger = logging.getLogger(__name__)


def try_again(task: DBTaskResult) -> bool:
    """Puts a task back that has failed or whose worker is gone, to be begun later; whether it may be."""
    attempts = len(task.worker_ids)
    if attempts > len(PAUSES):
        return False
    # As it is known: another process may have been quicker.
    same = DBTaskResult.objects.filter(pk=task.pk, status=task.status, worker_ids=task.worker_ids)
    return bool(
        same.update(
            status=TaskResultStatus.READY,
            run_after=timezone.now() + PAUSES[attempts - 1],
            started_at=None,
            finished_at=None,
        )
    )


def recover() -> int:
    """Takes up the tasks of workers that are gone; how many."""
    alive = set(Worker.objects.alive().values_list("pk", flat=True))
    begun = DBTaskResult.objects.running().filter(started_at__lt=timezone.now() - GONE_AFTER)
    recovered = 0
    for task in begun:
        if task.worker_ids and task.worker_ids[-1] in alive:
            continue
        # Its worker was killed, which says nothing against the task: the pause is for one that kills each.
        if try_again(task):
            logger.warning("Task %s (%s) lost its worker and is begun again.", task.pk, task.task_name)
            recovered += 1
        else:
            lost = DBTaskResult.objects.filter(pk=task.pk, status=TaskResultStatus.RUNNING)
            lost.update(
                status=TaskResultStatus.FAILED,
                finished_at=timezone.now(),
                exception_class_path="builtins.RuntimeError",
                traceback="Each worker that began it was killed.",
            )
            logger.error("Task %s (%s) lost its worker for the last time.", task.pk, task.task_name)
    Worker.objects.filter(seen_at__lt=timezone.now() - KEPT).delete()
    return recovered


def prune() -> int:
    """Deletes tasks that were over long ago; how many."""
    over = DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEPT)
    return over.delete()[0]


def failed() -> int:
    """How many have failed for good and are still kept."""
    return DBTaskResult.objects.failed().count()
