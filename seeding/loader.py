"""Writes the starting content into the database, and never over what staff have written since.

For every field it remembers a digest of what it loaded. A field whose value still has that digest was not
edited and follows a change of its file; any other belongs to staff, and so does a record that they deleted.
"""

import hashlib
import json
import re
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.core.files.images import ImageFile as DjangoImageFile
from django.db import models, transaction
from wagtail.models import Site

from milestones.dates import FuzzyDate
from milestones.models import Milestone
from pages.models import BasePage, HomePage
from translations.models import TranslatedRevisions

from .models import SeededRecord
from .sources import Content, ImageFile, Reference, Source

# Keys and ids that the editor makes anew are no edit.
GENERATED = re.compile(r' data-block-key="[^"]*"')


@dataclass
class Report:
    """What a load did, as keys of records."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    # Left alone, since staff have edited (some of) them, deleted them or put something else in their place.
    kept: list[str] = field(default_factory=list)


def digest(value) -> str:
    """A short fingerprint of a field's value, the same before and after the database and the editor."""
    return hashlib.sha256(json.dumps(plain(value), sort_keys=True).encode()).hexdigest()[:16]


def plain(value):
    """A value as JSON can hold it, without what is generated anew on each save."""
    match value:
        case str():
            return GENERATED.sub("", value)
        case None | bool() | int() | float():
            return value or ("" if value is None else value)
        case dict():
            return {key: plain(item) for key, item in value.items() if key != "id"}
        case list() | tuple():
            return [plain(item) for item in value]
        case models.Model():
            return value.pk
        case ImageFile():
            return hashlib.sha256(value.path.read_bytes()).hexdigest()
        case FuzzyDate():
            return f"{value} {value.qualifier}"
    return plain(list(value.raw_data)) if hasattr(value, "raw_data") else str(value)


