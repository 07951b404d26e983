"""What every record with translated fields has in common."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction
from django.template.response import TemplateResponse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from modelcluster.models import get_all_child_relations
from modeltranslation.translator import translator
from wagtail.fields import RichTextField, StreamField
from wagtail.log_actions import log

from caching import tags
from translations.blanks import is_blank, is_blank_markup
from translations.fields import TranslationStatusField
from translations.freshness import Face, noticed, parent_column
from translations.index import index_record
from translations.languages import (
    Language,
    all_languages,
    column,
    current_language,
    source_language,
    target_languages,
)
from translations.rights import can_review
from translations.segments import align, children_in_memory, leaves, translated_children
from translations.signals import record_saved, translation_published
from translations.states import Origin, State, is_public_entry


@dataclass(frozen=True)
class LocalizedValue:
    """A translated field as one reader gets it: in their language, or in the source where that is empty."""

    value: Any
    language: Language
    is_fallback: bool

    @property
    def attributes(self) -> str:
        """The `lang` and `dir` that an element needs around a fallback (WCAG 2.2, 3.1.2); else nothing."""
        return self.language_attributes if self.is_fallback else ""

    @property
    def language_attributes(self) -> str:
        """The `lang` and `dir` of the value, for a place whose own language may be another."""
        return format_html(' lang="{}" dir="{}"', self.language.tag, self.language.direction)

    def __str__(self) -> str:
        return "" if self.value is None else str(self.value)

    def __bool__(self) -> bool:
        return not is_blank(self.value)


def translated_fields(model: type[models.Model]) -> list[str]:
    """The names of the model's translated fields, inherited ones too, in the order of their definition."""
    registered = translator.get_options_for_model(model).all_fields
    return [field.name for field in model._meta.get_fields() if field.name in registered]


@cache
def column_of(model: type[models.Model], name: str, language: Language) -> str | None:
    """The column of a field in a language; None where the field isn't translated."""
    try:
        return model._meta.get_field(column(name, language)).name
    except FieldDoesNotExist:
        return None


