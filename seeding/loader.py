"""Writes the starting content into the database, and never over what staff have written since.

For every field it remembers a digest of what it loaded. A field whose value still has that digest was not
edited and follows a change of its file; any other belongs to staff, and so does a record that they deleted.
"""

import hashlib
import json
import re
from dataclasses import dataclass, field
from itertools import chain

from django.contrib.contenttypes.models import ContentType
from django.core.files.images import ImageFile as DjangoImageFile
from django.db import models, transaction
from wagtail.models import Site

from library.models import CustomImage
from library.pictures import make_renditions
from milestones.dates import FuzzyDate
from milestones.models import Milestone
from pages.models import BasePage, HomePage
from translations.languages import column, get_language, target_languages
from translations.models import TranslatedOwner, translated_fields
from translations.states import Origin, State
from translations.workflow import mark

from .markdown import PAGE_LINK, PAGE_MARK
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
            # The digest that Wagtail keeps of an image's file, to compare the two.
            return hashlib.sha1(value.path.read_bytes(), usedforsecurity=False).hexdigest()
        case FuzzyDate():
            return f"{value} {value.qualifier}"
    return plain(list(value.raw_data)) if hasattr(value, "raw_data") else str(value)


def has_page_link(source: Source) -> bool:
    return PAGE_MARK in json.dumps(source.values, default=str)


# What the status of a translation in the files says of it here.
STATES = {
    "machine-translated": (State.DRAFT, Origin.MACHINE),
    "reviewed": (State.APPROVED, Origin.HUMAN),
}


def status_in_files(entry: dict) -> str | None:
    """The status that a translation has if it still is as the files had it;

    None for one that people have touched.
    """
    if entry.get("by") is not None:
        return None
    known = entry.get("state"), entry.get("origin")
    return next((status for status, pair in STATES.items() if known == pair), None)


BLANKS = {digest(None), digest([])}


