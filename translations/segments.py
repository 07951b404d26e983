"""The segments of a record: the pieces in which it is translated.

A segment is a title, a heading, a paragraph, an item of a list, a caption. How a text is built (its blocks,
their order and ids, its pictures, where its links lead) belongs to the source; a translation gives the words
of each segment. Inline marks stand in a segment as numbered codes: "Read the <1>report</1>." In rich text a
literal "<1>" is written "\\<1>" and a backslash "\\\\"; plain fields have neither codes nor escapes.
"""

import hashlib
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from bs4 import BeautifulSoup, NavigableString, Tag
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField

from .blanks import is_blank_text
from .languages import Language, column, source_language

BLOCK_ELEMENTS = frozenset(
    [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "blockquote",
        "ul",
        "ol",
        "div",
        "hr",
        "table",
        "thead",
        "tbody",
        "tr",
        "td",
        "th",
    ]
)
ALONE = frozenset(["br", "embed", "img", "wbr"])
KINDS = {
    "a": "link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "br": "line-break",
    "sup": "superscript",
    "sub": "subscript",
}
TOKEN = re.compile(r"\\(?=[\\<])(?P<escaped>[\\<])|<(?P<close>/)?(?P<number>\d{1,4})(?P<alone>/)?>")
LOOKS_LIKE_CODE = re.compile(r"<(?=/?\d{1,4}/?>)")
NO_BLOCK = "-"


class SegmentError(ValueError):
    """What was written for a segment can't be taken; its text is one sentence that says what to do."""


@dataclass(frozen=True)
class Code:
    """An inline mark of a segment, which stands in its text as <number>…</number> or <number/>."""

    number: int
    opening: str
    closing: str
    kind: str

    @property
    def is_alone(self) -> bool:
        return not self.closing

    @property
    def mark(self) -> tuple[str, str]:
        """What it is, wherever it stands."""
        return self.opening, self.closing

    @property
    def target(self) -> str:
        """Where a link leads, as it is stored: an address, or "page 12"."""
        tag = BeautifulSoup(self.opening, "html.parser").find()
        if tag is None:
            return ""
        return tag.get("href") or " ".join(filter(None, (tag.get("linktype"), tag.get("id"))))


@dataclass(frozen=True)
class Segment:
    """A piece of a record with its translation into one language. See the head of this module."""

    record: str
    field: str
    block: str
    part: str
    source: str
    target: str = ""
    codes: tuple[Code, ...] = ()
    # Those that stand in the target, with the numbers of the source's where they are the same marks.
    target_codes: tuple[Code, ...] = ()
    digest: str = ""
    # The digest of the source that the target translates; None where that is unknown.
    translated_digest: str | None = None
    label: str = ""
    max_length: int | None = None
    is_rich: bool = False
    is_child: bool = False

    @property
    def id(self) -> str:
        return f"{self.record}/{self.key_in_record}"

    @property
    def key_in_record(self) -> str:
        return f"{self.field}/{self.block}/{self.part}"

    @property
    def key(self) -> str:
        """Its name within the owner, as `translation_status` has it."""
        return self.id if self.is_child else self.key_in_record

    @property
    def is_translated(self) -> bool:
        return not is_blank_text(plain_text(self.target) if self.is_rich else self.target)

    @property
    def is_current(self) -> bool:
        return self.is_translated and self.translated_digest == self.digest

    @property
    def is_stale(self) -> bool:
        return self.is_translated and self.translated_digest != self.digest

    @property
    def source_words(self) -> int:
        return count_words(plain_text(self.source) if self.is_rich else self.source)


def record_key(record: models.Model) -> str:
    """How files and addresses name a record: "pages.aboutpage:5"."""
    return f"{record._meta.label_lower}:{record.pk}"


def count_words(text: str) -> int:
    return len(re.findall(r"\w+(?:[-'’]\w+)*", text))


# Codes in a text --------------------------------------------------------------------------------------------


def escape(plain: str) -> str:
    """Plain text as it stands in a rich segment."""
    return LOOKS_LIKE_CODE.sub(r"\\<", plain.replace("\\", "\\\\"))


def tokens(text: str) -> Iterator[str | tuple[str, int]]:
    """The parts of a rich segment: plain text, and ("open" | "close" | "alone", number) for its codes."""
    pending, position = [], 0
    for match in TOKEN.finditer(text):
        pending.append(text[position : match.start()])
        position = match.end()
        if match["escaped"]:
            pending.append(match["escaped"])
            continue
        if match["close"] and match["alone"]:
            pending.append(match[0])
            continue
        if plain := "".join(pending):
            yield plain
        pending = []
        kind = "close" if match["close"] else "alone" if match["alone"] else "open"
        yield kind, int(match["number"])
    pending.append(text[position:])
    if plain := "".join(pending):
        yield plain


