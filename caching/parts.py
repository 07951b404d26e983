"""Parts of pages that this process keeps: what surrounds them, and what several of them show.

They are kept as pages are: with the tags of all that they show, until one of these changes. Only while this
process reads the journal, as behind the page cache; everywhere else a part is made each time.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from . import tags
from .journal import journal
from .store import LIFETIME

# Menus and footers of six languages, and some hundreds of cards and dates.
MOST = 5000


@dataclass(frozen=True)
class Part:
    value: Any
    tags: frozenset[str]
    epoch: UUID | None
    position: int
    ends: float
    is_makeshift: bool


class Parts:
    def __init__(self):
        self._parts: OrderedDict[Hashable, Part] = OrderedDict()
        self._lock = threading.Lock()

    def remembered(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What `make` returned for this key, if all that it showed is as it was. Nobody may change it."""
        if not journal.is_followed:
            return make()
        part = self._parts.get(key)
        if part is None or not self._is_current(part):
            part = self._made(make)
            if part.is_makeshift:
                # Nor is what it is a part of.
                tags.is_makeshift()
            else:
                self._keep(key, part)
        tags.shows(*part.tags)
        tags.until_timestamp(part.ends)
        return part.value

    def _keep(self, key: Hashable, part: Part) -> None:
        with self._lock:
            self._parts[key] = part
            self._parts.move_to_end(key)
            while len(self._parts) > MOST:
                self._parts.popitem(last=False)

    def _made(self, make: Callable[[], Any]) -> Part:
        epoch, position = journal.epoch, journal.position
        with tags.collecting() as collected:
            value = make()
        ends = time.time() + LIFETIME
        if collected.until is not None:
            ends = min(ends, collected.until.timestamp())
        return Part(value, frozenset(collected.tags), epoch, position, ends, collected.is_makeshift)

    @staticmethod
    def _is_current(part: Part) -> bool:
        return (
            part.epoch == journal.epoch
            and part.ends > time.time()
            and not journal.has_changed(part.tags, part.position)
        )

    def forget(self) -> None:
        with self._lock:
            self._parts.clear()


parts = Parts()
