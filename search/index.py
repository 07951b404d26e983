"""Keeps the index true to what visitors may read, in the transaction that changes it."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from wagtail.models import Collection, ReferenceIndex

from library.models import CustomDocument
from pages.findable import SearchText, findable_models
from pages.models import BasePage
from translations.models.records import TranslatedOwner, lock

from . import analysis
from .models import Entry, EntryText
from .words import count_words, words_of

BATCH = 100

UNWANTED = re.compile(
    "[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\udfff]"
)


def prefix(language: str) -> str:
    """What stands before each term of a language, so that each language is an index of its own."""
    return language.partition("-")[0]


def terms(text: str, language: str) -> str:
    """The terms of a text as the index holds them."""
    mark = prefix(language)
    return " ".join(
        term if term == analysis.BREAK else mark + term for term in analysis.terms(text, language)
    )


def title_term(term: str, language: str) -> str:
    """A term as it stands in the index a second time if it is part of a title."""
    return f"{prefix(language)}_{term}"


def title_word(word: str, language: str) -> str:
    """A folded word as it stands in the index if it is part of a title, for suggestions."""
    return f"{prefix(language)}__{word}"


def heads(title: str, language: str) -> str:
    found = set()
    for piece in analysis.pieces(title, language):
        if piece.text != analysis.BREAK:
            found.add(title_term(analysis.term(piece.text, language), language))
            found.add(title_word(analysis.letters(piece.text), language))
    return " ".join(sorted(found))


def clean(text: str) -> str:
    """A text without what a database refuses, and without marks of direction, which a cut might part."""
    return UNWANTED.sub("", text)


def shown(text: SearchText) -> str:
    return clean("\n".join(filter(None, [" ".join(text.summary.split()), *text.lines])))


def text_of(text: SearchText, entry: Entry) -> EntryText:
    """The words of an entry, analysed."""
    title = clean(text.title) if text.is_titled else ""
    return EntryText(
        entry=entry,
        shown=shown(text),
        title_terms=terms(title, entry.language),
        summary_terms=terms(clean(" ".join(text.summary.split())), entry.language),
        body_terms=terms(clean("\n".join(text.lines)), entry.language),
        heads=heads(title, entry.language),
    )


def digest_of(text: SearchText, kind: str) -> str:
    """A short fingerprint of all that an entry is made from."""
    made_from = [
        analysis.VERSION, kind, text.page.pk, text.anchor, str(text.day), text.day_in_words, text.title,
        text.is_titled, text.summary, text.lines,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(made_from).encode()).hexdigest()[:16]


def is_findable(record: models.Model) -> bool:
    return hasattr(record, "search_texts")


@transaction.atomic
def index_record(record: models.Model, anew: bool = False) -> None:
    """Brings the entries of a record up to date, in all languages; writes only what has changed.

    `anew` analyses it even so.
    """
    model = type(getattr(record, "specific", record))
    label = model._meta.label_lower
    # What visitors read is in the row, whatever this object has in it; and nobody may change it meanwhile.
    try:
        row = lock(model(pk=record.pk))
    except model.DoesNotExist:
        forget(label, [record.pk])
        return
    texts = row.search_texts()
    known = {entry.language: entry for entry in Entry.objects.filter(label=label, object_id=row.pk)}
    digests = {code: digest_of(text, row.search_kind.name) for code, text in texts.items()}
    changed = [
        code for code, digest in digests.items() if anew or code not in known or known[code].digest != digest
    ]
    gone = [entry.pk for code, entry in known.items() if code not in texts]
    if not changed and not gone:
        return
    old = [known[code].pk for code in changed if code in known] + gone
    counts = Counter()
    for text in EntryText.objects.filter(pk__in=old).select_related("entry"):
        counts.subtract(words_of(text.entry.language, text.entry.title, text.shown))
    Entry.objects.filter(pk__in=gone).delete()
    for code in changed:
        entry = known.get(code) or Entry(label=label, object_id=row.pk, language=code)
        fill(entry, texts[code], row.search_kind.name, digests[code])
        is_new = entry.pk is None
        entry.save()
        text = text_of(texts[code], entry)
        text.save(force_insert=is_new, force_update=not is_new)
        counts.update(words_of(code, entry.title, text.shown))
    count_words(counts)


def fill(entry: Entry, text: SearchText, kind: str, digest: str) -> None:
    entry.kind, entry.digest = kind, digest
    entry.date, entry.year = text.day, text.day.year if text.day else None
    entry.date_in_words = text.day_in_words
    entry.page_id, entry.anchor = text.page.pk, text.anchor
    entry.title = clean(text.title)


def forget(label: str, numbers: list[int]) -> None:
    forget_entries(Entry.objects.filter(label=label, object_id__in=numbers))


@transaction.atomic
def forget_entries(entries: models.QuerySet) -> None:
    """Takes entries out of the index, however many they are."""
    while batch := list(
        EntryText.objects.filter(entry__in=entries.order_by("pk")[:BATCH]).select_related("entry")
    ):
        counts = Counter()
        for text in batch:
            counts.subtract(words_of(text.entry.language, text.entry.title, text.shown))
        Entry.objects.filter(pk__in=[text.pk for text in batch]).delete()
        count_words(counts)
    # One without words would be a mistake, which is no reason to keep it.
    entries.delete()


def hosted_by(page: BasePage) -> Iterator[models.Model]:
    """The records of other models that are read on this page."""
    for model in findable_models():
        if hasattr(model, "searched_on"):
            yield from model.searched_on(page).iterator(chunk_size=BATCH)


def index_hosted(page: BasePage) -> None:
    """Takes in, or leaves out, what is read on a page that became visible or no longer is."""
    hosted = Entry.objects.filter(page=page).exclude(anchor="")
    is_visible = BasePage.objects.visible().filter(pk=page.pk).exists()
    if is_visible and not hosted.exists():
        for record in hosted_by(page):
            index_record(record)
    elif not is_visible:
        forget_entries(hosted)


def index_below(page: BasePage) -> None:
    """Looks anew at a page and all pages below it, when who may read them has changed."""
    below = BasePage.objects.filter(path__startswith=page.path)
    visible = below.visible()
    forget_entries(Entry.objects.filter(page__in=below).exclude(page__in=visible))
    for descendant in visible.order_by("path").specific().iterator(chunk_size=BATCH):
        index_record(descendant)
        index_hosted(descendant)


Places = set[tuple[type[models.Model], int]]


def shown_on(records: Iterable[models.Model]) -> Places:
    """(model, number) of what shows some words of any of these records, such as the caption of a picture."""
    places = set()
    references = ReferenceIndex.get_references_to_in_bulk(records)
    for type_id, number in references.values_list("base_content_type_id", "object_id"):
        model = ContentType.objects.get_for_id(type_id).model_class()
        if model is not None and is_findable(model):
            places.add((model, int(number)))
    return places


def with_versions(record: models.Model) -> Iterable[models.Model]:
    """A record, and those in whose place some readers get it."""
    return (
        CustomDocument.objects.with_versions([record.pk]) if isinstance(record, CustomDocument) else [record]
    )


def index_all(places: Places) -> None:
    for model, number in sorted(places, key=lambda place: (place[0]._meta.label, place[1])):
        if record := model._base_manager.filter(pk=number).first():
            index_record(record)


def index_documents(documents: models.QuerySet) -> None:
    """Looks anew at what offers any of these documents, when who may read them has changed."""
    index_all(shown_on(CustomDocument.objects.with_versions(documents.values("pk"))))


def index_collection(number: int) -> None:
    """Of all that is in a collection and below it, documents alone are hidden with it."""
    collection = Collection.objects.filter(pk=number).first()
    if collection is not None:
        index_documents(CustomDocument.objects.filter(collection__path__startswith=collection.path))


# Signals ---------------------------------------------------------------------------------------------------


def keep_saved(instance, **kwargs) -> None:
    """For the signal `record_saved`, which publishing and approving send, too."""
    if is_findable(instance):
        index_record(instance)
        if isinstance(instance, BasePage):
            index_hosted(instance)
    elif instance.pk:
        index_all(shown_on(with_versions(instance)) | getattr(instance, "was_shown_on", set()))


def keep_before_change(instance, **kwargs) -> None:
    """For `pre_save` of a document: it may leave the other versions of the one that pages offer."""
    if instance.pk:
        instance.was_shown_on = shown_on(with_versions(instance))


def keep_before_deletion(sender, instance, **kwargs) -> None:
    """For `pre_delete`, while the words can still be counted; of a page its base is deleted as well."""
    if isinstance(instance, BasePage):
        forget_entries(Entry.objects.filter(page=instance.pk))
    elif is_findable(instance):
        forget(instance._meta.label_lower, [instance.pk])
    elif isinstance(instance, TranslatedOwner):
        # Nobody can tell any more once it is gone.
        instance.was_shown_on = shown_on(with_versions(instance))


def keep_after_deletion(instance, **kwargs) -> None:
    """For `post_delete`: what showed words of a record shows them no longer."""
    index_all(getattr(instance, "was_shown_on", set()))


def keep_moved(instance, **kwargs) -> None:
    """For `post_page_move`: the page may have come under a private one, or from under it."""
    index_below(instance)


def keep_restricted(instance, origin=None, **kwargs) -> None:
    """For a private page's restriction that was saved or deleted."""
    if is_deleted_with_its_page(origin):
        # Half of the page is gone by now, and its entries were forgotten before.
        return
    page = BasePage.objects.filter(pk=instance.page_id).first()
    if page is not None:
        index_below(page)


def is_deleted_with_its_page(origin) -> bool:
    """Whether what began a deletion (Django's `origin`: a record or a queryset) is a page."""
    model = getattr(origin, "model", type(origin))
    return issubclass(model, BasePage)


def keep_collection_restricted(instance, **kwargs) -> None:
    """For a private collection's restriction that was saved or deleted."""
    index_collection(instance.collection_id)


def keep_collection_moved(instance, **kwargs) -> None:
    """For `post_save` of a collection: its form then moves it, in the same transaction and with no signal."""
    transaction.on_commit(lambda: index_collection(instance.pk))
