"""XLIFF, the format of translators' tools: 1.2 (strict) and 2.0 written, both read.

OASIS XLIFF 1.2: http://docs.oasis-open.org/xliff/v1.2/os/xliff-core.html; XLIFF 2.0:
http://docs.oasis-open.org/xliff/xliff-core/v2.0/xliff-core-v2.0.html.
"""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _
from lxml import etree

from translations.languages import Language, source_language
from translations.segments import Code, Segment
from translations.states import State

from . import safe_xml
from .units import (
    NOT_IN_FILES,
    ExchangeError,
    ParsedFile,
    ParsedUnit,
    Part,
    RecordUnits,
    all_codes,
    check_size,
    check_units,
    joined,
    language_of,
    notes,
    parts_of,
)

V1 = "urn:oasis:names:tc:xliff:document:1.2"
V2 = "urn:oasis:names:tc:xliff:document:2.0"
METADATA = "urn:oasis:names:tc:xliff:metadata:2.0"
SIZES = "urn:oasis:names:tc:xliff:sizerestriction:2.0"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
# Under this name our own data travel along.
OURS = "unesco-ichei"

# (state, state-qualifier) of a target in 1.2.
STATES_V1 = {
    State.DRAFT: ("translated", None),
    State.REVIEW: ("needs-review-translation", None),
    State.APPROVED: ("final", None),
    State.OUTDATED: ("needs-translation", None),
}
MACHINE_V1 = ("needs-review-translation", "mt-suggestion")
STATES_V2 = {
    State.MISSING: "initial",
    State.DRAFT: "translated",
    State.REVIEW: "translated",
    State.APPROVED: "final",
    State.OUTDATED: "initial",
}
TYPES_V2 = {
    "bold": ("fmt", "xlf:b"),
    "italic": ("fmt", "xlf:i"),
    "underlined": ("fmt", "xlf:u"),
    "line-break": ("fmt", "xlf:lb"),
    "link": ("link", None),
    "document": ("link", None),
    "image": ("image", None),
}
# Targets in these states that only repeat the source were put there by a tool.
UNTRANSLATED = {"new", "needs-translation", "initial"}


class Writer:
    """The document of one language; each version says for itself how it writes a record."""

    namespace: str

    def __init__(self, language: Language):
        self.language = language

    def element(self, parent, tag: str, text: str | None = None, /, **attributes):
        element = etree.SubElement(parent, f"{{{self.namespace}}}{tag}")
        for key, value in attributes.items():
            if value is not None:
                element.set(key.rstrip("_").replace("_", "-"), NOT_IN_FILES.sub("", str(value)))
        if text is not None:
            element.text = NOT_IN_FILES.sub("", text)
        return element

    def fill(self, element, parts: Iterable[Part], codes: dict[int, Code]) -> None:
        """Puts parts into a <source> or <target>: text as text, codes as elements with their text inside."""
        open_elements = [element]
        for part in parts:
            parent = open_elements[-1]
            if isinstance(part, str):
                if len(parent):
                    parent[-1].tail = (parent[-1].tail or "") + part
                else:
                    parent.text = (parent.text or "") + part
            elif part[0] == "close":
                open_elements.pop()
            else:
                inline = self.inline(parent, codes[part[1]])
                if part[0] == "open":
                    open_elements.append(inline)

    def inline(self, parent, code: Code):
        raise NotImplementedError

    def document(self, records: Sequence[RecordUnits]):
        raise NotImplementedError

    def write(self, records: Sequence[RecordUnits]) -> bytes:
        root = self.document(records)
        # Not indented by lxml: it would put blanks between the parts of a text.
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