class Loader:
    """Loads the content once; `load` is the only way in."""

    def __init__(self, reset: bool = False):
        self.reset = reset
        self.report = Report()
        self.seeded = {seeded.key: seeded for seeded in SeededRecord.objects.all()}
        self.records: dict[str, models.Model] = {}

    @transaction.atomic
    def load(self, content: Content) -> Report:
        """All or nothing: a mistake found on the way leaves the database as it was."""
        for source in [*content.images, *content.categories, *content.milestones]:
            self.load_record(source)
        for source in content.pages:
            self.load_page(source)
        return self.report

    # What stands behind a key ----------------------------------------------------------------------------

    def existing(self, source: Source) -> models.Model | None:
        """The record that was loaded for this key, if it is still there; pages with their latest draft."""
        seeded = self.seeded.get(source.key)
        return source.model.objects.filter(pk=seeded.object_id).first() if seeded else None

    def remember(self, source: Source, record: models.Model, digests: dict[str, str]) -> None:
        self.seeded[source.key], _created = SeededRecord.objects.update_or_create(
            key=source.key,
            defaults={
                "content_type": ContentType.objects.get_for_model(record),
                "object_id": record.pk,
                "digests": digests,
            },
        )

    def resolve(self, value):
        """A value with the records in the place of references to them."""
        match value:
            case Reference():
                return self.records.get(value.key)
            case list():
                return [self.resolve(item) for item in value]
            case dict():
                resolved = {key: self.resolve(item) for key, item in value.items()}
                return {
                    key: item.pk if isinstance(item, models.Model) else item for key, item in resolved.items()
                }
        return value

    def wanted(self, source: Source) -> dict[str, object]:
        values = {name: self.resolve(value) for name, value in source.values.items()}
        if issubclass(source.model, TranslatedRevisions):
            values["translation_status"] = source.status
        return values

    # Fields ----------------------------------------------------------------------------------------------

    def assign(self, record: models.Model, values: dict[str, object]) -> None:
        for name, value in values.items():
            if isinstance(value, ImageFile):
                with value.path.open("rb") as file:
                    record.file.save(value.path.name, DjangoImageFile(file, value.path.name), save=False)
                    record._set_image_file_metadata()
            elif isinstance(value, list):
                setattr(record, name, json.dumps(value))
            else:
                setattr(record, name, value)

    def current(self, source: Source, record: models.Model, name: str, digests: dict[str, str]) -> str:
        """The digest of what a field holds now. A picture's file counts as the one that was loaded."""
        if isinstance(source.values.get(name), ImageFile):
            return digests.get(name, "")
        return digest(getattr(record, name))

    def update(self, source: Source, record: models.Model) -> dict[str, str] | None:
        """Brings the fields that staff left alone up to date; the new digests, or None if nothing changed."""
        old = self.seeded[source.key].digests
        new, changes = dict(old), {}
        for name, value in self.wanted(source).items():
            target = digest(value)
            edited = self.current(source, record, name, old) != old.get(name, target)
            if edited and not self.reset:
                if source.key not in self.report.kept:
                    self.report.kept.append(source.key)
                continue
            if edited or old.get(name) != target:
                changes[name] = value
                new[name] = target
        self.assign(record, changes)
        return new if changes or new != old else None

    # Records ---------------------------------------------------------------------------------------------

    def load_record(self, source: Source) -> None:
        """A record outside the page tree."""
        record = self.existing(source)
        if record is None and source.key in self.seeded and not self.reset:
            self.report.kept.append(source.key)
            return
        if record is None:
            record = source.model()
            values = self.wanted(source)
            self.assign(record, values)
            self.save(record)
            self.remember(source, record, {name: digest(value) for name, value in values.items()})
            self.report.created.append(source.key)
        elif self.has_draft(record):
            self.report.kept.append(source.key)
        elif (digests := self.update(source, record)) is not None:
            self.save(record)
            self.remember(source, record, digests)
            self.report.updated.append(source.key)
        self.records[source.key] = record

    def has_draft(self, record: models.Model) -> bool:
        """Whether somebody is at work on it."""
        return getattr(record, "has_unpublished_changes", False) and not self.reset

    def save(self, record: models.Model) -> None:
        if isinstance(record, Milestone):
            record.live = True
            record.save()
            record.save_revision().publish()
        else:
            record.save()

    # Pages -----------------------------------------------------------------------------------------------

    def load_page(self, source: Source) -> None:
        page = self.existing(source)
        parent = self.records.get(source.parent) if source.parent else None
        if page is None and (
            (source.key in self.seeded and not self.reset)
            or (source.parent and parent is None)
            or self.is_taken(source, parent)
        ):
            self.report.kept.append(source.key)
            return
        if page is None:
            self.create_page(source, parent)
        elif self.has_draft(page):
            self.report.kept.append(source.key)
            self.records[source.key] = page
        else:
            self.update_page(source, page)

    def is_taken(self, source: Source, parent: BasePage | None) -> bool:
        """Whether another page stands at this address already."""
        return bool(parent and parent.get_children().filter(slug=source.values["slug"]).exists())

    def create_page(self, source: Source, parent: BasePage | None) -> None:
        page = source.model()
        values = self.wanted(source)
        self.assign(page, values)
        for relation, children in source.children.items():
            setattr(page, relation, [self.new_child(child, order) for order, child in enumerate(children)])
        if parent is None:
            self.replace_welcome_page(page)
        else:
            parent.add_child(instance=page)
        page.save_revision().publish()
        page = source.model.objects.get(pk=page.pk)
        self.remember(source, page, {name: digest(value) for name, value in values.items()})
        for relation, children in source.children.items():
            for child, record in zip(children, getattr(page, relation).all(), strict=True):
                self.remember(
                    child, record, {name: digest(value) for name, value in self.wanted(child).items()}
                )
        self.records[source.key] = page
        self.report.created.append(source.key)

    def new_child(self, source: Source, order: int) -> models.Model:
        child = source.model(sort_order=order)
        self.assign(child, self.wanted(source))
        return child

    def update_page(self, source: Source, page: BasePage) -> None:
        changed: dict[str, dict[str, str]] = {}
        records = {source.key: page}
        if (digests := self.update(source, page)) is not None:
            changed[source.key] = digests
        for relation, children in source.children.items():
            present = {child.pk: child for child in getattr(page, relation).all()}
            for child in children:
                record = present.get(self.seeded[child.key].object_id) if child.key in self.seeded else None
                if record is None:
                    # Staff have taken it out, or keep a list of their own.
                    self.report.kept.append(child.key)
                elif (digests := self.update(child, record)) is not None:
                    changed[child.key] = digests
                    records[child.key] = record
            setattr(page, relation, list(present.values()))
        if changed:
            page.save_revision().publish()
            page = source.model.objects.get(pk=page.pk)
            sources = {s.key: s for s in [source, *(c for cs in source.children.values() for c in cs)]}
            for key, digests in changed.items():
                self.remember(sources[key], records[key], digests)
            self.report.updated.append(source.key)
        self.records[source.key] = page

    def replace_welcome_page(self, home: HomePage) -> None:
        """Makes the home page the root of the site, in place of the page of Wagtail's own migrations."""
        root = BasePage.get_first_root_node()
        site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
        welcome = site.root_page if site and type(site.root_page.specific) is BasePage else None
        if welcome and welcome.slug == home.slug:
            BasePage.objects.filter(pk=welcome.pk).update(slug=f"{welcome.slug}-of-wagtail")
        root.add_child(instance=home)
        if site is None:
            Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
        else:
            # The site must let go of the welcome page first: it would be deleted with it.
            site.root_page = home
            site.save()
        if welcome:
            BasePage.objects.get(pk=welcome.pk).delete()