def plain_text(text: str) -> str:
    """The words of a rich segment without its codes."""
    return "".join(token if isinstance(token, str) else "" for token in tokens(text))


def render(codes: Iterable[Code], text: str) -> str:
    """The HTML of a rich segment.

    Raises `SegmentError` where its codes are unknown, unbalanced or repeated.
    """
    known, used, opened, markup = {code.number: code for code in codes}, set(), [], []
    for token in tokens(text):
        if isinstance(token, str):
            markup.append(html.escape(token, quote=False))
            continue
        kind, number = token
        code = known.get(number)
        if code is None:
            raise SegmentError(
                _("There is no mark <%(number)s> in the source: take it out.") % {"number": number}
            )
        if kind == "close":
            if not opened or opened[-1] != number:
                raise SegmentError(
                    _("The mark </%(number)s> closes nothing here: put it after its <%(number)s>.")
                    % {"number": number}
                )
            opened.pop()
            markup.append(code.closing)
            continue
        if number in used:
            raise SegmentError(_("The mark <%(number)s> stands twice: leave only one.") % {"number": number})
        used.add(number)
        if code.is_alone != (kind == "alone"):
            written = f"<{number}/>" if code.is_alone else f"<{number}>…</{number}>"
            raise SegmentError(_("The mark %(mark)s must be written so.") % {"mark": written})
        markup.append(code.opening)
        if kind == "open":
            opened.append(number)
    if opened:
        raise SegmentError(
            _("The mark <%(number)s> is not closed: write </%(number)s> after its words.")
            % {"number": opened[-1]}
        )
    return "".join(markup)


# Rich text --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """The inline content of a block-level element."""

    part: str
    text: str
    codes: tuple[Code, ...]


def _opening(tag: Tag, alone: bool) -> str:
    attributes = "".join(
        f' {name}="{html.escape(" ".join(value) if isinstance(value, list) else value or "")}"'
        for name, value in tag.attrs.items()
    )
    return f"<{tag.name}{attributes}{'/' if alone else ''}>"


class _Encoder:
    """Turns inline HTML into a text with codes, giving known marks their known numbers."""

    def __init__(self, known: Iterable[Code] = ()):
        self.free = list(known)
        self.next = max((code.number for code in self.free), default=0) + 1
        self.codes: list[Code] = []

    def code(self, tag: Tag) -> Code:
        alone = tag.name in ALONE
        mark = _opening(tag, alone), "" if alone else f"</{tag.name}>"
        found = next((code for code in self.free if code.mark == mark), None)
        if found:
            self.free.remove(found)
        else:
            kind = "document" if tag.get("linktype") == "document" else KINDS.get(tag.name, tag.name)
            found = Code(self.next, *mark, kind)
            self.next += 1
        self.codes.append(found)
        return found

    def encode(self, nodes: Iterable) -> str:
        parts = []
        for node in nodes:
            if isinstance(node, Tag):
                code = self.code(node)
                inner = self.encode(node.children)
                parts.append(
                    f"<{code.number}/>" if code.is_alone else f"<{code.number}>{inner}</{code.number}>"
                )
            elif type(node) is NavigableString:
                parts.append(escape(str(node)))
        return "".join(parts)


def _is_block(node) -> bool:
    return isinstance(node, Tag) and node.name in BLOCK_ELEMENTS


def _inline_runs(parent: Tag, path: str = "") -> Iterator[tuple[str, list]]:
    """(key, nodes) of each stretch of inline content, in reading order."""
    key = parent.attrs.get("data-block-key") or path or "0"
    run, number, position = [], 0, 0
    for node in [*parent.children, None]:
        if node is not None and not _is_block(node):
            run.append(node)
            continue
        if any(isinstance(item, Tag) or str(item).strip() for item in run):
            yield (f"{key}+{number}" if number else key), run
            number += 1
        run = []
        if node is not None:
            yield from _inline_runs(node, f"{path}.{position}" if path else str(position))
            position += 1


