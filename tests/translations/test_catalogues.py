"""The words of the interface are complete in every language."""

import re
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from django.core.management import CommandError, call_command

from translations import catalogues
from translations.catalogues import (
    all_faults,
    catalogue_path,
    extracted,
    faults,
    read_catalogue,
    translations_of,
)
from translations.languages import get_language

PLACEHOLDERS = {
    f"{prefix}{name}" for prefix in ("", "end_") for name in ("day", "month", "month_of", "month_in", "year")
}


def test_every_message_is_translated_into_every_language():
    assert all_faults() == {}


def test_messages_of_templates_and_of_code_are_found():
    template = extracted()
    assert template.get("Skip to the content")
    assert template.get("The end lies before the start.")
    assert template.get("In {month_in}", "date of a milestone")
    assert template.get("Page %(number)s of %(count)s")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda catalog: catalog.delete("Home"), "'Home' is missing."),
        (lambda catalog: setattr(catalog.get("Home"), "string", ""), "'Home' is not translated."),
        (lambda catalog: catalog.get("Home").flags.add("fuzzy"), "'Home' is marked fuzzy."),
        (lambda catalog: catalog.add("Gone", "Disparu"), "'Gone' is no longer used."),
    ],
)
def test_a_gap_in_a_catalogue_is_named(monkeypatch, change, complaint):
    french = get_language("fr")
    catalog = read_catalogue(french)
    change(catalog)
    monkeypatch.setattr(catalogues, "read_catalogue", lambda language: catalog)
    assert list(faults(french, extracted())) == [complaint]


def test_the_check_fails_for_a_message_without_translation(monkeypatch):
    template = extracted()
    template.add("Something quite new")
    monkeypatch.setattr(catalogues, "extracted", lambda: template)
    with pytest.raises(CommandError, match="5 messages need a translator"):
        call_command("messages", "--check")


def test_a_date_uses_only_placeholders_that_there_are(translated):
    for message in read_catalogue(get_language(translated)):
        if message.context == "date of a milestone":
            used = {name for _text, name, _spec, _conversion in Formatter().parse(message.string) if name}
            assert used <= PLACEHOLDERS
            assert used


PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def test_a_translation_keeps_the_placeholders_of_its_source(translated):
    catalog: Catalog = read_catalogue(get_language(translated))
    for message in catalog:
        sources = message.id if isinstance(message.id, tuple) else (message.id,)
        wanted = {name for source in sources for name in PLACEHOLDER.findall(source)}
        for string in translations_of(message) if message.id else ():
            used = set(PLACEHOLDER.findall(string))
            if message.context == "date of a milestone":
                # A language chooses among the cases of a month; tests/milestones has their sentences.
                used = {name for name in used if name.startswith("%")}
            assert used <= wanted, string
            # "One record", "two records" may be words without a figure.
            left_out = {name for name in wanted - used if name.startswith("%") or not message.context}
            assert len(left_out) <= (len(sources) > 1 and len(string) > 0), string


def test_a_catalogue_says_that_nobody_has_reviewed_it(translated):
    assert (
        "not reviewed by a person yet"
        in catalogue_path(get_language(translated)).read_text().partition("msgid")[0]
    )
