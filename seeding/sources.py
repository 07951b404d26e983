"""The whole starting content, read from its folder and checked before anything is written."""

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.apps import apps
from django.db import models
from PIL import Image, UnidentifiedImageError
from wagtail.blocks import CharBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable

from contact.models import ContactFormField, ContactPage
from library.models import CustomImage
from milestones.dates import FuzzyDate, InvalidDateError, Qualifier
from milestones.models import Milestone, MilestoneTheme
from news.models import NewsCategory, NewsPage
from pages.models import (
    AboutPage,
    BasePage,
    CentreFunction,
    DirectorMessagePage,
    HoldingPage,
    HomePage,
    SiteSettings,
)
from translations.languages import Language, all_languages, column
from translations.models import translated_fields

from .errors import ContentError
from .files import ContentFile, read_page, read_toml
from .markdown import Known, block_id, to_blocks, to_rich_text

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

# What every page says in site.toml, and what some types say besides: the fields that aren't translated.
PAGE_KEYS = {"key", "type", "slug", "parent", "in_menus"}
SHARED_FIELDS = {
    NewsPage: {"date", "category", "lead_image"},
    HomePage: {"lead_image"},
    AboutPage: {"lead_image"},
    DirectorMessagePage: {"portrait"},
    CentreFunction: {"icon"},
    ContactPage: {"privacy_page", "retention_days"},
    ContactFormField: {"field_type", "required", "purpose"},
    HoldingPage: {"mode"},
}
# The keys of [[settings]], since a site has each of them once.
SETTINGS = {"site": SiteSettings, "holding": HoldingPage}


@dataclass
class Source:
    """One record of the starting content."""

    key: str
    model: type[models.Model]
    # {column: value}; a `Reference` stands for another record, an `ImageFile` for a file.
    values: dict[str, object] = field(default_factory=dict)
    status: dict[str, str] = field(default_factory=dict)
    # {name of the child relation: the children in their order}
    children: dict[str, list["Source"]] = field(default_factory=dict)
    parent: str | None = None
    # {name of a field that is a list of texts: the keys of these, in the order of the source}
    items: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Reference:
    """Stands for the record with this key until it has a number."""

    key: str


@dataclass(frozen=True)
class ImageFile:
    path: Path


@dataclass
class Content:
    images: list[Source]
    categories: list[Source]
    themes: list[Source]
    milestones: list[Source]
    pages: list[Source]
    settings: list[Source]


def read_content(folder: Path) -> Content:
    """Reads and checks everything; raises `ContentError` for the first mistake."""
    site = read_toml(folder / "site.toml")
    keys = {
        name: entries_by_key(site, name) for name in ("pages", "images", "categories", "themes", "settings")
    }
    dates = read_toml(folder / "milestones.toml")
    for language in all_languages():
        check_folder(folder, language, keys["pages"])
    pictures = {key: Reference(f"image:{key}") for key in keys["images"]}
    words = WordReader(folder, Known(pictures, keys["pages"]))
    words.check_tables("milestones.toml", dates.data)
    words.check_tables("images.toml", keys["images"])
    words.check_tables("categories.toml", keys["categories"])
    words.check_tables("themes.toml", keys["themes"])
    words.check_tables("settings.toml", keys["settings"])
    check_addresses(site, keys["pages"])
    return Content(
        images=[read_image(site, entry, folder, words) for entry in keys["images"].values()],
        categories=[
            read_label(NewsCategory, "category", "categories.toml", entry, words)
            for entry in keys["categories"].values()
        ],
        themes=[
            read_label(MilestoneTheme, "theme", "themes.toml", entry, words)
            for entry in keys["themes"].values()
        ],
        milestones=[read_milestone(dates, key, keys["themes"], words) for key in dates.data],
        pages=[read_page_source(site, entry, keys, words) for entry in keys["pages"].values()],
        settings=[read_settings(site, entry, keys, words) for entry in keys["settings"].values()],
    )


def entries_by_key(site: ContentFile, name: str) -> dict[str, dict]:
    """The entries of a [[list]] in site.toml by their key, in their order."""
    entries = site.data.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise site.error(f"“{name}” must be a list of tables, written [[{name}]].", name)
    found = {}
    for entry in entries:
        key = entry.get("key")
        if not isinstance(key, str) or not key:
            raise site.error(f"Every entry of [[{name}]] needs a key.", name)
        if key in found:
            raise site.error(f"The key “{key}” stands twice in [[{name}]].", name)
        found[key] = entry
    return found