def _keyed_runs(soup: BeautifulSoup) -> Iterator[tuple[str, list]]:
    """As above, with every key once: an editor may paste a paragraph with its key."""
    seen = set()
    for key, nodes in _inline_runs(soup):
        # A slash parts the names of a segment.
        unique = base = re.sub(r"[^\w.+-]", "_", key)
        count = 1
        while unique in seen:
            count += 1
            unique = f"{base}~{count}"
        seen.add(unique)
        yield unique, nodes


@lru_cache(maxsize=4096)
def runs(markup: str) -> tuple[Run, ...]:
    """The inline runs of rich text that hold something to read."""
    found = []
    for part, nodes in _keyed_runs(BeautifulSoup(markup, "html.parser")):
        encoder = _Encoder()
        text = encoder.encode(nodes)
        if not is_blank_text(plain_text(text)):
            found.append(Run(part, text, tuple(encoder.codes)))
    return tuple(found)


def renumbered(run: Run, known: tuple[Code, ...]) -> tuple[str, tuple[Code, ...]]:
    """The text and the codes of a translation, with the numbers that its marks have in the source."""
    soup = BeautifulSoup(render(run.codes, run.text), "html.parser")
    encoder = _Encoder(known)
    return encoder.encode(soup.children), tuple(encoder.codes)


def fill(markup: str, words: Mapping[str, str]) -> str:
    """Rich text built as `markup` is, with the HTML that `words` has for each run;

    runs without are left out.
    """
    soup = BeautifulSoup(markup, "html.parser")
    for part, nodes in list(_keyed_runs(soup)):
        replacement = words.get(part, "")
        first, *rest = nodes
        parent = first.parent
        for node in rest:
            node.extract()
        if replacement:
            first.replace_with(*list(BeautifulSoup(replacement, "html.parser").children))
            continue
        first.extract()
        # A paragraph without words goes, and a list without items with it.
        while parent is not None and parent is not soup and not parent.contents:
            above = parent.parent
            parent.extract()
            parent = above
    return "".join(_serialize(node) for node in soup.children)


def _serialize(node) -> str:
    if isinstance(node, Tag):
        alone = node.name in ALONE or node.name == "hr"
        inner = "" if alone else "".join(_serialize(child) for child in node.children)
        return f"{_opening(node, alone)}{inner}{'' if alone else f'</{node.name}>'}"
    return html.escape(str(node), quote=False) if type(node) is NavigableString else ""


# Values of fields -------------------------------------------------------------------------------------------


@dataclass
class Leaf:
    """A piece of a field's value."""

    block: str
    part: str
    text: str
    codes: tuple[Code, ...] = ()
    label: str = ""
    max_length: int | None = None
    is_rich: bool = False
    # Stands no longer in the field, but beside it.
    is_kept: bool = False


def _rich_leaves(markup: str, block: str, path: str, label: str) -> Iterator[Leaf]:
    for run in runs(markup or ""):
        part = f"{path}.{run.part}" if path else run.part
        yield Leaf(block, part, run.text, run.codes, label, is_rich=True)


def _items(raw) -> Iterator[tuple[str, object, object]]:
    """(key, value, item) of the items of a list block."""
    for number, item in enumerate(raw or []):
        if isinstance(item, dict) and set(item) >= {"type", "value"}:
            yield item.get("id") or f"#{number}", item["value"], item
        else:
            yield f"#{number}", item, item


def _block_leaves(definition: blocks.Block, raw, block: str, path: str, label: str) -> Iterator[Leaf]:
    def below(name: str) -> str:
        return f"{path}.{name}" if path else name

    match definition:
        case blocks.RichTextBlock():
            yield from _rich_leaves(raw, block, path, label)
        case blocks.CharBlock() | blocks.TextBlock():
            if isinstance(raw, str) and not is_blank_text(raw):
                yield Leaf(block, path or "0", raw, (), label, definition.field.max_length)
        case blocks.StructBlock():
            for name, child in definition.child_blocks.items():
                heading = f"{label}: {child.label}"
                yield from _block_leaves(child, (raw or {}).get(name), block, below(name), heading)
        case blocks.ListBlock():
            for key, value, _item in _items(raw):
                yield from _block_leaves(definition.child_block, value, block, below(key), label)
        case blocks.StreamBlock():
            for number, item in enumerate(raw or []):
                child = definition.child_blocks.get(item["type"])
                key = below(item.get("id") or f"#{number}")
                if child is not None:
                    yield from _block_leaves(child, item["value"], block, key, f"{label}: {child.label}")


def _stream_items(value) -> list[dict]:
    return [dict(item) for item in value.raw_data] if value else []


