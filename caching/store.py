"""Where finished pages are kept: in the memory of this process, and in a cache that machines share."""

import hashlib
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from uuid import UUID

from django.core.cache import BaseCache

from . import encodings

# In seconds. A page that nobody's change has touched is made anew after a day.
LIFETIME = 24 * 60 * 60


@dataclass
class Entry:
    """An answer as it was made, and what is known of it."""

    # Without those that say how the body is encoded.
    headers: list[tuple[str, str]]
    body: bytes
    tags: frozenset[str]
    epoch: UUID | None
    # How much of the journal was known before it was made.
    position: int
    made: float = field(default_factory=time.time)
    # In seconds since 1970; None where it depends on changes alone.
    until: float | None = None
    _encoded: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self):
        self.digest = hashlib.sha256(self.body).hexdigest()[:20]

    def in_coding(self, coding: str) -> tuple[bytes, str]:
        """(bytes, the coding in which they really are)."""
        if coding == encodings.IDENTITY or len(self.body) < encodings.SHORTEST:
            return self.body, encodings.IDENTITY
        if coding not in self._encoded:
            self._encoded[coding] = encodings.encoded(self.body, coding)
        return self._encoded[coding], coding

    def etag(self, coding: str) -> str:
        """Another one for each coding, since the bytes are others (RFC 9110, 8.8.3)."""
        return f'"{self.digest}"' if coding == encodings.IDENTITY else f'"{self.digest}-{coding}"'

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes with both of its compressed forms."""
        return int(len(self.body) * 1.6) + 2000

    def has_ended(self, now: float) -> bool:
        return now >= min(self.made + LIFETIME, self.until or self.made + LIFETIME)


class Memory:
    """The pages that were asked for last, as many as fit into some megabytes."""

    def __init__(self, megabytes: int):
        self._most = megabytes * 1024 * 1024
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._lock = threading.Lock()
        self.size = 0

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: str) -> Entry | None:
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
            return entry

    def put(self, key: str, entry: Entry) -> None:
        with self._lock:
            self._drop(key)
            self._entries[key] = entry
            self.size += entry.size
            while self.size > self._most and self._entries:
                self._drop(next(iter(self._entries)))

    def drop(self, key: str) -> None:
        with self._lock:
            self._drop(key)

    def _drop(self, key: str) -> None:
        if (old := self._entries.pop(key, None)) is not None:
            self.size -= old.size


class Shared:
    """One of Django's caches that all machines reach. Where it fails, a page is made once a machine."""

    PREFIX = "kept-page:"
    # In seconds, for one process to make a page that others wait for.
    TURN = 15

    def __init__(self, cache: BaseCache):
        self._cache = cache

    def get(self, key: str) -> Entry | None:
        found = self._cache.get(self.PREFIX + key)
        return found if isinstance(found, Entry) else None

    def put(self, key: str, entry: Entry) -> None:
        self._cache.set(self.PREFIX + key, entry, LIFETIME)

    def take_turn(self, key: str) -> bool:
        """Whether it is this process's turn to make a page; True too where nobody can say."""
        return bool(self._cache.add(f"{self.PREFIX}turn:{key}", 1, self.TURN)) or not self._is_taken(key)

    def _is_taken(self, key: str) -> bool:
        return self._cache.get(f"{self.PREFIX}turn:{key}") is not None

    def end_turn(self, key: str) -> None:
        self._cache.delete(f"{self.PREFIX}turn:{key}")
