"""Whether the web process of this container is ready for visitors: the image's health check."""

import os
import sys
import urllib.request

port = os.environ.get("BIND", "0.0.0.0:8000").rpartition(":")[2]
try:
    urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=4).close()
except OSError as reason:
    sys.exit(f"Not ready: {reason}")
