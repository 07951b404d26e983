"""How gunicorn serves the site; see https://docs.gunicorn.org/en/stable/settings.html."""

import os

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
accesslog = "-"
errorlog = "-"
