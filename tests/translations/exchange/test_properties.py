"""Whatever a page holds, its file comes back as it left; what a translator writes arrives so."""

import html
import json
import uuid

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from wagtail import blocks

from pages.blocks import BodyBlock
from translations import workflow
from translations.blanks import is_blank_text
from translations.exchange import importing
from translations.exchange.exporting import Format, export
from translations.exchange.importing import Kind
from translations.languages import get_language
from translations.segments import markup_of

from .conftest import words

# Of every script, with what XML, sheets and our own marks might take for something else.
ODD = [
    "<1>",
    "</1>",
    "<2/>",
    "\\",
    "\\<1>",
    "&amp;",
    "&",
    "<b>",
    "=1+1",
    "]]>",
    "_x000D_",
    "\u200f",
    "\u2067a\u2069",
]
LETTERS = st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t")
PLAIN = st.lists(st.one_of(st.text(LETTERS, max_size=12), st.sampled_from(ODD)), min_size=1, max_size=4).map(
    "".join
)
WORDS = PLAIN.filter(lambda text: not is_blank_text(text))
# What a translator may write: nothing that an import refuses.
NEW = st.text(
    st.one_of(st.sampled_from("abcé 中я\\<&=+-@'\"12"), st.characters(categories=("Lu", "Ll", "Lo", "Nd"))),
    min_size=1,
    max_size=40,
).filter(lambda text: not is_blank_text(text))
MARKS = [
    ("<b>", "</b>"),
    ("<i>", "</i>"),
    ('<a href="https://example.org/?a=1&amp;b=2">', "</a>"),
    ('<a linktype="page" id="3">', "</a>"),
    ('<a linktype="document" id="1">', "</a>"),
]


@st.composite
def inline(draw, depth=0):
    """Inline HTML as a pair: the source and its translation, with the same marks around other words."""
    pair = ["", ""]
    for _number in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["text", "text", "mark", "break"] if depth < 2 else ["text"]))
        if kind == "break":
            pair = [text + "<br/>" for text in pair]
        elif kind == "text":
            pair = [text + html.escape(draw(WORDS), quote=False) for text in pair]
        else:
            opening, closing = draw(st.sampled_from(MARKS))
            inner = draw(inline(depth + 1))
            pair = [f"{text}{opening}{words}{closing}" for text, words in zip(pair, inner, strict=True)]
    return tuple(pair)


@st.composite
def rich_text(draw):
    pair = ["", ""]
    for _number in range(draw(st.integers(1, 3))):
        key = uuid.uuid4().hex[:5]
        if draw(st.booleans()):
            found = draw(inline())
            pair = [
                f'{text}<p data-block-key="{key}">{words}</p>'
                for text, words in zip(pair, found, strict=True)
            ]
        else:
            tag = draw(st.sampled_from(["ul", "ol"]))
            items = draw(st.lists(inline(), min_size=1, max_size=3))
            for side in (0, 1):
                listed = "".join(
                    f'<li data-block-key="{key}{number}">{item[side]}</li>'
                    for number, item in enumerate(items)
                )
                pair[side] += f"<{tag}>{listed}</{tag}>"
    return tuple(pair)


def of_block(block: blocks.Block):
    """Pairs of values of a block as they are stored; pictures are left out."""
    match block:
        case blocks.RichTextBlock():
            return rich_text()
        case blocks.CharBlock() | blocks.TextBlock():
            return st.tuples(WORDS, WORDS)
        case blocks.StructBlock():
            children = {
                name: of_block(child)
                for name, child in block.child_blocks.items()
                if not isinstance(child, blocks.ChooserBlock | blocks.URLBlock)
            }
            return st.fixed_dictionaries(children).map(
                lambda value: tuple({name: pair[side] for name, pair in value.items()} for side in (0, 1))
            )
    raise NotImplementedError(f"{type(block).__name__} is not known here")


@st.composite
def bodies(draw):
    """A text in English and in French, out of the real blocks, with pictures left out."""
    # A list of documents has no words of its own, and a picture and a video are nothing without their files.
    left_out = {"figure", "documents", "video"}
    definitions = {name: block for name, block in BodyBlock().child_blocks.items() if name not in left_out}
    pair = ([], [])
    for _number in range(draw(st.integers(1, 4))):
        name = draw(st.sampled_from(sorted(definitions)))
        value = draw(of_block(definitions[name]))
        key = str(uuid.uuid4())
        for side in (0, 1):
            pair[side].append({"type": name, "id": key, "value": value[side]})
    return pair


SETTINGS = settings(
    max_examples=25,
    # A failing page is small enough as it is found; making it smaller takes minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


@pytest.fixture
def privacy(page):
    return page("privacy/")


def store(page, body):
    page = page.working_copy()
    page.body_en, page.body_fr = (json.dumps(side) for side in body)
    page.save_revision()
    return page


def content(page) -> dict:
    return type(page).objects.get(pk=page.pk).latest_revision.content


@SETTINGS
@given(body=bodies())
def test_whatever_a_page_holds_comes_back_unchanged(privacy, administrator, body):
    store(privacy, body)
    before = content(privacy)
    for kind in Format:
        parsed = importing.read_file(export([privacy], get_language("fr"), kind).content)
        plan = importing.plan(parsed, administrator)
        assert {item.kind for item in plan.items} == {Kind.UNCHANGED}, plan.of(*set(Kind) - {Kind.UNCHANGED})
        assert importing.carry_out(plan, parsed, administrator).texts == 0
    assert content(privacy) == before


@SETTINGS
@given(body=bodies(), data=st.data())
def test_what_a_translator_writes_arrives_as_it_was_written(privacy, administrator, body, data):
    french = get_language("fr")
    store(privacy, body)
    segments = [
        segment
        for segment in workflow.progress(privacy, french).segments
        if segment.field == "body" and segment.is_translated
    ]
    # A page of nothing but ends of lines has no words to translate.
    assume(segments)
    segment = data.draw(st.sampled_from(segments))
    text = data.draw(translation_of(segment))
    kind = data.draw(st.sampled_from(Format.values))
    before = words(privacy, french)
    # Written by one hand, sent as a file, and put back to what it was: then the file is imported.
    workflow.save_translation(privacy, french, {segment.id: text}, user=administrator)
    file = export([privacy], french, kind).content
    workflow.save_translation(privacy, french, {segment.id: segment.target}, user=administrator)
    parsed = importing.read_file(file)
    plan = importing.plan(parsed, administrator)
    assert not plan.of(Kind.REFUSED, Kind.STALE)
    importing.carry_out(plan, parsed, administrator)
    after = words(privacy, french)
    # Two equal marks, such as two ends of a line, may have changed their numbers.
    assert markup_of(segment, after.pop(segment.id)) == markup_of(segment, text)
    before.pop(segment.id)
    assert after == before


def translation_of(segment):
    """Any words, with the marks of the source in any order, none twice."""
    if not segment.is_rich:
        return NEW
    return st.permutations(segment.codes).flatmap(
        lambda codes: st.lists(NEW, min_size=len(codes) * 2 + 1, max_size=len(codes) * 2 + 1).map(
            lambda texts: marked([escaped(text) for text in texts], codes)
        )
    )


def marked(texts, codes) -> str:
    found = texts.pop()
    for code in codes:
        before, inside = texts.pop(), texts.pop()
        found += before
        found += f"<{code.number}/>" if code.is_alone else f"<{code.number}>{inside}</{code.number}>"
    return found


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\")