def check_addresses(site: ContentFile, pages: dict[str, dict]) -> None:
    """Finds two pages that would stand at the same address."""
    seen = {}
    for key, entry in pages.items():
        place = (entry.get("parent"), entry.get("slug"))
        if place in seen:
            raise site.error(
                f"The pages “{seen[place]}” and “{key}” have the same slug in the same place.",
                line=line_of_page(site, key),
            )
        seen[place] = key


def page_path(folder: Path, language: Language, key: str, entry: dict) -> Path:
    place = "news" if entry.get("type") == "news.NewsPage" else "pages"
    return folder / language.code / place / f"{key}.md"


def check_folder(folder: Path, language: Language, pages: dict[str, dict]) -> None:
    """Finds pages that site.toml doesn't know: most often a file with a slip in its name."""
    known = {page_path(folder, language, key, entry) for key, entry in pages.items()}
    for path in sorted((folder / language.code).glob("*/*.md")):
        if path not in known:
            raise ContentError(path, None, "site.toml names no page with this key.")


class WordReader:
    """Reads the words of records from the folders of all languages."""

    def __init__(self, folder: Path, known: Known):
        self.folder = folder
        self.known = known
        self._files: dict[Path, ContentFile | None] = {}

    def file(self, path: Path, language: Language, read) -> ContentFile | None:
        """The file, or None where a translation has none yet; the source must have it."""
        if path not in self._files:
            missing = not path.exists() and not language.is_source
            self._files[path] = None if missing else read(path)
        return self._files[path]

    def check_tables(self, name: str, known) -> None:
        """Finds words in a file of any language for a record that there isn't: a slip in a key."""
        for language in all_languages():
            file = self.file(self.folder / language.code / name, language, read_toml)
            for key in set(file.data) - {"status"} if file else ():
                if key not in known:
                    raise file.error(f"There is nothing with the key “{key}”.", key)

    def fill(self, source: Source, path_of, read, table: str = "") -> None:
        """Fills in the words of a record in each language, from a table of a file or from its head."""
        for language in all_languages():
            file = self.file(path_of(language), language, read)
            if file is None:
                continue
            words = file.data
            for name in filter(None, table.split(".")):
                words = words.get(name)
                if words is None:
                    break
                if not isinstance(words, dict):
                    raise file.error(f"“{name}” must be a table, written [{table}].", name)
            if words is None:
                if language.is_source:
                    raise file.error(f"The entry [{table}] is missing.")
                continue
            if status := file.status(language.is_source):
                source.status[language.code] = status
            self._add(source, file, words, language, has_text=not table)

    def _add(
        self, source: Source, file: ContentFile, words: dict, language: Language, has_text: bool
    ) -> None:
        fields = translated_fields(source.model)
        if has_text:
            self._check_children(source, file, words)
        for name, value in words.items():
            if has_text and name in {"status", *source.children}:
                continue
            if name not in fields or name == "body":
                known = ", ".join(field for field in fields if field != "body")
                raise file.error(f"“{name}” is not a field here; there are {known}.", name)
            if item := item_of(source.model._meta.get_field(name)):
                source.values[column(name, language)] = self._items(source, file, name, value, item)
                continue
            if not isinstance(value, str):
                raise file.error(f"“{name}” must be a text in quotation marks.", name)
            self._set(source, file, name, value.strip(), language)
        if has_text and "body" in fields:
            blocks = to_blocks(
                file.text,
                source.key,
                self.known,
                lambda message, line: file.error(message, line=file.text_offset + line),
            )
            source.values[column("body", language)] = blocks
        elif has_text and file.text.strip():
            raise file.error("This page has no text below its head.", line=file.text_offset + 1)
        if language.is_source:
            for name in fields:
                required = not source.model._meta.get_field(name).blank
                if required and not source.values.get(column(name, language)):
                    raise file.error(f"“{name}” is missing.", line=1)

    def _items(self, source: Source, file: ContentFile, name: str, value, item: str) -> list[dict]:
        """The blocks of a field that is a list of short texts, each with an id made of its key.

        The source's keys are those of all languages, and its order is.
        """
        texts = isinstance(value, dict) and all(
            isinstance(text, str) and text.strip() for text in value.values()
        )
        if not texts:
            raise file.error(f"“{name}” must be a table of keys and texts in quotation marks.", name)
        known = source.items.setdefault(name, list(value))
        if unknown := value.keys() - set(known):
            raise file.error(f"“{name}” has no “{min(unknown)}” in English.", min(unknown))
        return [
            {"type": item, "value": value[key].strip(), "id": block_id(f"{source.key}/{name}/{key}")}
            for key in known
            if key in value
        ]

    def _check_children(self, source: Source, file: ContentFile, words: dict) -> None:
        """Finds words for a child of a page that there isn't."""
        for relation, children in source.children.items():
            known = {child.key.rpartition("/")[2] for child in children}
            if unknown := set(file.table(relation)) - known:
                name = f"{relation}.{min(unknown)}"
                raise file.error(f"There is nothing with the key “{name}”.", name)

    def _set(self, source: Source, file: ContentFile, name: str, value: str, language: Language) -> None:
        model_field = source.model._meta.get_field(name)
        if isinstance(model_field, RichTextField):
            start = file.line_of(name) or 1
            value = to_rich_text(
                value,
                f"{source.key}/{name}",
                self.known,
                lambda message, line: file.error(message, line=start + line),
            )
        elif model_field.max_length and len(value) > model_field.max_length:
            raise file.error(f"“{name}” has {len(value)} characters; {model_field.max_length} fit.", name)
        source.values[column(name, language)] = value or None


