"""Questions to what the site leans on, none of which may keep the one who asks waiting."""

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field

from django.core.cache import close_caches
from django.db import connection, connections, transaction


@dataclass
class Question:
    """Something to ask, in a thread of its own, with a limit in seconds.

    One that hangs is not asked a second time until it has come back: threads don't pile up.
    """

    name: str
    ask: Callable[[], object]
    seconds: float
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _future: Future | None = field(default=None, repr=False)

    def begin(self) -> Future:
        with self._lock:
            if self._future is None or self._future.done():
                self._future = Future()
                thread = threading.Thread(
                    target=self._run, args=(self._future,), name=f"asks {self.name}", daemon=True
                )
                thread.start()
            return self._future

    def _run(self, future: Future) -> None:
        answer = error = None
        try:
            answer = self.ask()
        except Exception as caught:
            # Whatever it is: who asked decides what it means.
            error = caught
        with suppress(Exception):
            # Those of this thread; what is broken may refuse that, too.
            connections.close_all()
            close_caches()
        if error is None:
            future.set_result(answer)
        else:
            future.set_exception(error)


def answers(questions: Iterable[Question]) -> dict[str, object]:
    """{name: answer} of all, asked at the same time; of one that failed its exception, or `TimeoutError`."""
    began = time.monotonic()
    asked = [(question, question.begin()) for question in questions]
    found = {}
    for question, future in asked:
        try:
            found[question.name] = future.result(max(0, began + question.seconds - time.monotonic()))
        except Exception as error:
            # `TimeoutError` is one, too.
            found[question.name] = error
    return found


def within(seconds: float, ask: Callable[[], object]) -> object:
    """What `ask` reads from the database, which gives up by itself after that time where it can."""
    if connection.vendor != "postgresql":
        return ask()
    # For this transaction alone: behind a pooler, the next one on the connection is somebody else's.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(int(seconds * 1000))])
        return ask()
