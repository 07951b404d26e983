"""All records of the site, files made of them, and the whole database to compare."""

import json

import pytest
from django.core.files.base import ContentFile
from wagtail.images.tests.utils import get_test_image_file

from library.models import CustomDocument, CustomImage
from translations import workflow
from translations.exchange import importing
from translations.exchange.exporting import Format, Only, export
from translations.index import is_indexed
from translations.languages import all_languages, get_language
from translations.registry import owner_models


def all_records() -> list:
    return [
        record
        for model in owner_models()
        for record in model._base_manager.order_by("pk")
        if is_indexed(record)
    ]


@pytest.fixture
def records(rich_page):
    """Every record of the site, with a picture and a document besides those of the starting content."""
    CustomImage.objects.create(
        title="For staff",
        file=get_test_image_file(),
        description="A hall",
        caption="The opening",
        credit="ICHEI",
    )
    CustomDocument.objects.create(
        title="For staff",
        file=ContentFile(b"text", name="a.txt"),
        name="Report",
        description="Read <this> & that.",
    )
    return all_records()


@pytest.fixture
def rich_page(page):
    """A published page with every kind of block and mark, translated into every language."""
    privacy = page("privacy/")
    for language in all_languages():
        setattr(privacy, f"body_{language.code.replace('-', '_')}", json.dumps(rich_body(language.tag)))
    privacy.save_revision().publish()
    privacy.refresh_from_db()
    return privacy


def rich_body(word: str) -> list[dict]:
    text = (
        f'<p data-block-key="aa">{word} <b>bold <i>both</i></b> and a <a href="https://example.org/?a=1&amp;b=2">'
        f'link</a>,<br/>a <a linktype="page" id="3">page</a> &lt;1&gt; &amp; \\ “5 &lt; 6”.</p>'
        f'<ul><li data-block-key="bb">One {word}</li><li data-block-key="cc"><b>Two</b> {word}</li></ul>'
    )
    return [
        {"type": "heading", "id": "11111111-1111-4111-8111-111111111111", "value": f"=1+1 {word}"},
        {"type": "text", "id": "22222222-2222-4222-8222-222222222222", "value": text},
        {
            "type": "quote",
            "id": "33333333-3333-4333-8333-333333333333",
            "value": {"text": f"+Two\nlines {word}", "attribution": f"@somebody & co. <{word}>"},
        },
    ]


@pytest.fixture(params=Format.values)
def format(request):  # noqa: A001
    return request.param


@pytest.fixture
def french():
    return get_language("fr")


@pytest.fixture
def make(administrator):
    """Plans what a file would do, as an administrator."""

    def plan(data):
        return importing.plan(importing.read_file(data), administrator)

    return plan


@pytest.fixture
def about(page):
    return page("about/")


@pytest.fixture
def exported(about, french):
    """The page about the Centre as a French file of each format."""

    def make(format=Format.XLIFF_1_2, only=Only.ALL, record=about, language=french):  # noqa: A002
        return export([record], language, format, only=only).content

    return make


def words(record, language) -> dict[str, str]:
    """{segment id: text} of a record's working copy."""
    return {segment.id: segment.target for segment in workflow.progress(record, language).segments}
