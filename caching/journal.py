"""What changed, and when this process learned of it.

The journal is a table of the site's own database, so it is as true as the content: a change and its entry are
one transaction, and while nobody reaches the database, nobody can change anything either.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.utils import timezone

logger = logging.getLogger(__name__)

# Every kept page.
EVERYTHING = "*"
# Entries live no longer in the journal than pages are kept.
LIFETIME = timedelta(days=2)
# How often a process asks, in seconds; a change is seen within that.
INTERVAL = 0.25
# A process that has not asked for this long waits for the answer before it shows what it has.
TOO_LONG = 0.75
# How many tags a process keeps in mind.
MOST_TAGS = 200_000
# After this, the entry of a process that died before it could announce it is announced by another.
LEFT_ALONE = timedelta(seconds=2)

Expander = Callable[[set[str]], tuple[set[str], bool]]
# They look, once a change can be seen, at what else it touched: {tags} → ({tags}, whether it withdraws).
_expanders: list[Expander] = []


def expands(function: Expander) -> Expander:
    """Registers a function that finds, once a change can be seen, what else it touched."""
    if function not in _expanders:
        _expanders.append(function)
    return function


def changed(*tags: str, withdraws: bool = False) -> None:
    """Notes that what these tags name has changed, with the transaction that is open, and tells everybody."""
    from .models import Change

    if not tags:
        return
    with transaction.atomic():
        Change.objects.create(tags=sorted(tags), withdraws=withdraws)
        connection.has_unannounced_changes = True
        transaction.on_commit(announce_own)


def forget_all(**kwargs) -> None:
    """For whatever writes past the models: no kept page is shown again."""
    changed(EVERYTHING)


def begin_anew() -> None:
    """For a database that was put in the place of another: positions of the old one mean nothing in it."""
    from .models import Change, Position

    with transaction.atomic():
        Change.objects.all().delete()
        Position.objects.update_or_create(pk=1, defaults={"value": 0, "epoch": uuid4()})


def announce_own() -> None:
    # A transaction with a thousand changes announces them all at once.
    if getattr(connection, "has_unannounced_changes", False):
        connection.has_unannounced_changes = False
        announce()


def announce() -> None:
    """Gives a position to each change that can be seen by now."""
    from . import outer
    from .models import Change, Position

    touched = set()
    with transaction.atomic():
        Position.objects.get_or_create(pk=1)
        counter = Position.objects.select_for_update().get(pk=1)
        waiting = list(Change.objects.filter(position=None).order_by("pk"))
        for change in waiting:
            tags, withdraws = further(set(change.tags))
            change.tags = sorted({*change.tags, *tags})
            change.withdraws |= withdraws
            counter.value += 1
            change.position = counter.value
            change.save(update_fields=["tags", "withdraws", "position"])
            touched.update(change.tags)
        if waiting:
            counter.save(update_fields=["value"])
    journal.ask_soon()
    if touched and outer.is_in_use():
        outer.purge(touched, everything=EVERYTHING in touched)


def further(tags: set[str]) -> tuple[set[str], bool]:
    found, withdraws = set(), False
    for expander in _expanders:
        try:
            with transaction.atomic():
                more, takes_away = expander(tags)
        except Exception:
            # The change is done; a page too many that is made anew is no harm, one too few is.
            logger.exception("Could not find out what a change touches: every page is made anew.")
            more, takes_away = {EVERYTHING}, False
        found |= more
        withdraws |= takes_away
    return found, withdraws


def prune() -> int:
    """Deletes entries that no kept page can be older than; how many."""
    from .models import Change

    old = Change.objects.filter(at__lt=timezone.now() - LIFETIME, position__isnull=False)
    return old.delete()[0]


class Journal:
    """What this process knows of the journal."""

    def __init__(self):
        self._lock = threading.Lock()
        self._asked = 0.0
        self.reset(None)
        # Whether somebody looks before each request, so that what this process keeps is known to be right.
        self.is_followed = False
        # Whether the last question went unanswered.
        self.is_cut_off = False

    def reset(self, epoch: UUID | None) -> None:
        self.epoch, self.position = epoch, 0
        # Of changes up to here it is no longer known what they touched.
        self._floor = 0
        self._changed: dict[str, int] = {}
        self._withdrawn: dict[str, int] = {}

    def ask_soon(self) -> None:
        """Lets the next look ask the database, however short ago the last one was."""
        self._asked = 0.0

    def look(self) -> None:
        """Asks the database what is new, if nobody has just done so."""
        waited = time.monotonic() - self._asked
        if waited < INTERVAL:
            return
        # Whoever knows nothing newer waits for the one who asks; others go on with what is known.
        wait = 2.0 if waited > TOO_LONG and not self.is_cut_off else 0.0
        if not self._lock.acquire(timeout=wait) if wait else not self._lock.acquire(blocking=False):
            return
        try:
            if time.monotonic() - self._asked >= INTERVAL:
                asked = time.monotonic()
                self._ask()
                self._asked = asked
        finally:
            self._lock.release()

    def _ask(self) -> None:
        # This may be outside of any request of Django's, which would look after the connection.
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        try:
            self._read()
            if self.is_cut_off:
                logger.warning("The database answers again.")
            self.is_cut_off = False
        except (DatabaseError, InterfaceError):
            if not self.is_cut_off:
                logger.warning("The database doesn't answer: pages that are kept are shown as they are.")
            self.is_cut_off = True
            if not connection.in_atomic_block:
                connection.close()

    def _read(self) -> None:
        from .models import Change, Position

        left = Change.objects.filter(position=None, at__lt=timezone.now() - LEFT_ALONE)
        counter = Position.objects.filter(pk=1).values_list("value", "epoch").first()
        if left.exists():
            announce()
            counter = Position.objects.filter(pk=1).values_list("value", "epoch").first()
        value, epoch = counter or (0, None)
        if epoch != self.epoch or value < self.position:
            self.reset(epoch)
        if value > self.position:
            news = Change.objects.filter(position__gt=self.position).order_by("position")
            for position, tags, withdraws in news.values_list("position", "tags", "withdraws"):
                self._note(position, tags, withdraws)
                value = max(value, position)
            self.position = value
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        if len(self._changed) > MOST_TAGS:
            self._floor = sorted(self._changed.values())[len(self._changed) // 2]
            for positions in (self._changed, self._withdrawn):
                for tag in [tag for tag, position in positions.items() if position <= self._floor]:
                    del positions[tag]

    def _note(self, position: int, tags: Iterable[str], withdraws: bool) -> None:
        for tag in tags:
            self._changed[tag] = position
            if withdraws:
                self._withdrawn[tag] = position

    def has_changed(self, tags: Iterable[str], since: int) -> bool:
        """Whether any of these has changed after a position."""
        return self._any_later(self._changed, tags, since)

    def has_withdrawn(self, tags: Iterable[str], since: int) -> bool:
        """Whether what was taken from visitors after a position is among these."""
        return self._any_later(self._withdrawn, tags, since)

    def _any_later(self, positions: dict[str, int], tags: Iterable[str], since: int) -> bool:
        if since >= self.position:
            return False
        if since < self._floor or positions.get(EVERYTHING, 0) > since:
            return True
        return any(positions.get(tag, 0) > since for tag in tags)

    def last_change(self, tag: str) -> int:
        """The position of the last change of a tag that this process has heard of; 0 for none."""
        return max(self._changed.get(tag, 0), self._changed.get(EVERYTHING, 0), self._floor)


journal = Journal()
