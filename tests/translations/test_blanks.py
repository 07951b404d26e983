import pytest
from wagtail.blocks import StreamBlock
from wagtail.rich_text import RichText

from pages.blocks import BodyBlock
from translations.blanks import is_blank, is_blank_markup


@pytest.mark.parametrize(
    "markup",
    [
        None,
        "",
        " \n\t",
        "<p></p>",
        '<p data-block-key="a1b2c"></p>',
        '<p data-block-key="a1b2c">&nbsp;</p><p data-block-key="d3e4f"> <br/></p>',
        "<ul><li><b></b></li></ul>",
        "<p>\u200b\ufeff\u200f</p>",
    ],
)
def test_rich_text_without_a_letter_is_empty(markup):
    assert is_blank_markup(markup)


@pytest.mark.parametrize(
    "markup", ["<p>x</p>", "<p>0</p>", '<embed embedtype="image" id="1"/>', "<hr/>", "<p>.</p>"]
)
def test_rich_text_with_something_to_see_is_not_empty(markup):
    assert not is_blank_markup(markup)


def body(*blocks) -> StreamBlock:
    return BodyBlock().to_python([{"type": kind, "value": value} for kind, value in blocks])


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "  ",
        RichText("<p></p>"),
        body(),
        body(("text", "<p></p>")),
        body(("heading", " "), ("text", '<p data-block-key="x"></p>')),
        body(("quote", {"text": "", "attribution": ""})),
        body(("figure", {"caption": ""})),
    ],
)
def test_a_value_that_shows_nothing_is_empty(value):
    assert is_blank(value)


@pytest.mark.parametrize(
    "value",
    ["x", 0, False, RichText("<p>x</p>"), body(("heading", ""), ("quote", {"text": "x", "attribution": ""}))],
)
def test_a_value_that_shows_something_is_not_empty(value):
    assert not is_blank(value)
