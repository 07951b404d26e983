from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.tasks import task

from .exchange import importing
from .exchange.importing import PlanChangedError
from .exchange.units import ExchangeError
from .models import ImportedFile


@task(backend="worker")
def carry_out_import(number: str) -> int:
    """Writes what somebody has decided on; how many texts.

    All of it and the note that it was done are one transaction: if the worker is killed, nothing was written,
    and a second one begins anew; once it was done, nobody does it again.
    """
    with transaction.atomic():
        waiting = ImportedFile.objects.select_for_update().filter(state=ImportedFile.State.WAITING)
        kept = waiting.filter(pk=number).select_related("user").first()
        if kept is None:
            return 0
        try:
            with transaction.atomic():
                parsed = importing.read_file(bytes(kept.content))
                done = importing.carry_out(
                    importing.plan(parsed, kept.user),
                    parsed,
                    kept.user,
                    stale=set(kept.decision["stale"]),
                    fingerprint=kept.decision["fingerprint"],
                )
        except (PlanChangedError, PermissionDenied, ExchangeError):
            # Its owner sees what the file would do now, or what they may no longer do.
            kept.state, kept.has_changed = ImportedFile.State.OPEN, True
            kept.save(update_fields=["state", "has_changed"])
            return 0
        kept.state, kept.texts, kept.content = ImportedFile.State.DONE, done.texts, b""
        kept.save(update_fields=["state", "texts", "content"])
        return done.texts
