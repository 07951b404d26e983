"""What is away keeps one thread waiting and not all of them."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# In seconds: how long nobody asks again after a failure.
PAUSE = 1.0
# And how often it is worth saying that a service is away.
REMINDER = 60.0


class BreakerOpen(Exception):
    """Nobody was asked: the service has just failed to answer."""


class Breaker:
    """Stands before a service that may be away (M. Nygard, Release It!, "Circuit Breaker").

    After a failure nobody asks for a second, and then one thread at a time, until it gets an answer. All
    others hear at once that there is none, so that they can serve visitors who need nothing of it.
    """

    def __init__(self):
        self._failed: float | None = None
        self._probing = threading.Lock()
        self._said: float | None = None

    @contextmanager
    def asking(self, failures: tuple[type[Exception], ...]) -> Iterator[None]:
        """Around a question; an exception of these kinds says that the service is away.

        Raises `BreakerOpen` instead of asking where it has just been so.
        """
        is_probe = self._failed is not None
        if is_probe and (
            time.monotonic() < (self._failed or 0) + PAUSE or not self._probing.acquire(blocking=False)
        ):
            raise BreakerOpen
        try:
            yield
        except failures:
            self._failed = time.monotonic()
            raise
        except BaseException:
            self._failed = None
            raise
        else:
            self._failed = None
        finally:
            if is_probe:
                self._probing.release()

    def is_news(self) -> bool:
        """Whether nobody has said of late that the service is away; then whoever asks here does."""
        now = time.monotonic()
        if self._said is not None and now < self._said + REMINDER:
            return False
        self._said = now
        return True
