"""What leaves the site and comes back unchanged changes nothing."""

import pytest
from lxml import etree
from translate.storage.xliff import Xliff1File
from translate.storage.xliff2 import Xliff2File

from tests.snapshots import database
from translations import workflow
from translations.exchange import importing
from translations.exchange.exporting import Format, Only, export
from translations.exchange.importing import Kind
from translations.exchange.xliff import V1, V2
from translations.languages import get_language, target_languages
from translations.segments import plain_text

from .schemas import schema

XLIFF = [Format.XLIFF_1_2, Format.XLIFF_2_0]
SCHEMAS = {Format.XLIFF_1_2: "xliff-core-1.2-strict.xsd", Format.XLIFF_2_0: "xliff_core_2.0.xsd"}

READERS = {Format.XLIFF_1_2: Xliff1File, Format.XLIFF_2_0: Xliff2File}


@pytest.mark.parametrize("format", XLIFF)
def test_the_whole_site_is_valid_xliff(records, translated, format):  # noqa: A002
    rules = etree.XMLSchema(etree.parse(schema(SCHEMAS[format])))
    file = export(records, get_language(translated), format)
    rules.assertValid(etree.fromstring(file.content))
    assert file.texts > 100


def test_an_unchanged_export_changes_no_byte(records, translated, format, administrator):  # noqa: A002
    language = get_language(translated)
    parsed = importing.read_file(export(records, language, format).content)
    before = database()
    plan = importing.plan(parsed, administrator)
    assert {item.kind for item in plan.items} == {Kind.UNCHANGED}, [
        item for item in plan.items if item.kind != Kind.UNCHANGED
    ][:3]
    assert importing.carry_out(plan, parsed, administrator).texts == 0
    assert database() == before


def test_every_text_of_every_record_is_in_the_file(records, french, format):  # noqa: A002
    expected = [segment.id for record in records for segment in workflow.progress(record, french).segments]
    parsed = importing.read_file(export(records, french, format).content)
    assert [unit.id for unit in parsed.units] == expected
    assert len(set(expected)) == len(expected)


@pytest.mark.parametrize("format", XLIFF)
def test_an_independent_reader_finds_the_same_texts(records, translated, format):  # noqa: A002
    language = get_language(translated)
    store = READERS[format].parsestring(export(records, language, format).content)
    found = [(str(unit.source or ""), str(unit.target or "")) for unit in store.units if not unit.isheader()]
    expected = [
        (words_of(segment, segment.source), words_of(segment, segment.target))
        for record in records
        for segment in workflow.progress(record, language).segments
    ]
    assert found == expected


def words_of(segment, text):
    return plain_text(text) if segment.is_rich else text


def test_codes_are_elements_and_never_escaped_markup(rich_page, french):
    root = etree.fromstring(export([rich_page], french, Format.XLIFF_1_2).content)
    links = [element for element in root.iter(f"{{{V1}}}g") if element.get("ctype") == "link"]
    assert links
    assert all("".join(link.itertext()).strip() for link in links)
    for element in root.iter(f"{{{V1}}}source", f"{{{V1}}}target"):
        text = "".join(element.itertext())
        assert not any(markup in text for markup in ("<b>", "<a ", "<br", "<p", "&lt;", "&amp;")), text


def test_2_0_keeps_the_original_of_each_code(rich_page, french):
    root = etree.fromstring(export([rich_page], french, Format.XLIFF_2_0).content)
    pairs = list(root.iter(f"{{{V2}}}pc"))
    assert pairs
    for pair in pairs:
        unit = next(pair.iterancestors(f"{{{V2}}}unit"))
        data = {item.get("id"): item.text for item in unit.iter(f"{{{V2}}}data")}
        assert data[pair.get("dataRefStart")].startswith("<")
        assert data[pair.get("dataRefEnd")].startswith("</")


def test_a_limit_a_digest_and_a_preview_travel_along(exported, about, french):
    root = etree.fromstring(exported())
    title = next(unit for unit in root.iter(f"{{{V1}}}trans-unit") if "/title/" in unit.get("id"))
    segment = workflow.progress(about, french).segments[0]
    assert (title.get("maxwidth"), title.get("size-unit")) == ("255", "char")
    contexts = {item.get("context-type"): item.text for item in title.iter(f"{{{V1}}}context")}
    assert contexts["x-digest"] == segment.digest
    assert contexts["x-preview"].endswith("/fr/about/")
    assert str(segment.label) in "".join(note.text for note in title.iter(f"{{{V1}}}note"))


def test_only_what_is_missing_may_be_exported(about, french, format, administrator):  # noqa: A002
    segment = workflow.progress(about, french).segments[1]
    workflow.save_translation(about, french, {segment.id: ""}, user=administrator)
    parsed = importing.read_file(export([about], french, format, only=Only.MISSING).content)
    assert [unit.id for unit in parsed.units] == [segment.id]


def test_several_languages_come_in_one_zip(about):
    import io
    import zipfile

    file = export([about], target_languages(), Format.XLIFF_1_2)
    assert file.content_type == "application/zip"
    with zipfile.ZipFile(io.BytesIO(file.content)) as package:
        names = package.namelist()
        assert names == [f"ichei-{language.tag}.xlf" for language in target_languages()]
        assert {importing.read_file(package.read(name)).language for name in names} == set(target_languages())


def test_two_exports_are_the_same(about, french):
    for kind in XLIFF:
        assert export([about], french, kind).content == export([about], french, kind).content