class WriterV1(Writer):
    namespace = V1

    def document(self, records):
        root = etree.Element(f"{{{V1}}}xliff", {"version": "1.2"}, nsmap={None: V1})
        for record in records:
            file = self.element(
                root,
                "file",
                original=record.key,
                source_language=source_language().tag,
                target_language=self.language.tag,
                datatype="database",
                product_name=OURS,
            )
            header = self.element(file, "header")
            self.element(self.element(header, "reference"), "external-file", href=record.preview)
            self.element(header, "note", record.title, from_="site")
            body = self.element(file, "body")
            for segment in record.segments:
                self.unit(body, record, segment)
        return root

    def unit(self, body, record: RecordUnits, segment: Segment) -> None:
        state = record.state_of(segment)
        limit = segment.max_length
        unit = self.element(
            body,
            "trans-unit",
            id=segment.id,
            approved="yes" if state == State.APPROVED else None,
            size_unit="char" if limit else None,
            maxwidth=limit,
        )
        unit.set(XML_SPACE, "preserve")
        codes = all_codes(segment)
        self.fill(self.element(unit, "source"), parts_of(segment.source, segment.is_rich), codes)
        if segment.is_translated:
            is_draft_of_machine = record.is_machine and state == State.DRAFT
            name, qualifier = MACHINE_V1 if is_draft_of_machine else STATES_V1[state]
            target = self.element(unit, "target", state=name, state_qualifier=qualifier)
            self.fill(target, parts_of(segment.target, segment.is_rich), codes)
        group = self.element(unit, "context-group", purpose="information")
        for kind, value in (("digest", segment.digest), ("state", state.value), ("preview", record.preview)):
            self.element(group, "context", value, context_type=f"x-{kind}")
        for category, text in notes(record, segment):
            self.element(unit, "note", text, from_=category)

    def inline(self, parent, code):
        if code.is_alone:
            kinds = {"line-break": "lb", "img": "image", "embed": "image"}
            ctype = kinds.get(code.kind, f"x-{code.kind}")
            return self.element(parent, "x", id=code.number, ctype=ctype)
        ctype = code.kind if code.kind in {"bold", "italic", "link"} else f"x-{code.kind}"
        return self.element(parent, "g", id=code.number, ctype=ctype)


class WriterV2(Writer):
    namespace = V2

    def document(self, records):
        root = etree.Element(
            f"{{{V2}}}xliff",
            {"version": "2.0", "srcLang": source_language().tag, "trgLang": self.language.tag},
            nsmap={None: V2, "mda": METADATA, "slr": SIZES},
        )
        for number, record in enumerate(records, 1):
            file = self.element(
                root,
                "file",
                id=f"f{number}",
                original=record.key,
                canResegment="no",
                srcDir=source_language().direction,
                trgDir=self.language.direction,
            )
            etree.SubElement(file, f"{{{SIZES}}}profiles", generalProfile="xliff:codepoints")
            described = self.element(file, "notes")
            self.element(described, "note", record.title, category="record")
            self.element(described, "note", record.preview, category="preview")
            # An identifier of 2.0 takes no slash; the name takes our own.
            for count, segment in enumerate(record.segments, 1):
                self.unit(file, f"u{count}", record, segment)
        return root

    def unit(self, file, name: str, record: RecordUnits, segment: Segment) -> None:
        state = record.state_of(segment)
        unit = self.element(file, "unit", id=name, name=segment.id, canResegment="no")
        unit.set(XML_SPACE, "preserve")
        if segment.max_length:
            unit.set(f"{{{SIZES}}}sizeRestriction", str(segment.max_length))
        metadata = etree.SubElement(unit, f"{{{METADATA}}}metadata")
        group = etree.SubElement(metadata, f"{{{METADATA}}}metaGroup", category=OURS)
        for kind, value in (("digest", segment.digest), ("state", state.value), ("preview", record.preview)):
            etree.SubElement(group, f"{{{METADATA}}}meta", type=kind).text = NOT_IN_FILES.sub("", value)
        described = self.element(unit, "notes")
        for category, text in notes(record, segment):
            self.element(described, "note", text, category=category)
        codes = all_codes(segment)
        if codes:
            self.original_data(unit, codes)
        machine = record.is_machine and state == State.DRAFT
        inner = self.element(
            unit,
            "segment",
            state=STATES_V2[state],
            subState=f"{OURS}:{'machine' if machine else state.value}",
        )
        self.fill(self.element(inner, "source"), parts_of(segment.source, segment.is_rich), codes)
        if segment.is_translated:
            self.fill(self.element(inner, "target"), parts_of(segment.target, segment.is_rich), codes)

    def original_data(self, unit, codes: dict[int, Code]) -> None:
        data = self.element(unit, "originalData")
        for number, code in sorted(codes.items()):
            self.element(data, "data", code.opening, id=f"d{number}")
            if not code.is_alone:
                self.element(data, "data", code.closing, id=f"e{number}")

    def inline(self, parent, code):
        kind, subtype = TYPES_V2.get(code.kind, ("other", None))
        if code.is_alone:
            equivalent = {"line-break": "\n"}.get(code.kind)
            return self.element(
                parent,
                "ph",
                id=code.number,
                dataRef=f"d{code.number}",
                equiv=equivalent,
                type=kind,
                subType=subtype,
            )
        return self.element(
            parent,
            "pc",
            id=code.number,
            dataRefStart=f"d{code.number}",
            dataRefEnd=f"e{code.number}",
            type=kind,
            subType=subtype,
        )


