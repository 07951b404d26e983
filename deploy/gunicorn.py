"""How gunicorn serves the site; see https://docs.gunicorn.org/en/stable/settings.html."""

import gc
import os
import shutil
import tempfile
from pathlib import Path

from gunicorn.glogging import Logger

from monitoring import logs

bind = os.environ.get("BIND", "0.0.0.0:8000")
# gunicorn itself reads the number of workers from WEB_CONCURRENCY; two where it is not set.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# Pages are made one at a time (see caching/front.py); the other threads answer with kept ones, and wait for
# uploads and mail.
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 30
graceful_timeout = 20
keepalive = 5
# A worker makes room for a new one now and then, not all at once. On a press day it answers thousands of
# requests a second with kept pages: it must not be renewed every other second, with none of them.
max_requests = 1_000_000
max_requests_jitter = 100_000
# Nobody steers it while it runs, and its default place needs a home folder.
control_socket_disable = True
# The heartbeat goes to memory: a root file system may be read-only or slow.
worker_tmp_dir = "/dev/shm"  # noqa: S108
errorlog = "-"

# No visitor waits longer for a statement; migrations and other commands take their time.
os.environ.setdefault("STATEMENT_SECONDS", "25")

# Logs -----------------------------------------------------------------------------------------------------
# gunicorn's own lines, in the format of the site's. --log-level still has its say.
logconfig_dict = logs.configuration(
    logs.chosen_format("json"), {"gunicorn.error": {"handlers": ["console"], "propagate": False}}
)
logconfig_dict["filters"] = {"without_visitor": {"()": "monitoring.logs.WithoutVisitor"}}
logconfig_dict["handlers"]["console"]["filters"] = ["without_visitor"]


class SiteLogger(Logger):
    """Without an access log: the site writes one line a request itself, which knows page and language."""

    def access(self, resp, req, environ, request_time):
        pass


logger_class = SiteLogger

# What the workers share: their counts for /metrics, and that it was ready once ------------------------------
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
OURS = "ichei-site-"


def on_starting(server):
    """Begins with empty counts, in the folder that the environment names or in one of memory."""
    if named := os.environ.get(FOLDER):
        folder = Path(named)
        folder.mkdir(parents=True, exist_ok=True)
        for left in (*folder.glob("*.db"), folder / "ready"):
            left.unlink(missing_ok=True)
    else:
        folder = Path(tempfile.mkdtemp(prefix=OURS, dir=worker_tmp_dir))
        os.environ[FOLDER] = str(folder)
    os.environ["READY_MARK"] = str(folder / "ready")


def on_exit(server):
    folder = Path(os.environ["READY_MARK"]).parent
    if folder.name.startswith(OURS):
        shutil.rmtree(folder, ignore_errors=True)


def pre_fork(server, worker):
    """Gives a worker the lowest number that no other has, so that it goes on with the counts of the last.

    By the library's default each process has files of its own, and gunicorn renews its workers for ever.
    So nothing is left to do when a worker ends.
    """
    taken = {other.slot for other in server.WORKERS.values()}
    worker.slot = next(number for number in range(len(taken) + 1) if number not in taken)


def post_fork(server, worker):
    os.environ["METRICS_SLOT"] = str(worker.slot)


def post_worker_init(worker):
    # What was loaded stays until the end: the collector of garbage need not look at it each time.
    gc.collect()
    gc.freeze()
