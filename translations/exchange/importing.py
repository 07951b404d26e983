"""Taking files back from outside translators: first what would happen, then all of it or nothing.

What is written becomes a draft in the name of whoever imports; nothing is published by it.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modelcluster.fields import ParentalKey

from translations import workflow
from translations.blanks import is_blank_text
from translations.index import title_of
from translations.languages import Language
from translations.models import TranslatedRecord, translated_fields
from translations.models.records import lock
from translations.registry import get_record, owner_model
from translations.rights import can_translate, require
from translations.segments import Segment, SegmentError, markup_of, plain_text, record_key, segments

from . import xliff, xlsx
from .units import ExchangeError, ParsedFile, ParsedUnit, Part, check_size, parts_of, read_parts, text_of

# Characters that turn the direction of what follows, whatever its script (UAX #9): never needed in a text.
TURNING = re.compile("[\u202a-\u202e]")
ISOLATES = "\u2066\u2067\u2068"
DIGEST = re.compile("[0-9a-f]{16}")
# Stands for the digest of a source that nobody knows.
NONE = "-"
ELEMENT = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>|&(?:[a-z]{2,8}|#\d{1,7});")


class Kind(models.TextChoices):
    """What an import does with a unit."""

    ADDED = "added", gettext_lazy("New translations")
    CHANGED = "changed", gettext_lazy("Changed translations")
    STALE = "stale", gettext_lazy("Translations of an older source")
    REFUSED = "refused", gettext_lazy("Refused")
    UNCHANGED = "unchanged", gettext_lazy("Unchanged")


@dataclass(frozen=True)
class Item:
    """One unit of the file beside what the site has. `old` and `new` are texts as the editor shows them."""

    kind: Kind
    id: str
    record: str = ""
    title: str = ""
    label: str = ""
    source: str = ""
    # The source that the file translates, where it is another.
    file_source: str = ""
    old: str = ""
    new: str = ""
    reason: str = ""
    digest: str = ""
    # The digest of the source that the new text translates.
    translates: str = ""


@dataclass(frozen=True)
class Plan:
    """What an import would do."""

    language: Language
    items: tuple[Item, ...]

    def of(self, *kinds: Kind) -> list[Item]:
        return [item for item in self.items if item.kind in kinds]

    @property
    def groups(self) -> list[tuple[Kind, list[Item]]]:
        """The kinds that occur, with their items."""
        return [(kind, found) for kind in Kind if (found := self.of(kind))]

    @property
    def writes(self) -> list[Item]:
        """What is written without being asked for."""
        return self.of(Kind.ADDED, Kind.CHANGED)

    @cached_property
    def fingerprint(self) -> str:
        """The same only if the file would do the same to the same texts."""
        digest = hashlib.sha256(self.language.code.encode())
        for item in self.items:
            digest.update(repr((item.kind.value, item.id, item.old, item.new, item.digest)).encode())
        return digest.hexdigest()


@dataclass(frozen=True)
class Done:
    """What an import did: how many texts it wrote, in how many records."""

    texts: int
    records: int


class PlanChangedError(Exception):
    """Something changed since the plan was shown; nothing was written."""


def read_file(data: bytes) -> ParsedFile:
    """A file of any format that the site reads, told by its content. Raises `ExchangeError`."""
    check_size(data)
    if data[:4] == b"PK\x03\x04":
        return xlsx.read(data)
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise ExchangeError(_("This is an old Excel file or one with a password: save it as plain .xlsx."))
    return xliff.read(data)


def plan(parsed: ParsedFile, user) -> Plan:
    """What an import would do for this user. Writes nothing; raises `PermissionDenied`."""
    require(can_translate(user, parsed.language), parsed.language)
    return Planner(parsed.language).plan(parsed.units)


class Planner:
    """Compares units with the site, reading each record once."""

    def __init__(self, language: Language):
        self.language = language
        self.owners: dict[str, tuple[str, dict[str, Segment]] | str] = {}

    def plan(self, units: Iterable[ParsedUnit]) -> Plan:
        units = list(units)
        counts = Counter(unit.id for unit in units)
        return Plan(self.language, tuple(self.item(unit, counts[unit.id] > 1) for unit in units))

    def item(self, unit: ParsedUnit, is_double: bool) -> Item:
        def refused(reason: str, **known) -> Item:
            return Item(Kind.REFUSED, unit.id[:300], reason=reason, **known)

        if is_double:
            return refused(_("The file holds this identifier more than once."))
        if len(parts := unit.id.split("/")) != 4:
            return refused(_("Its identifier isn’t one of this site’s."))
        owner = self.owner(unit, parts[0])
        if isinstance(owner, str):
            return refused(owner)
        title, known = owner
        segment = known.get(unit.id)
        if segment is None:
            return refused(foreign(parts, known), record=unit.record, title=title)
        return self.compared(unit, segment, title)

    def owner(self, unit: ParsedUnit, key: str) -> tuple[str, dict[str, Segment]] | str:
        """The title and the segments of the record that a unit belongs to, or why there are none."""
        owner_key = key if is_owner(key) else unit.record
        if owner_key not in self.owners:
            self.owners[owner_key] = self.find(owner_key, key)
        return self.owners[owner_key]

    def find(self, owner_key: str, key: str) -> tuple[str, dict[str, Segment]] | str:
        if not is_owner(owner_key):
            return unknown_kind(key)
        label, _colon, pk = owner_key.partition(":")
        try:
            record = get_record(label, pk)
        except Http404:
            return _("The site has no record “%(key)s” (any more).") % {"key": owner_key[:80]}
        if record_key(record) != owner_key:
            return _("The record “%(key)s” only repeats another.") % {"key": owner_key[:80]}
        working = record.working_copy()
        return title_of(working), {segment.id: segment for segment in segments(working, self.language)}

    def compared(self, unit: ParsedUnit, segment: Segment, title: str) -> Item:
        old = segment.target
        known = {
            "record": unit.record if segment.is_child else segment.record,
            "title": title,
            "label": segment.label,
            "source": segment.source,
            "old": old,
            "digest": segment.digest,
        }

        def item(kind: Kind, reason: str = "", **more) -> Item:
            return Item(kind, unit.id, reason=reason, **known, **more)

        if unit.error:
            return item(Kind.REFUSED, unit.error)
        target = () if unit.target is None else read_parts(unit.target, segment.is_rich)
        if is_blank_text("".join(part for part in target if isinstance(part, str))):
            keeps = _("The file has no translation of this; the site keeps its own.")
            return item(Kind.UNCHANGED, keeps if segment.is_translated else "")
        if target == parts_of(old, segment.is_rich):
            return item(Kind.UNCHANGED)
        if problem := objection(target, unit.target, segment):
            return item(Kind.REFUSED, problem, new=shown(target))
        new = text_of(target, segment.is_rich)
        try:
            markup_of(segment, new)
        except SegmentError as error:
            return item(Kind.REFUSED, str(error), new=new)
        source = None if unit.source is None else read_parts(unit.source, segment.is_rich)
        is_other_source = source is not None and source != parts_of(segment.source, segment.is_rich)
        if unit.digest and unit.digest != segment.digest:
            reason = _("The source has changed since the file was made.")
        elif is_other_source:
            reason = _("The source in the file isn’t the one on the site.")
        elif source is None and not unit.digest:
            reason = _("The file doesn’t say which source this translates.")
        else:
            kind = Kind.CHANGED if segment.is_translated else Kind.ADDED
            return item(kind, new=new, translates=segment.digest)
        # Never the digest of today: the translation stays marked as one of an older source.
        translates = (
            unit.digest if unit.digest != segment.digest and DIGEST.fullmatch(unit.digest or "") else NONE
        )
        return item(
            Kind.STALE,
            reason,
            new=new,
            file_source=shown(source) if is_other_source else "",
            translates=translates,
        )


def is_owner(key: str) -> bool:
    try:
        owner_model(key.partition(":")[0])
    except LookupError:
        return False
    return ":" in key


def unknown_kind(key: str) -> str:
    """Why a unit's record can't have translations of its own."""
    label = key.partition(":")[0]
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return _("The site has no records of the kind “%(label)s”.") % {"label": label[:60]}
    if issubclass(model, TranslatedRecord) and not model._meta.abstract and parent_field(model):
        return _("The file doesn’t say to which page this belongs.")
    return _("Records of the kind “%(label)s” aren’t translated.") % {"label": label[:60]}


def parent_field(model: type[models.Model]) -> models.Field | None:
    return next((field for field in model._meta.fields if isinstance(field, ParentalKey)), None)


def foreign(parts: list[str], known: Collection[str]) -> str:
    """Why a record that exists has no segment of this name."""
    key, field, _block, _part = parts
    label = key.partition(":")[0]
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return _("The site has no records of the kind “%(label)s”.") % {"label": label[:60]}
    if not issubclass(model, TranslatedRecord):
        return _("Records of the kind “%(label)s” aren’t translated.") % {"label": label[:60]}
    try:
        model._meta.get_field(field)
    except FieldDoesNotExist:
        return _("There is no field “%(field)s” in it.") % {"field": field[:60]}
    if field not in translated_fields(model):
        return _("The field “%(field)s” isn’t translated.") % {"field": field[:60]}
    if not any(name.startswith(f"{key}/") for name in known):
        return _("It belongs to another record than the file says.")
    return _("This text is no longer in the source.")


def objection(parts: tuple[Part, ...], raw, segment: Segment) -> str:
    """Why a text can't be taken, in one sentence; "" if nothing speaks against it."""
    plain = "".join(part for part in parts if isinstance(part, str))
    original = "".join(raw if isinstance(raw, str) else (part for part in raw if isinstance(part, str)))
    source = plain_text(segment.source) if segment.is_rich else segment.source
    if not segment.is_rich and any(not isinstance(part, str) for part in parts):
        return _("It has marks, and this field takes plain text alone.")
    if any(is_control(character) for character in original):
        return _("It holds a control character.")
    if TURNING.search(plain):
        return _("It holds a character that turns the direction of writing (U+202A to U+202E).")
    if sum(plain.count(mark) for mark in ISOLATES) != plain.count("\u2069"):
        return _("It opens an isolated direction of writing (U+2066 to U+2068) that it doesn’t close.")
    if not segment.is_rich and "\n" in plain and "\n" not in source:
        return _("It has a line break, and its source has none.")
    for found in ELEMENT.findall(plain):
        if found not in source:
            return _("It holds “%(markup)s”; only the numbered marks of the source may stand in it.") % {
                "markup": found[:40]
            }
    limit = segment.max_length
    if limit and len(plain) > limit:
        return _("It has %(count)s characters; at most %(limit)s fit here.") % {
            "count": len(plain),
            "limit": limit,
        }
    return ""