def leaves(field: models.Field, value, label: str) -> Iterator[Leaf]:
    """The pieces of a field's value, in reading order; none where there is nothing to read."""
    if isinstance(field, StreamField):
        for number, item in enumerate(_stream_items(value)):
            definition = field.stream_block.child_blocks.get(item["type"])
            block = item.get("id") or f"#{number}"
            if definition is not None:
                yield from _block_leaves(
                    definition, item["value"], block, "", f"{label}: {capfirst(definition.label)}"
                )
    elif isinstance(field, RichTextField):
        yield from _rich_leaves(value, NO_BLOCK, "", label)
    elif not is_blank_text(value):
        yield Leaf(NO_BLOCK, "0", value, (), label, field.max_length)


def _fill_block(definition: blocks.Block, raw, path: str, words: Mapping[str, str]):
    """The raw value of a block with other words in it; whether any were there, and any were given."""

    def below(name: str) -> str:
        return f"{path}.{name}" if path else name

    match definition:
        case blocks.RichTextBlock():
            own = {
                run.part: words.get(f"{path}.{run.part}" if path else run.part, "") for run in runs(raw or "")
            }
            return fill(raw or "", own), bool(own), any(own.values())
        case blocks.CharBlock() | blocks.TextBlock():
            if not isinstance(raw, str) or is_blank_text(raw):
                return raw, False, False
            word = words.get(path or "0", "")
            return word, True, bool(word)
        case blocks.StructBlock():
            parts = {
                name: _fill_block(child, (raw or {}).get(name), below(name), words)
                for name, child in definition.child_blocks.items()
            }
            value = {name: part[0] for name, part in parts.items()}
            return value, any(part[1] for part in parts.values()), any(part[2] for part in parts.values())
        case blocks.ListBlock():
            kept, had, got = [], False, False
            for key, value, item in _items(raw):
                new, has, gets = _fill_block(definition.child_block, value, below(key), words)
                had, got = had or has, got or gets
                if gets or not has:
                    kept.append(item | {"value": new} if isinstance(item, dict) and "value" in item else new)
            return kept, had, got
        case blocks.StreamBlock():
            return _fill_stream(definition, raw, lambda key: below(key), words)
    return raw, False, False


def _fill_stream(definition: blocks.StreamBlock, raw, path_of, words):
    kept, had, got = [], False, False
    for number, item in enumerate(raw or []):
        child = definition.child_blocks.get(item["type"])
        if child is None:
            continue
        key = item.get("id") or f"#{number}"
        new, has, gets = _fill_block(child, item["value"], path_of(key), words)
        had, got = had or has, got or gets
        if gets or not has:
            kept.append({**item, "value": new})
    return kept, had, got


def filled(field: models.Field, source, words: Mapping[tuple[str, str], str]):
    """The value of a field built as `source` is, out of the words of each piece.

    `words` has {(block, part): plain text, or HTML for a rich piece}. None where there are no words at all.
    """
    if isinstance(field, StreamField):
        kept, any_words = [], False
        for number, item in enumerate(_stream_items(source)):
            definition = field.stream_block.child_blocks.get(item["type"])
            if definition is None:
                continue
            block = item.get("id") or f"#{number}"
            own = {part: word for (name, part), word in words.items() if name == block}
            new, had, got = _fill_block(definition, item["value"], "", own)
            any_words = any_words or got
            if got or not had:
                kept.append({**item, "value": new})
        return json.dumps(kept) if any_words else None
    own = {part: word for (_block, part), word in words.items() if word}
    if isinstance(field, RichTextField):
        return fill(source or "", own) if own else None
    return own.get("0") or None


# Records ----------------------------------------------------------------------------------------------------


def digest_of(text: str, codes: Iterable[Code]) -> str:
    """A short fingerprint of a source: its words, its marks and where its links lead."""
    content = [text, [[code.number, code.opening, code.closing] for code in codes]]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()[:16]


@dataclass
class _Place:
    """A translated field of the owner or of one of its children."""

    record: models.Model
    field: models.Field
    is_child: bool
    label: str
    key: str = field(default="")


def children_in_memory(owner: models.Model, relation) -> list[models.Model]:
    """The children of an object as it will save them.

    `.all()` would read them anew each time, and what is written on such a copy is lost.
    """
    return getattr(owner, relation.get_accessor_name()).get_object_list()


