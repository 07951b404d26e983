"""The daily e-mail: what waits for a person, in the language in which they use the admin."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import LanguageState
from .waiting import OPEN, RETURN, REVIEW, Group, Queue, waiting_for

ITEMS = 10
# A title in another script keeps its own direction within a line (UAX 9, isolates).
FIRST_STRONG_ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"


@dataclass(frozen=True)
class Digest:
    subject: str
    body: str


def digest_for(user, since: datetime, language: str) -> Digest | None:
    """What to write to a person; None where nothing waits for them.

    Texts that are anybody's to begin are counted, but are no reason for a mail of their own: it would be the
    same every day. What has come since `since` is marked as new.
    """
    queues = waiting_for(user, ITEMS)
    number = sum(group.count for queue in queues for group in queue.groups if group.kind != OPEN)
    if not number:
        return None
    with translation.override(language):
        subject = ngettext(
            "%(number)s translation waits for you", "%(number)s translations wait for you", number
        ) % {"number": formats.number_format(number, force_grouping=True)}
        name = user.get_full_name() or user.get_username()
        parts = [_("Dear %(name)s,") % {"name": isolated(name)}]
        parts += [part for queue in queues for part in queue_text(queue, since)]
        home = absolute(reverse("wagtailadmin_home"))
        parts.append(_("All that waits for you: %(address)s") % {"address": home})
        parts.append(
            _("You get this mail once a day, as long as something waits for you. Nobody reads answers to it.")
        )
    return Digest(f"{settings.WAGTAIL_SITE_NAME}: {subject}", "\n\n".join(parts) + "\n")


def absolute(path: str) -> str:
    return f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{path}"


def isolated(text: str) -> str:
    return f"{FIRST_STRONG_ISOLATE}{text}{END_OF_ISOLATE}"


def queue_text(queue: Queue, since: datetime) -> list[str]:
    name = queue.language.name
    return [f"{name}\n{'=' * max(len(name), 3)}", *(group_text(group, since) for group in queue.groups)]


def group_text(group: Group, since: datetime) -> str:
    number = formats.number_format(group.count, force_grouping=True)
    head = _("%(what)s: %(number)s") % {"what": group.label, "number": number}
    if group.words:
        words = ngettext("%(number)s word", "%(number)s words", group.words) % {
            "number": formats.number_format(group.words, force_grouping=True)
        }
        head = f"{head} ({words})"
    if group.kind == OPEN:
        return f"{head}\n  {absolute(group.url)}"
    lines = [head]
    for state in group.items:
        lines += item_lines(group, state, since)
    if group.more:
        more = ngettext("and %(number)s more", "and %(number)s more", group.more) % {
            "number": formats.number_format(group.more, force_grouping=True)
        }
        lines.append(f"- {more}: {absolute(group.url)}")
    return "\n".join(lines)


def item_lines(group: Group, state: LanguageState, since: datetime) -> list[str]:
    title = isolated(Truncator(state.entry.title).chars(100))
    remarks = []
    if is_new(group, state, since):
        remarks.append(_("new"))
    if state.due and group.kind != REVIEW:
        day = formats.date_format(state.due, "DATE_FORMAT")
        overdue = state.is_overdue(timezone.localdate())
        remarks.append((_("overdue since %(day)s") if overdue else _("due %(day)s")) % {"day": day})
    remark = f" ({', '.join(remarks)})" if remarks else ""
    lines = [f"- {title}{remark}"]
    if group.kind == RETURN:
        lines.append(f"  {isolated(' '.join(state.note.split()))}")
    lines.append(f"  {absolute(state.url)}")
    return lines


def is_new(group: Group, state: LanguageState, since: datetime) -> bool:
    """Whether a translation has come to wait for somebody since a moment."""
    moments = [state.assigned_at] if group.kind not in {REVIEW, RETURN} else [state.changed_at]
    return any(moment is not None and moment >= since for moment in moments)
