"""Translations from before their sources were remembered: they count as made from the source beside them."""

from django.db import transaction
from wagtail.models import Revision

from .languages import target_languages
from .models import TranslatedOwner
from .states import Origin, State
from .workflow import mark


def adopt(record: TranslatedOwner) -> bool:
    """Adopts the translations of a record and of all its revisions; whether there was anything to adopt.

    What is known already stays as it is, so it may run again. Search, signals and history take no part in it:
    no word changes.
    """
    with transaction.atomic():
        found = _adopt(record)
        if found:
            type(record)._base_manager.filter(pk=record.pk).update(
                translation_status=record.translation_status
            )
        if hasattr(record, "latest_revision"):
            for revision in Revision.objects.for_instance(record).iterator(chunk_size=100):
                if any(_is_unadopted(entry) for entry in _status(revision.content).values()):
                    copy = revision.as_object()
                    _adopt(copy)
                    revision.content["translation_status"] = copy.translation_status
                    Revision.objects.filter(pk=revision.pk).update(content=revision.content)
                    found = True
    return found


def _status(content: dict) -> dict:
    status = content.get("translation_status")
    return status if isinstance(status, dict) else {}


def _is_unadopted(entry) -> bool:
    return isinstance(entry, dict) and "state" in entry and "sources" not in entry


def _adopt(record: TranslatedOwner) -> bool:
    found = False
    for language in target_languages():
        entry = record.translation_entry(language)
        if _is_unadopted(entry):
            mark(record, language, State(entry["state"]), Origin(entry.get("origin") or Origin.HUMAN))
            found = True
    return found