def translated_children(owner: models.Model) -> Iterator[models.Model]:
    """The children of a record that have translated fields and are stored already."""
    from .models import TranslatedRecord

    for relation in get_all_child_relations(type(owner)):
        if issubclass(relation.related_model, TranslatedRecord):
            for child in children_in_memory(owner, relation):
                if child.pk:
                    yield child


def places(owner: models.Model) -> Iterator[_Place]:
    from .models import translated_fields

    for name in translated_fields(type(owner)):
        model_field = owner._meta.get_field(name)
        yield _Place(owner, model_field, False, str(capfirst(model_field.verbose_name)), record_key(owner))
    for child in translated_children(owner):
        for name in translated_fields(type(child)):
            model_field = child._meta.get_field(name)
            label = f"{capfirst(child._meta.verbose_name)}: {model_field.verbose_name}"
            yield _Place(child, model_field, True, label, record_key(child))


@dataclass
class Alignment:
    """A record beside its translation into one language."""

    segments: list[Segment] = field(default_factory=list)
    # (label, words) of what the translation has and the source has no longer.
    orphans: list[tuple[str, str]] = field(default_factory=list)
    # {(record, field): {name: leaf}} of the same.
    rest: dict[tuple[str, str], dict[str, "Leaf"]] = field(default_factory=dict)
    # The names that the pieces of the translation have, which may be older than those of the segments.
    target_keys: set[str] = field(default_factory=set)
    # (record, field) of those where they are.
    untidy: set[tuple[str, str]] = field(default_factory=set)


def align(working_copy: models.Model, language: Language) -> Alignment:
    """The segments of an owner and its children with their translations, in reading order."""
    entry = working_copy.translation_status.get(language.code) or {}
    known = entry.get("sources", {})
    result = Alignment()
    for place in places(working_copy):
        value = getattr(place.record, column(place.field.name, source_language()))
        source = list(leaves(place.field, value, place.label))
        own_value = getattr(place.record, column(place.field.name, language))
        target = list(leaves(place.field, own_value, place.label))
        prefix = f"{place.key}/{place.field.name}" if place.is_child else place.field.name
        target += _kept_leaves(entry, prefix, target)
        if not source and not target:
            continue
        result.target_keys |= {f"{prefix}/{leaf.block}/{leaf.part}" for leaf in target}
        if {(leaf.block, leaf.part) for leaf in target} - {(leaf.block, leaf.part) for leaf in source}:
            result.untidy.add((place.key, place.field.name))
        pairs, orphans = _align(source, target, prefix, known)
        if orphans:
            result.rest[place.key, place.field.name] = {
                f"{prefix}/{leaf.block}/{leaf.part}": leaf for leaf in orphans
            }
        result.orphans += [
            (leaf.label, plain_text(leaf.text) if leaf.is_rich else leaf.text) for leaf in orphans
        ]
        for leaf, (match, translated_digest) in zip(source, pairs, strict=True):
            text, codes = "", ()
            if match is not None:
                text, codes = match.text, match.codes
                if leaf.is_rich:
                    text, codes = renumbered(Run("", text, codes), leaf.codes)
            result.segments.append(
                Segment(
                    record=place.key,
                    field=place.field.name,
                    block=leaf.block,
                    part=leaf.part,
                    source=leaf.text,
                    target=text,
                    codes=leaf.codes,
                    target_codes=codes,
                    digest=_leaf_digest(leaf),
                    translated_digest=translated_digest,
                    label=leaf.label,
                    max_length=leaf.max_length,
                    is_rich=leaf.is_rich,
                    is_child=place.is_child,
                )
            )
    return result


def _kept_leaves(entry: Mapping, prefix: str, target: list["Leaf"]) -> Iterator["Leaf"]:
    """What was translated in a field and had lost its source when the field was written anew."""
    names = {(leaf.block, leaf.part) for leaf in target}
    for name, (text, codes, label, is_rich) in entry.get("kept", {}).items():
        place, block, part = name.rsplit("/", 2)
        if place == prefix and (block, part) not in names:
            yield Leaf(
                block, part, text, tuple(Code(*code) for code in codes), label, is_rich=is_rich, is_kept=True
            )


def segments(working_copy: models.Model, language: Language) -> list[Segment]:
    """The segments of an owner and its children with their translations, in reading order."""
    return align(working_copy, language).segments


def _leaf_digest(leaf: Leaf) -> str:
    return digest_of(leaf.text, leaf.codes)


