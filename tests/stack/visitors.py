"""Visitors who read the site at a steady rate, whatever it does, and note what they saw."""

import contextlib
import gzip
import http.client
import ssl
import threading
import time
from collections import Counter
from dataclasses import dataclass

from .topology import HOST

# Each of them reads one page after the other, over a connection that it keeps, from one of many addresses of
# the loopback network: as nginx counts them, they are many people.
READERS = 40
ADDRESSES = 20
PATIENCE = 10.0


@dataclass(frozen=True)
class Seen:
    """What a visitor saw: `status` is 0 where the connection broke; times in seconds."""

    at: float
    path: str
    status: int
    took: float
    is_whole: bool
    retry_after: str = ""
    cache: str = ""
    why: str = ""

    @property
    def is_right(self) -> bool:
        return self.status == 200 and self.is_whole


class Visitors:
    """`with Visitors(port, paths) as visitors:` reads until the block ends."""

    def __init__(self, port: int, paths: list[str], rate: float = 200.0):
        """`rate` is in requests a second, of all together."""
        self.port, self.paths, self.rate = port, paths, rate
        self.seen: list[Seen] = []
        self._ends = threading.Event()
        self._threads = [threading.Thread(target=self._read, args=(number,)) for number in range(READERS)]

    def __enter__(self):
        self.began = time.monotonic()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exception):
        self._ends.set()
        for thread in self._threads:
            thread.join(2 * PATIENCE)
        self.ended = time.monotonic()

    def _read(self, number: int) -> None:
        connection = Connection(self.port, f"127.0.0.{2 + number % ADDRESSES}")
        turn = number
        while True:
            # When it is due, not when the last one was done: who waits is not a visitor less.
            due = self.began + turn / self.rate
            if self._ends.wait(max(0.0, due - time.monotonic())):
                break
            path = self.paths[turn % len(self.paths)]
            self.seen.append(connection.get(path))
            # Those for whom the time has gone by while it waited were not sent.
            late = max(0, int((time.monotonic() - due) * self.rate / READERS))
            turn += READERS * max(1, late)
        connection.close()

    def since(self, moment: float, until: float | None = None) -> list[Seen]:
        return [one for one in list(self.seen) if moment <= one.at < (until or time.monotonic())]

    def wrong(self, since: float = 0.0, until: float | None = None) -> list[Seen]:
        return [one for one in self.since(since, until) if not one.is_right]

    def report(self) -> str:
        """One line: how many, what they saw, and how long half, 95 and 99 of 100 took at most."""
        times = sorted(one.took for one in self.seen)
        counts = Counter(one.status if one.is_whole or one.status != 200 else "broken" for one in self.seen)
        spent = max(one.at for one in self.seen) - self.began
        parts = [f"{round(1000 * times[min(len(times) - 1, int(len(times) * part))])} ms"
                 for part in (0.5, 0.95, 0.99)]  # fmt: skip
        return (
            f"{len(times)} requests, {len(times) / spent:.0f} a second: {dict(counts)}; "
            f"p50 {parts[0]}, p95 {parts[1]}, p99 {parts[2]}"
        )


class Connection:
    """A browser's: it opens another one and asks again if the server has closed it in the meantime."""

    def __init__(self, port: int, source: str):
        self.port, self.source = port, source
        self._context = ssl._create_unverified_context()
        self._open: http.client.HTTPSConnection | None = None

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def get(self, path: str, **headers: str) -> Seen:
        began = time.monotonic()
        for attempt in (1, 2):
            is_used = self._open is not None
            try:
                if self._open is None:
                    self._open = http.client.HTTPSConnection(
                        "127.0.0.1",
                        self.port,
                        timeout=PATIENCE,
                        source_address=(self.source, 0),
                        context=self._context,
                    )
                self._open.request("GET", path, headers={"Host": HOST, "Accept-Encoding": "gzip"} | headers)
                response = self._open.getresponse()
                body = response.read()
                return Seen(
                    began,
                    path,
                    response.status,
                    time.monotonic() - began,
                    is_whole(response, body),
                    response.getheader("Retry-After") or "",
                    response.getheader("Cache-Status") or "",
                )
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError) as error:
                self.close()
                if attempt == 2 or not is_used:
                    return Seen(began, path, 0, time.monotonic() - began, False, why=repr(error))
            except (OSError, http.client.HTTPException) as error:
                self.close()
                return Seen(began, path, 0, time.monotonic() - began, False, why=repr(error))
        raise AssertionError


def is_whole(response, body: bytes) -> bool:
    """Whether a page came up to its last tag, or a file in its full length."""
    with contextlib.suppress(OSError, EOFError):
        if response.getheader("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        if (response.getheader("Content-Type") or "").startswith("text/html"):
            return body.rstrip().endswith(b"</html>")
        return bool(body)
    return False