def item_of(model_field: models.Field) -> str | None:
    """The name of the only block of a field that is a list of short texts; None for any other field."""
    if not isinstance(model_field, StreamField):
        return None
    blocks = list(model_field.stream_block.child_blocks.items())
    return blocks[0][0] if len(blocks) == 1 and isinstance(blocks[0][1], CharBlock) else None


def read_image(site: ContentFile, entry: dict, folder: Path, words: WordReader) -> Source:
    path = folder / str(entry.get("file", ""))
    if not path.is_file():
        raise site.error(f"The picture “{entry['key']}” has no file {entry.get('file', '')}.", "images")
    try:
        with Image.open(path) as picture:
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ContentError(path, None, "This file is not a picture that can be read.") from error
    source = Source(f"image:{entry['key']}", CustomImage)
    source.values |= {"title": entry["key"], "file": ImageFile(path)}
    if "focal_point" in entry:
        source.values |= focal_point(site, entry)
    words.fill(source, lambda language: folder / language.code / "images.toml", read_toml, entry["key"])
    return source


def focal_point(site: ContentFile, entry: dict) -> dict[str, int]:
    """The part of a picture that every cut keeps in sight: its middle, width and height in pixels."""
    place = entry["focal_point"]
    if (
        not isinstance(place, list)
        or len(place) != 4
        or not all(type(item) is int and item > 0 for item in place)
    ):
        raise site.error(
            f"The focal point of the picture “{entry['key']}” is four whole numbers: across, down, width and"
            " height, such as [960, 540, 400, 300].",
            "images",
        )
    return dict(zip((f"focal_point_{name}" for name in ("x", "y", "width", "height")), place, strict=True))


def read_label(model: type[models.Model], kind: str, file: str, entry: dict, words: WordReader) -> Source:
    """A category of news or a theme of milestones: its key is its slug, its name is in `file`."""
    source = Source(f"{kind}:{entry['key']}", model, {"slug": entry["key"]})
    words.fill(source, lambda language: words.folder / language.code / file, read_toml, entry["key"])
    return source


def read_settings(site: ContentFile, entry: dict, keys: dict, words: WordReader) -> Source:
    key = entry["key"]

    def mistake(message: str) -> ContentError:
        return site.error(f"The settings “{key}” {message}", line=line_of_page(site, key))

    if key not in SETTINGS:
        raise mistake(f"are not known; there are {', '.join(SETTINGS)}.")
    model = SETTINGS[key]
    values = {
        name: shared_value(model, name, value, keys, mistake)
        for name, value in entry.items()
        if name != "key"
    }
    source = Source(f"settings:{key}", model, values)
    words.fill(source, lambda language: words.folder / language.code / "settings.toml", read_toml, key)
    return source


def read_milestone(dates: ContentFile, key: str, themes: dict[str, dict], words: WordReader) -> Source:
    entry = dates.table(key)
    if unknown := entry.keys() - {"date", "by_the_end", "theme"}:
        raise dates.error(f"“{min(unknown)}” is not known here; there are date, by_the_end and theme.", key)
    theme = entry.get("theme")
    if theme is not None and (not isinstance(theme, str) or theme not in themes):
        raise dates.error(f"“{key}” names the theme “{theme}”, which is not in [[themes]] of site.toml.", key)
    by_the_end = entry.get("by_the_end", False)
    if not isinstance(by_the_end, bool):
        raise dates.error("“by_the_end” is true or false, without quotation marks.", key)
    qualifier = Qualifier.BY_THE_END if by_the_end else Qualifier.PLAIN
    try:
        moment = FuzzyDate.parse(str(entry.get("date", "")), qualifier)
    except InvalidDateError as error:
        raise dates.error(str(error.message), key) from error
    source = Source(f"milestone:{key}", Milestone, {"moment": moment})
    source.values["theme"] = Reference(f"theme:{theme}") if theme else None
    words.fill(source, lambda language: words.folder / language.code / "milestones.toml", read_toml, key)
    return source