class TranslatedRecord(models.Model):
    """A record with a column for each language in its translated fields.

    modeltranslation fills the column without a language from whichever language is *active*, so a save by
    somebody with a French admin would turn it French. Here the active language never matters to what is
    stored: the plain column always mirrors the source language.
    """

    # Titles and summaries for machines; a page that shows all else translated needs no notice.
    unseen_fields = ("seo_title", "search_description")
    # The translated fields that a list shows of a record; None if it shows them all.
    listed_fields: tuple[str, ...] | None = None

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.clear_blank_translations()
        with translation.override(source_language().code), noticed(self):
            return super().save(*args, **kwargs)

    @classmethod
    def from_db(cls, db, field_names, values, *, fetch_mode=None):
        record = super().from_db(db, field_names, values, fetch_mode=fetch_mode)
        if tags.is_collecting():
            tags.shows(*record.shown_tags(is_partial=len(field_names) < len(cls._meta.concrete_fields)))
        return record

    def shown_tags(self, is_partial: bool = False) -> set[str]:
        """What an answer depends on that shows this record, or some columns of it; see `caching.tags`."""
        if (parent := parent_column(type(self))) is not None:
            return {f"page:{self.__dict__.get(parent)}"}
        return {f"{self._meta.label_lower}:{self.pk}"}

    def tags_of_change(self, before: Face | None, after: Face | None, changed: set[str]) -> set[str]:
        """What a change touches: all that shows this record, and each list in which it may stand."""
        found = {f"list:{self._meta.label_lower}"}
        if (parent := parent_column(type(self))) is not None:
            return found | {f"page:{face[parent]}" for face in (before, after) if face} | {"pages"}
        return found | {f"{self._meta.label_lower}:{self.pk}"}

    @property
    def translation_owner(self) -> "TranslatedOwner | None":
        """The record whose state says which of these words are public; None where there is none."""
        return None

    def clear_blank_translations(self) -> None:
        """Stores what a reader would see as empty as nothing, so that it falls back to the source."""
        for name in translated_fields(type(self)):
            field = self._meta.get_field(name)
            for language in all_languages():
                attribute = column(name, language)
                value = self.__dict__.get(attribute)
                if value is None:  # nothing there, or deferred
                    continue
                if isinstance(field, StreamField) and not len(value):  # falls back as it is
                    continue
                if self._is_blank(name, value):
                    setattr(self, attribute, None)

    def localize(self, name: str, language: Language | None = None) -> LocalizedValue:
        """The value of a field in a language (the active one by default), or in the source if empty.

        Fields that aren't translated come back as they are. So does a stream of the source without a word of
        its own, such as one of documents: it is every language's own.
        """
        language = language or current_language()
        source = source_language()
        attribute = column_of(type(self), name, language)
        if attribute is None:
            return LocalizedValue(getattr(self, name), language, is_fallback=False)
        own = getattr(self, attribute)
        owner = self.translation_owner
        if not language.is_source and owner is not None and not owner.shows_translation(language):
            own = None
        if not self._is_blank(name, own) or language.is_source:
            return LocalizedValue(own, language, is_fallback=False)
        value = getattr(self, column(name, source))
        if not self._has_words(name, value):
            return LocalizedValue(value, language, is_fallback=False)
        return LocalizedValue(value, source, is_fallback=True)

    def _is_blank(self, name: str, value) -> bool:
        if isinstance(self._meta.get_field(name), RichTextField):
            return is_blank_markup(value)
        return is_blank(value)

    def _has_words(self, name: str, value) -> bool:
        """Whether there is something to translate in a value of a field."""
        field = self._meta.get_field(name)
        if isinstance(field, StreamField):
            return next(leaves(field, value, ""), None) is not None
        return not self._is_blank(name, value)

    def fallback_fields(self, language: Language | None = None) -> Iterator[str]:
        """The names of the fields that a reader of the language sees in the source language."""
        for name in translated_fields(type(self)):
            if name not in self.unseen_fields and self.localize(name, language).is_fallback:
                yield name

    def falls_back(self, language: Language | None = None) -> bool:
        """Whether a reader of the language sees any of this record in the source language."""
        return next(self.fallback_fields(language), None) is not None

    def has_own_text(self, language: Language | None = None) -> bool:
        """Whether any of this record that a reader of the language sees was written in it."""
        values = ((name, self.localize(name, language)) for name in translated_fields(type(self)))
        return any(not value.is_fallback and self._has_words(name, value.value) for name, value in values)

    def falls_back_in_lists(self, language: Language | None = None) -> bool:
        """Whether a reader of a list sees any of what it shows of this record in the source language."""
        if self.listed_fields is None:
            return self.falls_back(language)
        return any(self.localize(name, language).is_fallback for name in self.listed_fields)


