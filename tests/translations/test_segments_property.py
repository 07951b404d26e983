"""Random rich text and random streams of the site's own blocks, cut into segments and put together again."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.models import ContentPage
from translations.languages import get_language
from translations.segments import (
    NO_BLOCK,
    SegmentError,
    align,
    escape,
    fill,
    plain_text,
    render,
    runs,
    tokens,
    write_segments,
)

FRENCH = get_language("fr")
# A page asks for its locale.
pytestmark = pytest.mark.django_db
few = settings(max_examples=60, deadline=None, derandomize=True, database=None)

# Words with what is special in HTML, in codes and in escapes; each starts and ends with a letter.
words = st.text(alphabet="abc é中ж <>&\"'\\/1234567890", max_size=12).map(lambda text: f"a{text}z")
keys = st.integers(0, 10**9).map(lambda number: f"k{number}")


def html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@st.composite
def inline(draw, depth=2) -> str:
    parts = [html(draw(words))]
    for _number in range(draw(st.integers(0, 3))):
        mark = draw(st.sampled_from(["b", "i", "link", "page", "br", None])) if depth else None
        inner = draw(inline(depth - 1)) if mark and mark != "br" else html(draw(words))
        parts.append(
            {
                "b": f"<b>{inner}</b>",
                "i": f"<i>{inner}</i>",
                "link": f'<a href="https://example.org/?a=1&amp;b={len(inner)}">{inner}</a>',
                "page": f'<a linktype="page" id="{len(inner)}">{inner}</a>',
                "br": "<br/>",
                None: inner,
            }[mark]
        )
    return "".join(parts)


@st.composite
def rich_text(draw) -> str:
    parts = []
    for key in draw(st.lists(keys, min_size=1, max_size=4, unique=True)):
        if draw(st.booleans()):
            parts.append(f'<p data-block-key="{key}">{draw(inline())}</p>')
        else:
            items = "".join(f'<li data-block-key="{key}i{n}">{draw(inline())}</li>' for n in range(2))
            parts.append(f"<ul>{items}</ul>")
    return "".join(parts)


@st.composite
def streams(draw) -> list[dict]:
    blocks = []
    for key in draw(st.lists(keys, min_size=1, max_size=5, unique=True)):
        kind = draw(st.sampled_from(["heading", "text", "quote"]))
        value = {
            "heading": words,
            "text": rich_text(),
            "quote": st.fixed_dictionaries({"text": words, "attribution": st.just("") | words}),
        }[kind]
        blocks.append({"type": kind, "id": key, "value": draw(value)})
    return blocks


def page(stream) -> ContentPage:
    return ContentPage(pk=1, title_en="A title", body_en=json.dumps(stream))


def translate(working) -> dict[str, str]:
    """Fills in a translation that keeps each mark, and says what it was made from."""
    found = align(working, FRENCH).segments
    targets = {
        segment.id: ("é" + segment.source if segment.is_rich else f"é{number}")
        for number, segment in enumerate(found)
    }
    write_segments(working, FRENCH, found, targets)
    sources = {segment.key: segment.digest for segment in found}
    working.translation_status = {"fr": {"state": "draft", "origin": "human", "sources": sources}}
    return targets


@few
@given(rich_text())
def test_what_was_read_gives_the_same_markup_again(markup):
    read = {run.part: render(run.codes, run.text) for run in runs(markup)}
    assert fill(markup, read) == markup


@few
@given(words)
def test_what_is_escaped_is_one_piece_of_plain_text(text):
    assert list(tokens(escape(text))) == [text]
    assert plain_text(escape(text)) == text


@few
@given(
    rich_text(),
    st.lists(
        st.sampled_from(["<1>", "</1>", "<2>", "</2>", "<1/>", "<7>", "</7>", "<7/>", "w", "\\", "\\<1>"])
    ),
)
def test_codes_that_do_not_fit_are_refused_and_nothing_else_happens(markup, parts):
    for run in runs(markup):
        try:
            made = render(run.codes, "".join(parts))
        except SegmentError:
            continue
        # What is taken can be read again, and has the marks of the source alone.
        known = {code.mark for code in run.codes}
        assert all(code.mark in known for found in runs(f"<p>{made}</p>") for code in found.codes)


@few
@given(streams())
def test_a_translation_that_is_filled_in_reads_the_same_again(stream):
    working = page(stream)
    targets = translate(working)
    found = align(working, FRENCH)
    assert {segment.id: segment.target for segment in found.segments} == targets
    assert all(segment.is_current for segment in found.segments)
    assert not found.orphans


@few
@given(rich_text(), keys)
def test_a_digest_follows_words_marks_and_links_but_no_names(markup, key):
    def digests(text):
        segments = align(page([{"type": "text", "id": key, "value": text}]), FRENCH).segments
        return [segment.digest for segment in segments if segment.block != NO_BLOCK]

    first = digests(markup)
    assert digests(markup.replace('data-block-key="k', 'data-block-key="n')) == first
    assert digests(markup.replace(">a", ">other a", 1)) != first
    if "<b>" in markup:
        assert digests(markup.replace("<b>", "<i>").replace("</b>", "</i>")) != first
    if "https://example.org" in markup:
        assert digests(markup.replace("https://example.org", "https://example.com")) != first


@few
@given(streams(), st.randoms(use_true_random=False), st.booleans())
def test_a_translation_stays_with_its_source_wherever_that_goes(stream, random, renames):
    working = page(stream)
    translate(working)
    before = {}
    for segment in align(working, FRENCH).segments:
        before.setdefault(segment.digest, set()).add(segment.target)
    moved = [dict(block) for block in stream]
    random.shuffle(moved)
    if renames:
        moved = [block | {"id": f"new{number}"} for number, block in enumerate(moved)]
    moved.insert(random.randrange(len(moved) + 1), {"type": "heading", "id": "fresh", "value": "A new one"})
    working.body_en = json.dumps(moved)
    after = align(working, FRENCH)
    for segment in after.segments:
        if segment.block == "fresh":
            assert not segment.is_translated
        else:
            assert segment.is_current
            assert segment.target in before[segment.digest]
    assert not after.orphans
