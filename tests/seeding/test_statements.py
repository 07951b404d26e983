"""The statements on privacy, accessibility and terms say the same in each language, and since when."""

import re
from datetime import date

import pytest

from pages.models import BasePage
from translations.calendars import long_date
from translations.languages import all_languages

CHANGED = date(2026, 11, 25)


def outline(html) -> list[str]:
    """The kind of each heading, paragraph and item of a text, in their order."""
    return [element.name for element in html.select(".prose :is(h2, h3, p, li)")]


@pytest.mark.parametrize("slug", ["privacy", "accessibility", "terms"])
def test_a_statement_has_the_same_parts_and_the_same_date_in_each_language(read, slug):
    english = read(f"/en/{slug}/")
    assert len(english.select(".prose h2")) >= 4
    for language in all_languages():
        html = read(f"/{language.code}/{slug}/")
        assert outline(html) == outline(english), language
        assert long_date(CHANGED, language.code) in html.select_one(".prose").get_text(), language
        if not language.is_source:
            headings = [[heading.get_text() for heading in page.select("h1, h2")] for page in (html, english)]
            assert not set(headings[0]) & set(headings[1]), language


def test_the_figures_of_a_statement_are_the_same_in_each_language(read):
    """A period or a number of pixels that differs would be another promise."""
    for slug in ("privacy", "accessibility"):
        texts = [read(f"/{language.code}/{slug}/").select_one(".prose") for language in all_languages()]
        numbers = [re.findall(r"\d+(?:\.\d+)?", text.get_text()) for text in texts]
        english = sorted(set(numbers[2]) - {"25", "2026"})
        assert english
        for found in numbers:
            assert sorted(set(found) - {"25", "11", "2026"}) == english, slug


def test_no_statement_is_given_out_as_checked_by_a_person(page):
    for slug in ("privacy/", "accessibility/", "terms/"):
        statement: BasePage = page(slug)
        for language in all_languages():
            assert language.is_source or statement.is_machine_translated(language), (slug, language)