class TranslatedOwner(TranslatedRecord):
    """A translated record whose translations are followed: each is missing, a draft, in review or approved.

    The columns of a language hold what visitors read: words that a reviewer approved, or a machine's words
    that nobody has touched yet, which are shown only where `SHOW_UNREVIEWED_TRANSLATIONS` says so. What
    people are at work on is kept elsewhere, and `working_copy()` shows it.
    """

    # {language code: {"state": a stored `State`, "origin": an `Origin`,
    #   "sources": {name of a segment: digest of the source that its translation translates},
    #   "at": when, in ISO 8601, "by": number of the user or None, "note": why it was given back,
    #   "outdated_since": when the published source changed, in ISO 8601,
    #   "withdrawn": when an approval was last taken back, in ISO 8601,
    #   "kept": {name of a segment that the source has no longer: [text, codes, label, whether it is rich]}}}
    translation_status = TranslationStatusField(_("state of the translations"))

    # The languages that a save may change; None for all. A form of the source changes the source alone, and
    # what others have written in other languages since it was opened stays.
    writes_languages: frozenset[str] | None = None
    # Whether this object holds drafts, from a revision or from `translation_drafts`, beside what is public.
    is_working_copy = False
    shows_drafts = False

    class Meta:
        abstract = True

    @property
    def translation_owner(self):
        return self

    def facts_for_translators(self) -> list[tuple[str, Any]]:
        """(label, value) of what all languages share and a translator should see: dates, pictures, …"""
        return []

    def translation_entry(self, language: Language) -> dict:
        """What is known of the translation into a language; empty where there is none."""
        return self.translation_status.get(language.code) or {}

    def is_public_in(self, language: Language | None = None) -> bool:
        """Whether visitors may read this record in a language."""
        language = language or current_language()
        return language.is_source or is_public_entry(self.translation_entry(language))

    def shows_translation(self, language: Language) -> bool:
        return self.shows_drafts or self.is_public_in(language)

    def is_machine_translated(self, language: Language | None = None) -> bool:
        """Whether a reader of the language gets words that a machine wrote and nobody has reviewed."""
        language = language or current_language()
        entry = self.translation_entry(language)
        return (
            not language.is_source
            and entry.get("origin") == Origin.MACHINE
            and entry.get("state") != State.APPROVED
            and self.has_own_text(language)
        )

    def outdated_since(self, language: Language | None = None) -> datetime | None:
        """When the published source went ahead of a language's public translation; None if it did not."""
        entry = self.translation_entry(language or current_language())
        since = entry.get("outdated_since") if entry.get("state") == State.APPROVED else None
        return datetime.fromisoformat(since) if since else None

    def working_copy(self):
        """This record with all drafts in it, freshly read."""
        raise NotImplementedError

    def store_working_copy(self, user=None, log_action=True) -> None:
        """Keeps this working copy, and makes public what is approved in it."""
        raise NotImplementedError

    def copy_language(self, other, language: Language, keep_children: bool = False) -> None:
        """Takes the words of a language, and what is known of them, from another object of this record.

        `None` for `other` takes them away. Children that the other object doesn't have lose theirs, unless
        they are to keep them.
        """
        for mine, theirs in [(self, other), *paired_children(self, other)]:
            if theirs is None and keep_children and mine is not self:
                continue
            for attribute in columns_of(type(mine), language):
                setattr(mine, attribute, getattr(theirs, attribute) if theirs is not None else None)
        entry = other.translation_status.get(language.code) if other is not None else None
        status = {code: value for code, value in self.translation_status.items() if code != language.code}
        if entry:
            status[language.code] = deepcopy(entry)
        self.translation_status = status

    def keep_other_languages(self) -> None:
        """Takes over what the database has of the languages that this save may not change.

        Locks the record.
        """
        if self.writes_languages is None or not self.pk:
            return
        latest = lock(self).working_copy()
        for language in target_languages():
            if language.code not in self.writes_languages:
                # A child that was deleted and comes back with an old revision brings its public words along.
                was_public = is_public_entry(self.translation_entry(language))
                self.copy_language(latest, language, keep_children=was_public)

    def public_words(self, row, language: Language, newest=None, latest=None):
        """The object whose words of a language may stand in the table: this one, the row, or None for none.

        Of several approved translations, the one that is right for this object's source, and then the one
        that was approved last. `latest` is the latest working copy, where that is another one; `newest` the
        same, if it has this object's source. What was approved before a reviewer took the approval back is
        approved no longer.
        """
        known = [item for item in (self, row, latest) if item is not None]
        withdrawn = max(item.translation_entry(language).get("withdrawn") or "" for item in known)

        def is_approved(candidate) -> bool:
            entry = candidate.translation_entry(language)
            return entry.get("state") == State.APPROVED and (entry.get("at") or "") >= withdrawn

        approved = [item for item in (self, row, newest) if item is not None and is_approved(item)]
        if len(approved) > 1:
            source = {segment.digest for segment in align(self, language).segments}

            def merit(candidate):
                entry = candidate.translation_entry(language)
                return source <= set(entry.get("sources", {}).values()), entry.get("at") or ""

            return max(approved, key=merit)
        if approved:
            return approved[0]
        drafts = (
            item for item in (self, row) if item.translation_entry(language).get("state") != State.APPROVED
        )
        machines = (
            item for item in drafts if item.translation_entry(language).get("origin") == Origin.MACHINE
        )
        return next(machines, None)

    def note_outdated(self) -> None:
        """Notes for each approved translation whether the source that becomes public has gone ahead."""
        status = deepcopy(self.translation_status)
        for language in target_languages():
            entry = status.get(language.code)
            if not entry or entry.get("state") != State.APPROVED:
                continue
            alignment = align(self, language)
            if alignment.orphans or not all(segment.is_current for segment in alignment.segments):
                entry.setdefault("outdated_since", timezone.now().isoformat())
            else:
                entry.pop("outdated_since", None)
        self.translation_status = status


