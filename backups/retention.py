"""Which backups are kept for how long."""

from collections.abc import Iterable
from dataclasses import dataclass

from .targets import Kept


@dataclass(frozen=True)
class Retention:
    """The newest of each of the last so many days, weeks and months on which there is one."""

    daily: int = 7
    weekly: int = 5
    monthly: int = 12

    def outlived(self, backups: Iterable[Kept]) -> list[Kept]:
        """Those that may go; the newest never does."""
        newest_first = sorted(backups, reverse=True)
        keep = set(newest_first[:1])
        for number, period in (
            (self.daily, lambda at: at.date()),
            (self.weekly, lambda at: at.isocalendar()[:2]),
            (self.monthly, lambda at: (at.year, at.month)),
        ):
            newest_of = {}
            for backup in newest_first:
                newest_of.setdefault(period(backup.at), backup)
            keep.update(list(newest_of.values())[:number])
        return [backup for backup in sorted(backups) if backup not in keep]
