"""Giving translations to people, until a day. An assignment ends when the translation is approved."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .languages import Language
from .models import LanguageState, RecordEntry
from .rights import can_assign, can_translate, require
from .states import State


@dataclass(frozen=True)
class Assigned:
    """How many translations were given to somebody (or taken back), and how many are approved already."""

    changed: int
    approved: int


def assign(
    entries: Collection[RecordEntry], language: Language, person, *, user, due: date | None = None
) -> Assigned:
    """Gives the translations of records into a language to a person; None takes them back.

    What is approved needs nobody and stays as it is. Raises `PermissionDenied` if `user` may not assign in
    this language, or if the person may not translate into it.
    """
    require(can_assign(user, language), language)
    if person is not None and not (person.is_active and can_translate(person, language)):
        raise PermissionDenied(
            _("%(person)s has no right to translate into %(language)s.")
            % {"person": person.get_full_name() or person.get_username(), "language": language.name}
        )
    with transaction.atomic():
        states = LanguageState.objects.filter(
            entry__in=[entry.pk for entry in entries], language=language.code
        )
        approved = states.filter(state=State.APPROVED).count()
        open_states = states.exclude(state=State.APPROVED)
        if person is None:
            return Assigned(open_states.exclude(assignee=None).update(**LanguageState.UNASSIGNED), 0)
        changed = open_states.update(assignee=person, assigned_by=user, assigned_at=timezone.now(), due=due)
        return Assigned(changed, approved)