def is_control(character: str) -> bool:
    """Whether a character is no part of a text: controls, surrogates, what Unicode will never use."""
    if character in "\t\n\r":
        return False
    category = unicodedata.category(character)
    return category in {"Cc", "Cs"} or (category == "Cn" and ord(character) & 0xFFFE == 0xFFFE)


def shown(parts: tuple[Part, ...] | None) -> str:
    """Parts of any field as a text to look at."""
    return text_of(parts or (), is_rich=True)


def carry_out(
    shown_plan: Plan, parsed: ParsedFile, user, *, stale: Collection[str] = (), fingerprint: str | None = None
) -> Done:
    """Writes what a plan says, in one transaction; of the stale units those whose ids are in `stale`.

    Raises `PlanChangedError`, and writes nothing, if the file would now do anything else than was shown: then
    `fingerprint`, if given, or that of `shown_plan` isn't that of a plan made anew.
    """
    require(can_translate(user, parsed.language), parsed.language)
    wanted = {item.record for item in shown_plan.items if item.kind != Kind.REFUSED}
    with transaction.atomic():
        # In one order, so that two imports at once wait for each other instead of for ever.
        for key in sorted(wanted):
            label, _colon, pk = key.partition(":")
            try:
                lock(get_record(label, pk))
            except (Http404, models.ObjectDoesNotExist) as error:
                raise PlanChangedError from error
        now = plan(parsed, user)
        if now.fingerprint != (fingerprint or shown_plan.fingerprint):
            raise PlanChangedError
        chosen = [*now.writes, *(item for item in now.of(Kind.STALE) if item.id in stale)]
        texts = 0
        by_record: dict[str, list[Item]] = {}
        for item in chosen:
            by_record.setdefault(item.record, []).append(item)
        for key in sorted(by_record):
            texts += write_record(key, by_record[key], parsed.language, user)
        return Done(texts, len(by_record))


def write_record(key: str, items: list[Item], language: Language, user) -> int:
    label, _colon, pk = key.partition(":")
    try:
        saved = workflow.save_translation(
            get_record(label, pk),
            language,
            {item.id: item.new for item in items},
            user=user,
            base={item.id: item.old for item in items},
            digests={item.id: item.translates for item in items},
        )
    except (workflow.EditConflict, workflow.SegmentErrors) as error:
        raise PlanChangedError from error
    return len(saved.changed)