def public_in(language: Language) -> models.Q:
    """The condition that a record may be read in a language, for queries."""
    if language.is_source:
        return models.Q()
    entry = f"translation_status__{language.code}"
    condition = models.Q(**{f"{entry}__state": State.APPROVED.value})
    if settings.SHOW_UNREVIEWED_TRANSLATIONS:
        condition |= models.Q(**{f"{entry}__origin": Origin.MACHINE.value})
    return condition


def columns_of(model: type[models.Model], language: Language) -> list[str]:
    """The columns that hold a language."""
    return [column(name, language) for name in translated_fields(model)]


def own_children(record: models.Model) -> list[models.Model]:
    """The translated children of a record, in their order, those that aren't stored yet among them."""
    return [child for child, _none in paired_children(record, None)]


def paired_children(record: models.Model, other: models.Model | None) -> Iterator[tuple]:
    """The translated children of a record, each with the same child of another object of it, or with None."""
    known = (
        {(type(child), child.pk): child for child in translated_children(other)} if other is not None else {}
    )
    for relation in get_all_child_relations(type(record)):
        if issubclass(relation.related_model, TranslatedRecord):
            for child in children_in_memory(record, relation):
                yield child, known.get((type(child), child.pk))


def lock(record: TranslatedOwner) -> TranslatedOwner:
    """The row of a record, which nobody else may change until this transaction ends."""
    return type(record)._base_manager.select_for_update().get(pk=record.pk)


