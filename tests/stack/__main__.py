"""`make stack`: the whole site on this machine, until Ctrl+C."""

import signal
import threading

from .topology import Stack


def main() -> None:
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_signal: ended.set())
    print("Starting nginx, PostgreSQL, Redis, a store of files and the site itself, in about a minute …")
    stack = Stack()
    try:
        stack.start()
        stack.manage("ensure_admin")
        password = (stack.folder / "admin-password").read_text().strip()
        print(f"The site:  https://localhost:{stack.nginx.port}/ (its certificate is its own)")
        print(f"Its admin: https://localhost:{stack.nginx.port}/admin/, admin, {password}")
        for process in stack.processes:
            print(f"  {process.name:<10} {process.log}")
        print(f"  web processes at ports {', '.join(str(web.port) for web in stack.webs)}; PostgreSQL "
              f"{stack.postgres.port}, Redis {stack.redis.port}, store of files {stack.s3.port}")  # fmt: skip
        print("Ctrl+C stops it and deletes what it holds.", flush=True)
        ended.wait()
    finally:
        print("Stopping …", flush=True)
        stack.stop()


main()