def read_page_source(site: ContentFile, entry: dict, keys: dict, words: WordReader) -> Source:
    key = entry["key"]

    def mistake(message: str) -> ContentError:
        return site.error(f"The page “{key}” {message}", line=line_of_page(site, key))

    model = page_model(entry, mistake)
    parent = entry.get("parent")
    if parent is not None and parent not in list(keys["pages"])[: list(keys["pages"]).index(key)]:
        raise mistake(f"needs its parent “{parent}” to stand before it.")
    if not SLUG.fullmatch(str(entry.get("slug", ""))):
        raise mistake("needs a slug of small letters, figures and hyphens.")
    if not isinstance(entry.get("in_menus", False), bool):
        raise mistake("says neither true nor false for “in_menus”.")
    source = Source(f"page:{key}", model, parent=f"page:{parent}" if parent else None)
    keys = keys | {"place": list(keys["pages"]).index(key)}
    source.values |= {"slug": entry["slug"], "show_in_menus": entry.get("in_menus", False)}
    relations = {relation.name: relation.related_model for relation in model._meta.related_objects}
    for name, value in entry.items():
        if name in PAGE_KEYS:
            continue
        if name in relations and issubclass(relations[name], Orderable):
            if not isinstance(value, list):
                raise mistake(f"needs a list in square brackets for “{name}”.")
            source.children[name] = [
                read_child(source, name, relations[name], child, keys, mistake) for child in value
            ]
        else:
            source.values[name] = shared_value(model, name, value, keys, mistake)

    if model is NewsPage and "date" not in source.values:
        raise mistake("needs a date such as 2025-06-12 for “date”.")

    def path_of(language):
        return page_path(words.folder, language, key, entry)

    words.fill(source, path_of, read_page)
    for name, children in source.children.items():
        for child in children:
            words.fill(child, path_of, read_page, f"{name}.{child.key.rpartition('/')[2]}")
            child.status = {}
    return source


def line_of_page(site: ContentFile, key: str) -> int | None:
    lines = site.source.splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.strip() == f'key = "{key}"'), None)


def page_model(entry: dict, mistake) -> type[BasePage]:
    try:
        model = apps.get_model(str(entry.get("type")))
    except (LookupError, ValueError):
        model = None
    if model is None or not issubclass(model, BasePage) or model is BasePage:
        raise mistake(f"has the type “{entry.get('type')}”, which is no page type.")
    return model


def read_child(page: Source, relation: str, model, entry, keys: dict, mistake) -> Source:
    """A child in site.toml is its key alone, or a table with its key and what isn't translated."""
    shared = entry if isinstance(entry, dict) else {"key": entry}
    if not isinstance(shared.get("key"), str):
        raise mistake(f"has an entry without a key in “{relation}”.")
    values = {
        name: shared_value(model, name, value, keys, mistake)
        for name, value in shared.items()
        if name != "key"
    }
    return Source(f"{page.key}/{relation}/{shared['key']}", model, values)


def shared_value(model, name: str, value, keys: dict, mistake):
    """A value that isn't translated: a date, a text, or the key of a picture, a category or a page above."""
    if name not in SHARED_FIELDS.get(model, set()):
        raise mistake(f"can't have “{name}” in site.toml.")
    model_field = model._meta.get_field(name)
    if isinstance(model_field, models.ForeignKey) and model_field.related_model is BasePage:
        # Pages are loaded in their order.
        if not isinstance(value, str) or value not in list(keys["pages"])[: keys["place"]]:
            raise mistake(f"needs the page “{value}”, which it names for “{name}”, to stand before it.")
        return Reference(f"page:{value}")
    if isinstance(model_field, models.ForeignKey):
        kind = {CustomImage: "images", NewsCategory: "categories"}[model_field.related_model]
        if not isinstance(value, str) or value not in keys[kind]:
            raise mistake(f"names “{value}”, which is not in [[{kind}]].")
        return Reference(f"{'image' if kind == 'images' else 'category'}:{value}")
    if isinstance(model_field, models.DateField) and not isinstance(value, date):
        raise mistake(f"needs a date such as 2025-06-12 for “{name}”.")
    if isinstance(model_field, models.BooleanField) and not isinstance(value, bool):
        raise mistake(f"says neither true nor false for “{name}”.")
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if isinstance(model_field, models.PositiveIntegerField) and not (is_number and value > 0):
        raise mistake(f"needs a whole number above 0 for “{name}”.")
    choices = [choice for choice, _label in model_field.flatchoices]
    if choices and value not in choices:
        raise mistake(f"needs one of {', '.join(choices)} for “{name}”.")
    return value