class TranslatedRevisions(TranslatedOwner):
    """A translated record with drafts: its latest revision is the working copy of all languages.

    Belongs before Wagtail's own mixins. Children of a page take `TranslatedRecord` alone: Wagtail's
    revisions collect them through their parent.
    """

    class Meta:
        abstract = True

    def save(self, *args, update_fields=None, **kwargs):
        if update_fields is not None:
            kwargs["update_fields"] = update_fields
            with transaction.atomic():
                result = super().save(*args, **kwargs)
                record_saved.send(sender=type(self), instance=self)
            return result
        with transaction.atomic():
            if self.pk and self.is_working_copy:
                with self._public_words_only():
                    result = super().save(*args, **kwargs)
            else:
                self._catch_up()
                result = super().save(*args, **kwargs)
            index_record(self)
            record_saved.send(sender=type(self), instance=self)
        return result

    def full_clean(self, *args, **kwargs):
        # Makes a slug and a draft title out of the title: the source's, whoever is at work.
        with translation.override(source_language().code):
            return super().full_clean(*args, **kwargs)

    def serializable_data(self):
        with translation.override(source_language().code):
            return super().serializable_data()

    def with_content_json(self, content):
        with translation.override(source_language().code):
            copy = super().with_content_json(content)
        copy.is_working_copy = True
        return copy

    def modified_in(self, language: Language) -> datetime:
        """When what visitors read of this record in a language changed last."""
        # Pages alone know when their latest revision was made.
        drafted = getattr(self, "latest_revision_created_at", None)
        published = self.last_published_at or drafted or self.first_published_at
        published = published or datetime.fromtimestamp(0, UTC)
        at = self.translation_entry(language).get("at")
        if language.is_source or not at:
            return published
        approved = datetime.fromisoformat(at)
        # A newer source leaves an approved translation as it is; one of the same source came out with it.
        return approved if self.outdated_since(language) else max(approved, published)

    def working_copy(self):
        with translation.override(source_language().code):
            record = type(self)._base_manager.get(pk=self.pk)
            return record.get_latest_revision_as_object()

    def store_working_copy(self, user=None, log_action=True) -> None:
        self.save_revision(user=user, log_action=log_action, clean=False)

    def save_revision(self, user=None, *args, overwrite_revision=None, previous_revision=None, **kwargs):
        self.clear_blank_translations()
        with transaction.atomic(), translation.override(source_language().code):
            if self.pk:
                lock(self)
            if previous_revision is not None and user is not None and self.writes_languages is None:
                self.writes_languages = frozenset()
            self.keep_other_languages()
            if previous_revision is not None and self.writes_languages is not None:
                self.restore_languages(previous_revision.as_object(), user)
            if overwrite_revision and only_translations_since(self, overwrite_revision):
                # A translator has saved since: what the editor saves now becomes a revision after theirs.
                overwrite_revision = None
            revision = super().save_revision(
                user,
                *args,
                overwrite_revision=overwrite_revision,
                previous_revision=previous_revision,
                **kwargs,
            )
            index_record(self, working=self)
        return revision

    def restore_languages(self, old, user) -> None:
        """Takes the translations of a restored revision over, in the languages that are this user's to
        change.

        The others stay as they are, and are out of date if they don't fit the restored source.
        """
        for language in target_languages():
            if user is not None and can_review(user, language):
                latest = self.translation_entry(language)
                self.copy_language(old, language)
                restored = self.translation_entry(language)
                if restored and restored != latest:
                    # Approved now, by them: what was approved or taken back meanwhile no longer counts.
                    stamp = {"at": timezone.now().isoformat(), "by": user.pk}
                    self.translation_status = self.translation_status | {language.code: restored | stamp}

    def _locked_row(self):
        """The row as it is now, locked; None where there is none yet."""
        return type(self)._base_manager.select_for_update().filter(pk=self.pk).first() if self.pk else None

    def _follow_revisions_of(self, row) -> bool:
        """Whether somebody has saved a draft since this object was read; it then points at that draft."""
        if (row.latest_revision_id or 0) <= (self.latest_revision_id or 0):
            return False
        self.latest_revision_id = row.latest_revision_id
        self.has_unpublished_changes = True
        for name in ("latest_revision_created_at", "draft_title"):
            if hasattr(row, name):
                setattr(self, name, getattr(row, name))
        return True

    def _catch_up(self) -> None:
        """Keeps what was approved since this row was read, as when a page is unpublished meanwhile."""
        row = self._locked_row()
        if row is not None and self._follow_revisions_of(row):
            for language in target_languages():
                self.copy_language(row, language)

    @contextmanager
    def _public_words_only(self):
        """While a draft is written into the table, holds back what isn't approved in it."""
        row = self._locked_row()
        if row is None:
            yield
            return
        self._follow_revisions_of(row)
        working = self._language_values()
        if getattr(self, "alias_of_id", None):
            self._follow_original()
            try:
                yield
            finally:
                self._put_language_values(working)
            return
        held_back = False
        # What was approved after this revision was made, of the same source, belongs to it.
        latest = row.get_latest_revision_as_object() if row.has_unpublished_changes else None
        newest = latest
        if latest is not None and source_digests(latest) != source_digests(self):
            newest = None
        for language in target_languages():
            words = self.public_words(row, language, newest, latest)
            if words is self:
                continue
            held_back = held_back or bool(self.translation_entry(language))
            self.copy_language(words, language)
        self.note_outdated()
        if held_back:
            self.has_unpublished_changes = True
        try:
            yield
        finally:
            self._put_language_values(working)

    def _follow_original(self) -> None:
        """Takes over what visitors read of the page that this one mirrors; never a draft of it."""
        original = type(self)._base_manager.get(pk=self.alias_of_id)
        self.translation_status = deepcopy(original.translation_status)
        pairs = zip(own_children(self), own_children(original), strict=False)
        for mine, theirs in [(self, original), *pairs]:
            for language in target_languages():
                for attribute in columns_of(type(mine), language):
                    setattr(mine, attribute, getattr(theirs, attribute))

    def _language_values(self):
        records = [self, *own_children(self)]
        return (
            deepcopy(self.translation_status),
            [
                (record, attribute, getattr(record, attribute))
                for record in records
                for language in target_languages()
                for attribute in columns_of(type(record), language)
            ],
        )

    def _put_language_values(self, values) -> None:
        self.translation_status, attributes = values
        for record, attribute, value in attributes:
            setattr(record, attribute, value)

    def differs_from(self, row) -> bool:
        """Whether publishing this working copy would change what the row holds."""
        return comparable(self.serializable_data()) != comparable(row.serializable_data())

    def publish_language(self, language: Language) -> bool:
        """Makes an approved translation public, if its source is the one that visitors read; whether it did.

        Where the source has unpublished changes, the translation waits and becomes public with them.
        """
        row = lock(self)
        if not row.live or getattr(row, "alias_of_id", None):
            return False
        if source_digests(row) != source_digests(self):
            return False
        row.copy_language(self, language)
        row.note_outdated()
        row.has_unpublished_changes = self.differs_from(row)
        with translation.override(source_language().code):
            for child in translated_children(row):
                child.save()
            row.save(**({"clean": False} if hasattr(row, "draft_title") else {}))
            if hasattr(row, "update_aliases"):
                row.update_aliases()
        translation_published.send(sender=type(row), instance=row, language=language)
        return True

    def unpublish_language(self, language: Language) -> None:
        """Takes a translation from visitors; the working copy keeps it."""
        row = lock(self)
        row.copy_language(None, language)
        row.has_unpublished_changes = True
        with translation.override(source_language().code):
            for child in translated_children(row):
                child.save()
            row.save(**({"clean": False} if hasattr(row, "draft_title") else {}))
            if row.live and hasattr(row, "update_aliases"):
                row.update_aliases()
        translation_published.send(sender=type(row), instance=row, language=language)


