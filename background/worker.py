"""A worker of django-tasks-db that says that it lives, and puts back what has failed."""

import logging
import socket
import threading

from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.tasks import TaskResultStatus
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker as DatabaseWorker
from django_tasks_db.models import DBTaskResult

from . import queue
from .models import Worker
from .times import BEAT

logger = logging.getLogger(__name__)

# The name in TASKS of what is done by workers.
BACKEND = "worker"


class SiteWorker(DatabaseWorker):
    def __init__(self, *, interval: float = 1.0, batch: bool = False):
        super().__init__(
            queue_names=["*"],
            interval=interval,
            batch=batch,
            backend_name=BACKEND,
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        self._ended = threading.Event()

    def run(self) -> None:
        self.say_that_it_lives()
        beats = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        beats.start()
        try:
            while self.running:
                try:
                    super().run()
                    if self.batch:
                        return
                except (DatabaseError, InterfaceError):
                    if self.batch:
                        raise
                    # The database is away, or was restarted: it is asked again, the process need not end.
                    logger.exception("The worker can't reach the database.")
                    connection.close()
                    self._ended.wait(self.interval + 1)
        finally:
            self._ended.set()
            beats.join(5)
            Worker.objects.filter(pk=self.worker_id).delete()

    def run_task(self, db_task_result: DBTaskResult) -> None:
        super().run_task(db_task_result)
        if db_task_result.status != TaskResultStatus.FAILED:
            return
        reason = db_task_result.traceback.strip().rpartition("\n")[2]
        if queue.try_again(db_task_result):
            logger.warning("Task %s failed and is tried again: %s", db_task_result.pk, reason)
        else:
            logger.error("Task %s failed for the last time: %s", db_task_result.pk, reason)

    def say_that_it_lives(self) -> None:
        Worker.objects.update_or_create(
            pk=self.worker_id, defaults={"host": socket.gethostname(), "seen_at": timezone.now()}
        )

    def _beat(self) -> None:
        try:
            while not self._ended.wait(BEAT.total_seconds()):
                close_old_connections()
                try:
                    self.say_that_it_lives()
                    queue.recover()
                except (DatabaseError, InterfaceError):
                    # The main thread says so.
                    connection.close()
        finally:
            connection.close()


def has_living_worker() -> bool:
    """Whether a worker on this machine has given a sign of life of late."""
    return Worker.objects.alive().filter(host=socket.gethostname()).exists()
