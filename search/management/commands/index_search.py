import sys

from django.core.management.base import BaseCommand
from django.db import transaction

from pages.findable import findable_models
from search.index import BATCH, forget, index_record
from search.models import Entry
from search.words import recount
from translations.languages import all_languages


class Progress:
    """A line on a terminal that says how far a long work is; nothing where nobody looks on."""

    WIDTH = 40

    def __init__(self, total: int, stream=sys.stderr):
        self.total, self.done, self.stream = total, 0, stream
        self.is_shown = stream.isatty()

    def step(self) -> None:
        self.done += 1
        if self.is_shown:
            filled = self.WIDTH * self.done // max(self.total, 1)
            bar = "#" * filled + "." * (self.WIDTH - filled)
            self.stream.write(f"\r[{bar}] {self.done}/{self.total}")
            if self.done >= self.total:
                self.stream.write("\n")
            self.stream.flush()


class Command(BaseCommand):
    help = (
        "Brings the index of the search up to date with all that visitors may read. It may run at any time, "
        "also while the site is used, and again."
    )

    def add_arguments(self, parser):
        parser.add_argument("--anew", action="store_true", help="analyse also what has not changed")

    def handle(self, *args, anew, verbosity, **options):
        models = findable_models()
        progress = Progress(sum(model._base_manager.count() for model in models))
        removed = 0
        for model in models:
            last = 0
            # By number and in batches: neither memory nor a lock grows with the site.
            while numbers := list(
                model._base_manager.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
            ):
                for number in numbers:
                    with transaction.atomic():
                        index_record(model(pk=number), anew=anew)
                    progress.step()
                last = numbers[-1]
            removed += self.forget_gone(model)
        known = [model._meta.label_lower for model in models]
        for label in Entry.objects.exclude(label__in=known).values_list("label", flat=True).distinct():
            numbers = list(Entry.objects.filter(label=label).values_list("object_id", flat=True))
            forget(label, numbers)
            removed += len(numbers)
        for language in all_languages():
            recount(language.code)
        if verbosity:
            self.stdout.write(
                f"Search: {Entry.objects.count()} entries in {len(all_languages())} languages, "
                f"{removed} removed whose records are gone."
            )

    def forget_gone(self, model) -> int:
        """Takes out the entries of a model whose records no longer exist."""
        label, last, removed = model._meta.label_lower, 0, 0
        entries = Entry.objects.filter(label=label).order_by("object_id").values_list("object_id", flat=True)
        while numbers := list(entries.filter(object_id__gt=last).distinct()[:BATCH]):
            there = set(model._base_manager.filter(pk__in=numbers).values_list("pk", flat=True))
            if gone := [number for number in numbers if number not in there]:
                forget(label, gone)
                removed += len(gone)
            last = numbers[-1]
        return removed