def _align(source: list[Leaf], target: list[Leaf], prefix: str, known: Mapping[str, str]):
    """(piece of the translation, digest of the source that it translates) for each piece of the source; and
    what is left of the translation.

    Pieces belong together that have the same name; else that translate the same words, which the editor may
    have moved or given a new name; else, where as many are left on both sides, that stand in the same order.
    """
    digests = set(known.values())

    def same_words(leaf: Leaf) -> str | None:
        # Children of a copied page have numbers, and so names, of their own.
        digest = _leaf_digest(leaf)
        return digest if digest in digests else None

    by_name = {(leaf.block, leaf.part): leaf for leaf in target}
    result: list[tuple | None] = [None] * len(source)
    left = []
    for number, leaf in enumerate(source):
        match = by_name.pop((leaf.block, leaf.part), None)
        if match is not None:
            result[number] = match, known.get(f"{prefix}/{leaf.block}/{leaf.part}") or same_words(leaf)
        else:
            left.append(number)
    rest = [leaf for leaf in target if (leaf.block, leaf.part) in by_name]
    by_digest = {}
    for leaf in rest:
        if digest := known.get(f"{prefix}/{leaf.block}/{leaf.part}"):
            by_digest.setdefault(digest, []).append(leaf)
    for number in list(left):
        matches = by_digest.get(_leaf_digest(source[number]))
        if matches:
            match = matches.pop(0)
            rest = [leaf for leaf in rest if leaf is not match]
            left.remove(number)
            result[number] = match, _leaf_digest(source[number])
    in_place = [leaf for leaf in rest if not leaf.is_kept]
    if len(left) == len(in_place):
        for number, match in zip(left, in_place, strict=True):
            if match.is_rich == source[number].is_rich:
                result[number] = match, known.get(f"{prefix}/{match.block}/{match.part}")
        rest = [leaf for leaf in rest if not any(pair and pair[0] is leaf for pair in result)]
    return [pair or (None, None) for pair in result], rest


def write_segments(
    working_copy: models.Model,
    language: Language,
    found: list[Segment],
    targets: Mapping[str, str],
    also: Iterable[tuple[str, str]] = (),
    keeps_rest: bool = True,
) -> None:
    """Puts the translations of segments into the columns of a working copy.

    Words whose source is gone are kept beside a field that is written anew, unless `keeps_rest` says
    otherwise.

    `targets` has {segment id: text}, for those that change; every other keeps its words. Raises
    `SegmentError`. Fields in which nothing changes are left to the byte, but for those that `also` names, as
    (record, field).
    """
    changed_fields = set(also) | {
        (segment.record, segment.field)
        for segment in found
        if segment.id in targets and targets[segment.id] != segment.target
    }
    _keep_rest(working_copy, language, changed_fields, keeps_rest)
    for place in places(working_copy):
        if (place.key, place.field.name) not in changed_fields:
            continue
        words = {}
        for segment in found:
            if (segment.record, segment.field) == (place.key, place.field.name):
                text = targets.get(segment.id, segment.target)
                words[segment.block, segment.part] = markup_of(segment, text) if text else ""
        source = getattr(place.record, column(place.field.name, source_language()))
        setattr(place.record, column(place.field.name, language), filled(place.field, source, words))


def _keep_rest(working_copy, language: Language, fields: set[tuple[str, str]], keeps_rest: bool) -> None:
    """Notes with the state of a language the words of these fields that have lost their source."""
    kept = {}
    for place, leaves_of_place in align(working_copy, language).rest.items():
        for name, leaf in leaves_of_place.items():
            if (keeps_rest and place in fields) or (leaf.is_kept and place not in fields):
                codes = [[code.number, code.opening, code.closing, code.kind] for code in leaf.codes]
                kept[name] = [leaf.text, codes, str(leaf.label), leaf.is_rich]
    entry = working_copy.translation_status.get(language.code) or {}
    if kept == entry.get("kept", {}):
        return
    entry = {key: value for key, value in entry.items() if key != "kept"} | ({"kept": kept} if kept else {})
    working_copy.translation_status = working_copy.translation_status | {language.code: entry}


def markup_of(segment: Segment, text: str) -> str:
    """What is stored for a segment: its HTML, or its plain text. Raises `SegmentError`."""
    if not segment.is_rich:
        if segment.max_length and len(text) > segment.max_length:
            raise SegmentError(
                _("This text has %(count)s characters; at most %(limit)s fit here.")
                % {"count": len(text), "limit": segment.max_length}
            )
        return text
    own = {code.number: code for code in segment.target_codes} | {code.number: code for code in segment.codes}
    return render(own.values(), text)
