from django.core.management.base import BaseCommand, CommandError
from django.tasks import task_backends
from django_tasks_db.backend import DatabaseBackend

from background.worker import BACKEND, SiteWorker, has_living_worker


class Command(BaseCommand):
    help = (
        "Does what nobody is to wait for: pictures' files, mail, imports. Start as many as there is work "
        "for; SIGTERM ends one after the task that it has begun."
    )

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="do what waits and end")
        parser.add_argument(
            "--interval", type=float, default=1.0, help="seconds between looks (1 by default)"
        )
        parser.add_argument(
            "--alive", action="store_true", help="only say whether a worker of this machine lives (probe)"
        )

    def handle(self, *args, once, interval, alive, **options):
        if alive:
            if not has_living_worker():
                raise CommandError("No worker of this machine has given a sign of life in the last minute.")
            return
        if not isinstance(task_backends[BACKEND], DatabaseBackend):
            raise CommandError(
                "Here each process does its tasks by itself, so there is nothing for a worker: set "
                "BACKGROUND_WORKER=1."
            )
        if interval <= 0:
            raise CommandError("The interval is a number of seconds above 0.")
        worker = SiteWorker(interval=interval, batch=once)
        worker.configure_signals()
        worker.run()
