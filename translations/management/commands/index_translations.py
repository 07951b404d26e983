from django.core.management.base import BaseCommand
from django.db import transaction

from translations.adoption import adopt
from translations.index import index_record, is_indexed
from translations.models import RecordEntry
from translations.registry import owner_models


class Command(BaseCommand):
    help = (
        "Rebuilds the lists of translations from the records, and takes over translations from versions that "
        "did not remember their sources. It may run at any time, and again."
    )

    def handle(self, *args, verbosity, **options):
        kept, adopted = set(), 0
        for model in owner_models():
            number = 0
            for record in model._base_manager.order_by("pk").iterator(chunk_size=100):
                if not is_indexed(record):
                    continue
                with transaction.atomic():
                    adopted += adopt(record)
                    kept.add(self.index(record).pk)
                number += 1
            if verbosity > 1 and number:
                self.stdout.write(f"  {model._meta.label}: {number}")
        gone = set(RecordEntry.objects.values_list("pk", flat=True)) - kept
        for number in gone:
            RecordEntry.objects.filter(pk=number).delete()
        if verbosity:
            self.stdout.write(
                f"Translations: {len(kept)} records listed, {adopted} taken over from an older version, "
                f"{len(gone)} removed that are gone."
            )

    def index(self, record) -> RecordEntry:
        """Indexes a record; to look at it anew is no change of it."""
        before = RecordEntry.objects.for_record(record).first()
        index_record(record)
        entry = RecordEntry.objects.for_record(record).get()
        moment = before.updated_at if before else changed_at(record)
        if moment:
            RecordEntry.objects.filter(pk=entry.pk).update(updated_at=moment)
        return entry


def changed_at(record):
    """When a record was changed for the last time, as far as it knows."""
    for name in ("latest_revision_created_at", "last_published_at", "created_at"):
        if moment := getattr(record, name, None):
            return moment
    revision = getattr(record, "latest_revision", None)
    return revision.created_at if revision else None
