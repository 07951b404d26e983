"""How gunicorn serves the site; see https://docs.gunicorn.org/en/stable/settings.html."""

import os
import shutil
import tempfile
from pathlib import Path

from gunicorn.glogging import Logger

from monitoring import logs

bind = os.environ.get("BIND", "0.0.0.0:8000")
# gunicorn itself reads the number of workers from WEB_CONCURRENCY; two where it is not set.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
timeout = 30
graceful_timeout = 20
keepalive = 5
# A worker makes room for a new one now and then, not all at once.
max_requests = 5000
max_requests_jitter = 500
# The heartbeat goes to memory: a root file system may be read-only or slow.
worker_tmp_dir = "/dev/shm"  # noqa: S108
errorlog = "-"

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
