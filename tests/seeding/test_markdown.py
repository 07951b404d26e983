"""The Markdown of the starting content becomes what Wagtail's editor would have stored."""

import pytest

from seeding.markdown import Known, canonical, to_blocks, to_rich_text

KNOWN = Known({"picture": 7}, {"contact"})


def complain(message, line):
    return ValueError(f"{line}: {message}")


def blocks(text):
    return [(block["type"], block["value"]) for block in to_blocks(text, "seed", KNOWN, complain)]


def without_keys(markup):
    import re

    return re.sub(r' data-block-key="[^"]*"', "", markup)


def test_paragraphs_and_lists_between_headings_make_one_block_of_text():
    kinds = [kind for kind, _value in blocks("One\n\n- a\n- b\n\n## Two\n\nThree\n\n### Four\n")]
    assert kinds == ["text", "heading", "text", "subheading"]


def test_a_line_break_in_the_file_is_only_a_space():
    [(_kind, value)] = blocks("One\ntwo **three**\n_four_")
    assert without_keys(value) == "<p>One two <b>three</b> <i>four</i></p>"


@pytest.mark.parametrize("text", ["- a\n- b", "- a\n\n- b\n"])
def test_a_list_is_the_same_however_far_apart_its_items_stand(text):
    assert without_keys(to_rich_text(text, "seed", KNOWN, complain)) == "<ul><li>a</li><li>b</li></ul>"


def test_a_link_keeps_its_address():
    assert '<a href="https://www.unesco.org/">UNESCO</a>' in to_rich_text(
        "[UNESCO](https://www.unesco.org/)", "seed", KNOWN, complain
    )


def test_a_link_to_a_page_waits_for_its_number():
    markup = to_rich_text("[Write](page:contact) to us.", "seed", KNOWN, complain)
    assert without_keys(markup) == '<p><a href="/page:contact">Write</a> to us.</p>'


def test_a_quotation_may_say_whose_it_is():
    assert blocks("> Learn.\n> Then teach.\n> — A teacher") == [
        ("quote", {"text": "Learn.\nThen teach.", "attribution": "A teacher"})
    ]
    assert blocks("> Learn.") == [("quote", {"text": "Learn.", "attribution": ""})]


def test_a_picture_has_its_caption():
    assert blocks('![](picture "Two people")') == [("figure", {"image": 7, "caption": "Two people"})]


def test_the_same_text_has_the_same_ids_and_keys_each_time():
    text = "One\n\n## Two\n"
    assert to_blocks(text, "seed", KNOWN, complain) == to_blocks(text, "seed", KNOWN, complain)
    assert to_blocks(text, "seed", KNOWN, complain) != to_blocks(text, "other", KNOWN, complain)


def test_rich_text_is_stored_as_the_editor_stores_it():
    once = canonical("<p>One &amp; <b>two</b></p><ul><li>three</li></ul>", "seed")
    assert canonical(once, "seed") == once


@pytest.mark.parametrize(
    "text",
    [
        "# Title",
        "```\ncode\n```",
        "    code",
        "`code`",
        "***",
        "a <b>b</b>",
        "![](nothing)",
        "[x](ftp://x)",
        "[x](page:nothing)",
        "[x](/page:contact)",
        "- ## x",
    ],
)
def test_what_is_not_known_is_refused(text):
    with pytest.raises(ValueError, match="1: "):
        to_blocks(text, "seed", KNOWN, complain)
