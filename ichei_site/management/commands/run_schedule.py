import signal
from threading import Thread

from django.core.management.base import BaseCommand

from ichei_site.schedule import Schedule


class Command(BaseCommand):
    help = (
        "Publishes and takes down what is due, each minute, sends and deletes messages of visitors, and "
        "sends the daily digest; SIGTERM ends it."
    )

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="do what is due now and end")

    def handle(self, *args, once, **options):
        schedule = Schedule()
        if once:
            schedule.run_once()
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, schedule.stop)
        # In a thread of its own: a signal comes to this one, which must not hold the lock that `stop` needs.
        worker = Thread(target=schedule.run, name="schedule")
        worker.start()
        worker.join()