def column_languages(model: type[models.Model]) -> dict[str, str]:
    """{column: code of its language} for the translations of a model, without its source."""
    return {
        column(name, language): language.code
        for name in translated_fields(model)
        for language in target_languages()
    }


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
        for source in [*content.images, *content.categories, *content.themes, *content.milestones]:
            self.load_record(source)
        for source in content.pages:
            self.load_page(source)
        for source in content.settings:
            self.load_settings(source)
        self.link_pages(content)
        return self.report

    def link_pages(self, content: Content) -> None:
        """Loads once more the pages that link to others, of which some were not there yet at first."""
        first, self.report = self.report, Report()
        for source in content.pages:
            parts = [source, *chain.from_iterable(source.children.values())]
            if source.key in self.records and any(has_page_link(part) for part in parts):
                self.load_page(source)
        known = {*first.created, *first.updated}
        first.updated += [key for key in self.report.updated if key not in known]
        self.report = first

    # What stands behind a key ----------------------------------------------------------------------------

    def existing(self, source: Source) -> models.Model | None:
        """The record that was loaded for this key, if it is still there."""
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
            case str():
                return PAGE_LINK.sub(self.page_link, value)
            case list():
                return [self.resolve(item) for item in value]
            case dict():
                resolved = {key: self.resolve(item) for key, item in value.items()}
                return {
                    key: item.pk if isinstance(item, models.Model) else item for key, item in resolved.items()
                }
        return value

    def page_link(self, match: re.Match) -> str:
        """A link to a page as the editor stores it; its words alone as long as there is no such page."""
        seeded = self.seeded.get(f"page:{match['key']}")
        if seeded is None or not BasePage.objects.filter(pk=seeded.object_id).exists():
            return match["words"]
        return f'<a linktype="page" id="{seeded.object_id}">{match["words"]}</a>'

    def wanted(self, source: Source) -> dict[str, object]:
        return {name: self.resolve(value) for name, value in source.values.items()}

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

    def current(self, source: Source, record: models.Model, name: str) -> str:
        """The digest of what a field holds now; of a picture's file, the digest that Wagtail keeps."""
        if isinstance(source.values.get(name), ImageFile):
            return digest(record.get_file_hash())
        return digest(getattr(record, name))

    def reviewed_languages(self, source: Source, record: models.Model) -> set[str]:
        """The languages whose status is no longer the one that was loaded: their text is the staff's."""
        if not isinstance(record, TranslatedOwner) or self.reset:
            return set()
        loaded = self.seeded[source.key].digests
        return {
            language.code
            for language in target_languages()
            if status_in_files(record.translation_entry(language)) != loaded.get(f"status {language.code}")
        }

    def update(
        self, source: Source, record: models.Model, reviewed: set[str] | None = None
    ) -> dict[str, str] | None:
        """Brings the fields that staff left alone up to date; the new digests, or None if nothing changed.

        `reviewed` has the languages that are left as they are; a child takes those of its page.
        """
        reviewed = self.reviewed_languages(source, record) if reviewed is None else reviewed
        old = self.seeded[source.key].digests
        new, changes, untouched = dict(old), {}, set()
        languages = column_languages(source.model)
        for name, value in self.wanted(source).items():
            target, current = digest(value), self.current(source, record, name)
            # A field that was never loaded is the staff's as soon as they have put something into it.
            edited = current != old[name] if name in old else current not in BLANKS | {target}
            if not self.reset and (edited or (languages.get(name) in reviewed and current != target)):
                if source.key not in self.report.kept:
                    self.report.kept.append(source.key)
                continue
            untouched.add(languages.get(name))
            if current != target:
                changes[name] = value
            new[name] = target
        self.assign(record, changes)
        statuses = self.statuses(source, record, untouched - reviewed)
        new |= {f"status {code}": status for code, status in statuses.items()}
        if changes:
            self.mark(record, statuses)
        return new if changes or new != old else None

    def statuses(self, source: Source, record: models.Model, codes: set[str | None]) -> dict[str, str]:
        """{language code: status in the files} of the languages whose text follows the files."""
        if not isinstance(record, TranslatedOwner):
            return {}
        return {code: status for code, status in source.status.items() if code in codes}

    def mark(self, record: models.Model, statuses: dict[str, str]) -> None:
        """Notes where the words of each language come from, and that they fit the present source."""
        for code, status in statuses.items():
            mark(record, get_language(code), *STATES[status])

    def loaded(self, source: Source) -> dict[str, str]:
        """What to remember of a record that was just made."""
        digests = {name: digest(value) for name, value in self.wanted(source).items()}
        return digests | {f"status {code}": status for code, status in source.status.items()}

    # Records ---------------------------------------------------------------------------------------------

    def load_record(self, source: Source, **place) -> None:
        """A record outside the page tree; `place` says where a new one belongs."""
        record = self.existing(source)
        if record is None and source.key in self.seeded and not self.reset:
            self.report.kept.append(source.key)
            return
        if record is None:
            record = source.model(**place)
            self.assign(record, self.wanted(source))
            if isinstance(record, TranslatedOwner):
                # Its number is part of the names of its segments.
                record.save()
                self.mark(record, source.status)
            self.save(record)
            self.remember(source, record, self.loaded(source))
            self.report.created.append(source.key)
        elif self.has_draft(record):
            self.report.kept.append(source.key)
        elif (digests := self.update(source, record)) is not None:
            self.save(record)
            self.remember(source, record, digests)
            self.report.updated.append(source.key)
        self.records[source.key] = record

    def load_settings(self, source: Source) -> None:
        """Settings of the site, which it may have already: then what somebody has set stays."""
        site = Site.objects.filter(is_default_site=True).first()
        if site is None:
            self.report.kept.append(source.key)
            return
        record = source.model.objects.filter(site=site).first()
        if record is not None and source.key not in self.seeded:
            self.seeded[source.key] = SeededRecord(key=source.key, object_id=record.pk)
        self.load_record(source, site=site)

    def has_draft(self, record: models.Model) -> bool:
        """Whether somebody is at work on it."""
        drafts = getattr(record, "has_unpublished_changes", False) or getattr(
            record, "translation_drafts", {}
        )
        return bool(drafts) and not self.reset

    def save(self, record: models.Model) -> None:
        if isinstance(record, Milestone):
            record.live = True
            record.save()
            record.save_revision().publish()
            return
        record.save()
        if isinstance(record, CustomImage):
            # They may show a file that was just replaced.
            record.renditions.all().delete()
            make_renditions(record)

    # Pages -----------------------------------------------------------------------------------------------

    def load_page(self, source: Source) -> None:
        page = self.existing(source)
        parent = self.records.get(source.parent) if source.parent else None
        if page is None and (
            (source.key in self.seeded and not self.reset)
            or (source.parent and parent is None)
            or (source.parent is None and HomePage.objects.exists())
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
        self.assign(page, self.wanted(source))
        for relation, children in source.children.items():
            setattr(page, relation, [self.new_child(child, order) for order, child in enumerate(children)])
        if parent is None:
            self.replace_welcome_page(page)
        else:
            parent.add_child(instance=page)
        self.mark(page, source.status)
        page.save(clean=False)
        page.save_revision().publish()
        page = source.model.objects.get(pk=page.pk)
        self.remember(source, page, self.loaded(source))
        for relation, children in source.children.items():
            for child, record in zip(children, getattr(page, relation).all(), strict=True):
                self.remember(child, record, self.loaded(child))
        self.records[source.key] = page
        self.report.created.append(source.key)

    def new_child(self, source: Source, order: int) -> models.Model:
        child = source.model(sort_order=order)
        self.assign(child, self.wanted(source))
        return child

    def update_page(self, source: Source, page: BasePage) -> None:
        reviewed = self.reviewed_languages(source, page)
        # (source, its record, what to remember of it) of all that changed.
        changed: list[tuple[Source, models.Model, dict[str, str]]] = []
        if (digests := self.update(source, page, reviewed)) is not None:
            changed.append((source, page, digests))
        for relation, children in source.children.items():
            rows = list(getattr(page, relation).all())
            for child in children:
                seeded = self.seeded.get(child.key)
                record = next((row for row in rows if seeded and row.pk == seeded.object_id), None)
                if record is not None:
                    if (digests := self.update(child, record, reviewed)) is not None:
                        changed.append((child, record, digests))
                elif seeded is None or self.reset:
                    record = self.new_child(child, len(rows))
                    rows.append(record)
                    changed.append((child, record, self.loaded(child)))
                else:
                    # Staff have taken it out.
                    self.report.kept.append(child.key)
            setattr(page, relation, rows)
        if changed:
            # Gives new children their numbers; publishing alone would keep them from these objects.
            page.save(clean=False)
            self.mark(page, {code: status for code, status in source.status.items() if code not in reviewed})
            page.save(clean=False)
            page.save_revision().publish()
            for part, record, digests in changed:
                self.remember(part, record, digests)
            page = source.model.objects.get(pk=page.pk)
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
        # Unless staff have put pages below it, which would go with it.
        if welcome and not welcome.numchild:
            BasePage.objects.get(pk=welcome.pk).delete()