def write_1_2(records: Sequence[RecordUnits], language: Language) -> bytes:
    """The records as XLIFF 1.2, a <file> for each."""
    return WriterV1(language).write(records)


def write_2_0(records: Sequence[RecordUnits], language: Language) -> bytes:
    """The records as XLIFF 2.0, a <file> for each."""
    return WriterV2(language).write(records)


# Reading ---------------------------------------------------------------------------------------------------


class UnitError(ValueError):
    """What is wrong with one unit of a file, in one sentence."""


def read(data: bytes) -> ParsedFile:
    """An XLIFF file of version 1.2 or 2.0. Raises `ExchangeError` if it can't be taken at all."""
    check_size(data)
    root = safe_xml.parse(data)
    name = etree.QName(root)
    if name.localname != "xliff":
        raise ExchangeError(
            _("This is no XLIFF file: it starts with <%(name)s>.") % {"name": name.localname[:40]}
        )
    version = root.get("version", "")
    readers = {(V1, "1.2"): ReaderV1, (V2, "2.0"): ReaderV2, (V2, "2.1"): ReaderV2}
    reader = readers.get((name.namespace, version))
    if reader is None:
        raise ExchangeError(
            _("The site reads XLIFF 1.2 and 2.0; this file says version “%(version)s” of “%(namespace)s”.")
            % {"version": version[:20], "namespace": (name.namespace or "")[:60]}
        )
    return reader().read(root)


class Reader:
    namespace: str

    def tag(self, name: str) -> str:
        return f"{{{self.namespace}}}{name}"

    def child(self, element, name: str):
        return element.find(self.tag(name))

    def read(self, root) -> ParsedFile:
        raise NotImplementedError

    def parts(self, element) -> tuple[Part, ...]:
        """The content of a <source> or <target> in parts. Raises `UnitError`."""
        return joined(self.inside(element))

    def inside(self, element) -> Iterator[Part]:
        yield element.text or ""
        for child in element:
            if not isinstance(child.tag, str):
                raise UnitError(_("It holds an entity, which the site doesn’t read."))
            if not child.tag.startswith(f"{{{self.namespace}}}"):
                raise UnitError(
                    _("It holds the foreign element <%(name)s>.")
                    % {"name": etree.QName(child).localname[:40]}
                )
            yield from self.inline(child, etree.QName(child).localname)
            yield child.tail or ""

    def inline(self, element, name: str) -> Iterator[Part]:
        raise NotImplementedError

    def number(self, element, *attributes: str) -> int:
        """The number of a code, from the first of these attributes that is there."""
        found = next((element.get(name) for name in attributes if element.get(name) is not None), "")
        if not (found.isascii() and found.isdigit() and len(found) < 5):
            raise UnitError(_("It has a mark “%(id)s”, which the source hasn’t.") % {"id": found[:40] or "?"})
        return int(found)

    def unknown(self, name: str) -> UnitError:
        return UnitError(_("It holds the element <%(name)s>, which isn’t read here.") % {"name": name[:40]})