def source_digests(record: TranslatedOwner) -> list[tuple[str, str]]:
    """The name and the digest of every segment of a record's source."""
    language = target_languages()[0]
    return [(segment.id, segment.digest) for segment in align(record, language).segments]


# What Wagtail keeps about a record, as opposed to what stands in it.
BOOKKEEPING = {
    "live",
    "has_unpublished_changes",
    "latest_revision",
    "live_revision",
    "latest_revision_created_at",
    "first_published_at",
    "last_published_at",
    "draft_title",
    "url_path",
    "path",
    "depth",
    "numchild",
    "locked",
    "locked_at",
    "locked_by",
    "owner",
    "expired",
    "wagtail_admin_comments",
}


def unordered(value: str):
    """A stream as data, since PostgreSQL puts its keys in an order of its own; any other text as it is."""
    try:
        return json.loads(value)
    except ValueError:
        return value


def comparable(data: dict, languages: bool = True) -> dict:
    """The content of a revision without Wagtail's bookkeeping; without the translations too if asked."""
    endings = () if languages else tuple(column("", language) for language in target_languages())
    left_out = BOOKKEEPING | (set() if languages else {"translation_status"})

    def strip(value):
        if isinstance(value, dict):
            return {
                key: strip(item)
                for key, item in value.items()
                if key not in left_out and not (endings and key.endswith(endings))
            }
        if isinstance(value, list):
            return [strip(item) for item in value]
        # An empty stream is stored as nothing or as an empty list.
        if value in ("[]", ""):
            return None
        return unordered(value) if isinstance(value, str) and value.startswith("[{") else value

    stripped = strip(data)
    if languages:
        for entry in (stripped.get("translation_status") or {}).values():
            entry.pop("outdated_since", None)
    return stripped


