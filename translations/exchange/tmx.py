"""The translation memory as TMX 1.4b, which every translation tool reads (LISA OSCAR, 2005)."""

from collections.abc import Iterable
from datetime import UTC

from lxml import etree

from translations.languages import Language, source_language
from translations.models import MemoryUnit
from translations.segments import Code, tokens

from .units import NOT_IN_FILES, Part, joined

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# The names that TMX suggests for the types of inline codes.
TYPES = {"line-break": "lb", "document": "link"}


def write(units: Iterable[MemoryUnit], language: Language) -> bytes:
    """Approved translations into one language, with their sources."""
    root = etree.Element("tmx", version="1.4")
    etree.SubElement(
        root,
        "header",
        {
            "creationtool": "unesco-ichei",
            "creationtoolversion": "1",
            "segtype": "paragraph",
            "o-tmf": "unesco-ichei",
            "adminlang": source_language().tag,
            "srclang": source_language().tag,
            "datatype": "xml",
        },
    )
    body = etree.SubElement(root, "body")
    for unit in units:
        changed = unit.approved_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        element = etree.SubElement(body, "tu", tuid=f"{unit.pk}", changedate=changed)
        etree.SubElement(element, "prop", type="x-segment").text = NOT_IN_FILES.sub("", unit.segment)
        variant(element, source_language(), unit.source.text, unit.source.codes)
        variant(element, language, unit.target, [*unit.source.codes, *unit.codes])
    return etree.tostring(
        root, xml_declaration=True, encoding="UTF-8", doctype='<!DOCTYPE tmx SYSTEM "tmx14.dtd">'
    )


def memory_of(language: Language) -> Iterable[MemoryUnit]:
    """What the memory holds of a language, each pair of texts once."""
    seen = set()
    units = MemoryUnit.objects.filter(language=language.code).select_related("source").order_by("pk")
    for unit in units.iterator(chunk_size=500):
        if (unit.source_id, unit.target) not in seen:
            seen.add((unit.source_id, unit.target))
            yield unit


def variant(parent, language: Language, text: str, codes: list[list]) -> None:
    segment = etree.SubElement(etree.SubElement(parent, "tuv", {LANG: language.tag}), "seg")
    known = {code[0]: Code(*code) for code in codes}
    # A plain text has no codes, nor escapes for what only looks like one.
    fill(segment, joined(tokens(text) if known else (text,)), known)


def fill(segment, parts: Iterable[Part], codes: dict[int, Code]) -> None:
    for part in parts:
        if isinstance(part, str):
            if len(segment):
                segment[-1].tail = (segment[-1].tail or "") + part
            else:
                segment.text = (segment.text or "") + part
            continue
        kind, number = part
        code = codes.get(number)
        if code is None:
            continue
        name = {"open": "bpt", "close": "ept", "alone": "ph"}[kind]
        element = etree.SubElement(segment, name)
        if kind == "alone":
            element.set("x", str(number))
        else:
            element.set("i", str(number))
        if kind != "close":
            element.set("type", TYPES.get(code.kind, code.kind))
        # What stood in the text, as TMX has it: the content of the element.
        element.text = NOT_IN_FILES.sub("", code.closing if kind == "close" else code.opening)