class ReaderV1(Reader):
    namespace = V1

    def read(self, root):
        files = root.findall(self.tag("file"))
        languages = {language_of(file.get("source-language"), file.get("target-language")) for file in files}
        if len(languages) > 1:
            raise ExchangeError(_("The file holds more than one language: send one file for each."))
        units = []
        for file in files:
            for unit in file.iter(self.tag("trans-unit")):
                # `bin-unit` and the like may hold some, which are not ours.
                if unit.getparent().tag in {self.tag("body"), self.tag("group")}:
                    units.append(self.unit(unit, file.get("original", "")))
        check_units(units)
        return ParsedFile(languages.pop(), tuple(units))

    def unit(self, unit, record: str) -> ParsedUnit:
        name = unit.get("id", "")
        source, target = self.child(unit, "source"), self.child(unit, "target")
        digest = next(
            (
                (context.text or "").strip()
                for context in unit.iterfind(f"{self.tag('context-group')}/{self.tag('context')}")
                if context.get("context-type") == "x-digest"
            ),
            None,
        )
        if source is None:
            return ParsedUnit(name, record, None, None, digest, _("It has no source."))
        try:
            source_parts = self.parts(source)
            target_parts = None if target is None else self.parts(target)
        except UnitError as error:
            return ParsedUnit(name, record, None, None, digest, str(error))
        if target_parts == source_parts and target.get("state") in UNTRANSLATED:
            target_parts = None
        return ParsedUnit(name, record, source_parts, target_parts, digest)

    def inline(self, element, name):
        match name:
            case "g":
                number = self.number(element, "id")
                yield "open", number
                yield from self.inside(element)
                yield "close", number
            case "x":
                yield "alone", self.number(element, "id")
            case "bx" | "bpt":
                yield "open", self.number(element, "rid", "id")
            case "ex" | "ept":
                yield "close", self.number(element, "rid", "id")
            case "ph":
                yield "alone", self.number(element, "id")
            case "mrk":
                yield from self.inside(element)
            case _:
                raise self.unknown(name)


class ReaderV2(Reader):
    namespace = V2

    def read(self, root):
        language = language_of(root.get("srcLang"), root.get("trgLang"))
        units = [
            self.unit(unit, file.get("original", ""))
            for file in root.findall(self.tag("file"))
            for unit in file.iter(self.tag("unit"))
        ]
        check_units(units)
        return ParsedFile(language, tuple(units))

    def unit(self, unit, record: str) -> ParsedUnit:
        name = unit.get("name") or unit.get("id", "")
        digest = next(
            (
                (meta.text or "").strip()
                for group in unit.iter(f"{{{METADATA}}}metaGroup")
                if group.get("category") == OURS
                for meta in group
                if meta.get("type") == "digest"
            ),
            None,
        )
        try:
            source, target = self.segments(unit)
        except UnitError as error:
            return ParsedUnit(name, record, None, None, digest, str(error))
        return ParsedUnit(name, record, source, target, digest)

    def segments(self, unit):
        """The source and the target of a unit, which a tool may have cut into several segments."""
        sources, targets = [], []
        untranslated = 0
        pieces = [child for child in unit if child.tag in {self.tag("segment"), self.tag("ignorable")}]
        for piece in pieces:
            source, target = self.child(piece, "source"), self.child(piece, "target")
            if source is None:
                raise UnitError(_("It has no source."))
            if target is not None and target.get("order"):
                raise UnitError(_("Its segments were put into another order, which isn’t read here."))
            read = self.parts(source)
            sources += read
            is_ignorable = piece.tag == self.tag("ignorable")
            written = None if target is None else self.parts(target)
            if written == read and not is_ignorable and piece.get("state", "initial") in UNTRANSLATED:
                written = None
            if written is None and not is_ignorable:
                untranslated += 1
            targets += read if written is None else written
        segments = sum(piece.tag == self.tag("segment") for piece in pieces)
        if not segments:
            raise UnitError(_("It has no source."))
        if untranslated and untranslated < segments:
            raise UnitError(_("Only some of its sentences are translated."))
        return joined(sources), None if untranslated else joined(targets)

    def inline(self, element, name):
        match name:
            case "pc":
                number = self.number(element, "id")
                yield "open", number
                yield from self.inside(element)
                yield "close", number
            case "ph":
                yield "alone", self.number(element, "id")
            case "sc":
                yield "open", self.number(element, "id")
            case "ec":
                yield "close", self.number(element, "startRef", "id")
            case "mrk":
                yield from self.inside(element)
            case "sm" | "em":
                return
            case "cp":
                raise UnitError(_("It holds a control character."))
            case _:
                raise self.unknown(name)