def only_translations_since(record: TranslatedRevisions, revision) -> bool:
    """Whether a revision is no longer the latest, but only translations have changed since."""
    latest = type(record)._base_manager.select_related("latest_revision").get(pk=record.pk).latest_revision
    if latest is None or latest.pk == revision.pk:
        return False
    return comparable(latest.content, languages=False) == comparable(revision.content, languages=False)


class TranslatedInPlace(TranslatedOwner):
    """A translated record without revisions; drafts of its translations wait beside it."""

    # {language code: {"status": as in `translation_status`, "columns": {column: text}}}
    translation_drafts = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args, update_fields=None, **kwargs):
        if update_fields is not None:
            kwargs["update_fields"] = update_fields
            with transaction.atomic():
                result = super().save(*args, **kwargs)
                record_saved.send(sender=type(self), instance=self)
            return result
        with transaction.atomic():
            self.keep_other_languages()
            if self.pk:
                self.note_outdated()
            result = super().save(*args, **kwargs)
            index_record(self)
            record_saved.send(sender=type(self), instance=self)
        return result

    def working_copy(self):
        with translation.override(source_language().code):
            copy = type(self)._base_manager.get(pk=self.pk)
        status = dict(copy.translation_status)
        for code, draft in copy.translation_drafts.items():
            status[code] = draft["status"]
            for attribute, value in draft["columns"].items():
                setattr(copy, attribute, value)
        copy.translation_status = status
        copy.is_working_copy = True
        return copy

    def store_working_copy(self, user=None, log_action=True) -> None:
        with transaction.atomic():
            row = lock(self)
            drafts = {}
            for language in target_languages():
                if self.public_words(row, language) is self:
                    row.copy_language(self, language)
                elif self.translation_entry(language):
                    drafts[language.code] = {
                        "status": self.translation_entry(language),
                        "columns": {
                            attribute: getattr(self, attribute)
                            for attribute in columns_of(type(self), language)
                        },
                    }
                elif not row.translation_entry(language):
                    row.copy_language(None, language)
            row.translation_drafts = drafts
            row.save()
            if log_action:
                log(
                    instance=row,
                    action=log_action if isinstance(log_action, str) else "wagtail.edit",
                    user=user,
                )
        self.translation_drafts = drafts

    def publish_language(self, language: Language) -> bool:
        """Storing an approved translation has made it public already."""
        translation_published.send(sender=type(self), instance=self, language=language)
        return True

    def unpublish_language(self, language: Language) -> None:
        """Takes a translation from visitors; the working copy keeps it."""
        row = lock(self)
        drafts = dict(row.translation_drafts)
        drafts[language.code] = {
            "status": self.translation_entry(language),
            "columns": {name: getattr(self, name) for name in columns_of(type(self), language)},
        }
        row.copy_language(None, language)
        row.translation_drafts = drafts
        row.save()
        translation_published.send(sender=type(row), instance=row, language=language)

    def keep_other_languages(self) -> None:
        if self.writes_languages is None or not self.pk:
            return
        row = lock(self)
        for language in target_languages():
            if language.code not in self.writes_languages:
                self.copy_language(row, language)
        self.translation_drafts = row.translation_drafts


class LanguagePreviews(models.Model):
    """A preview in each language, whatever the language of the admin. Belongs before `PreviewableMixin`."""

    class Meta:
        abstract = True

    @property
    def preview_modes(self):
        return [(language.code, language.name) for language in all_languages()]

    @property
    def default_preview_mode(self):
        return source_language().code

    def make_preview_request(self, original_request=None, preview_mode=None, extra_request_attrs=None):
        # The address of the imitated request names the language too.
        with translation.override(preview_mode or self.default_preview_mode):
            return super().make_preview_request(original_request, preview_mode, extra_request_attrs)

    def serve_preview(self, request, mode_name):
        # Rendered here and now: a lazy response would be rendered in the language of the admin.
        with translation.override(mode_name or self.default_preview_mode):
            # A preview is for drafts: also for translations that nobody has approved yet.
            self.shows_drafts = True
            response = super().serve_preview(request, mode_name)
            if isinstance(response, TemplateResponse):
                response.render()
            return response
