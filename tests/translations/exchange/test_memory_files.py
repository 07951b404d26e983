"""The translation memory as TMX."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import etree
from translate.storage.tmx import tmxfile

from translations import workflow
from translations.exchange.exporting import export_memory
from translations.languages import get_language
from translations.models import MemoryUnit, SourceText

from .schemas import schema

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture
def memory(rich_page, translated):
    """The memory holds every segment of a page in one language."""
    language = get_language(translated)
    MemoryUnit.objects.all().delete()
    for segment in workflow.progress(rich_page, language).segments:
        codes = [[code.number, code.opening, code.closing, code.kind] for code in segment.codes]
        source, _new = SourceText.objects.update_or_create(
            digest=segment.digest, defaults={"text": segment.source, "codes": codes}
        )
        MemoryUnit.objects.create(
            source=source,
            language=language.code,
            target=segment.target,
            codes=[[code.number, code.opening, code.closing, code.kind] for code in segment.target_codes],
            segment=segment.id,
            approved_at=timezone.now(),
        )
    return language


def test_is_valid_tmx(memory):
    rules = etree.DTD(str(schema("tmx14.dtd")))
    root = etree.fromstring(export_memory(memory).content)
    assert rules.validate(root), rules.error_log
    assert len(root.findall("body/tu")) == MemoryUnit.objects.count()


def test_an_independent_reader_finds_the_pairs(memory):
    store = tmxfile.parsestring(export_memory(memory).content, sourcelanguage="en", targetlanguage=memory.tag)
    assert len(store.units) == MemoryUnit.objects.count()
    found = {str(unit.source): str(unit.target) for unit in store.units}
    plain = [unit for unit in MemoryUnit.objects.select_related("source") if "<" not in unit.source.text]
    assert plain
    for unit in plain:
        assert found[unit.source.text.replace("\\\\", "\\")] == unit.target.replace("\\\\", "\\")


def test_marks_are_elements(memory):
    root = etree.fromstring(export_memory(memory).content)
    opened = {element.get("type") for element in root.iter("bpt")}
    assert {"bold", "italic", "link"} <= opened
    for segment in root.iter("seg"):
        numbers = [element.get("i") for element in segment.iter("bpt")]
        assert sorted(numbers) == sorted(element.get("i") for element in segment.iter("ept"))


def test_names_both_languages(memory):
    root = etree.fromstring(export_memory(memory).content)
    assert {variant.get(XML_LANG) for variant in root.iter("tuv")} == {"en", memory.tag}


def test_is_downloaded_by_who_works_on_the_site(memory, admin_client):
    response = admin_client.get(reverse("translations:export_memory"), {"language": memory.code})
    assert response["Content-Disposition"] == f'attachment; filename="ichei-memory-{memory.tag}.tmx"'
    assert etree.parse(io.BytesIO(response.content)).getroot().tag == "tmx"


def test_of_an_unknown_language_leads_back(admin_client):
    response = admin_client.get(reverse("translations:export_memory"), {"language": "tlh"})
    assert response.status_code == 302
