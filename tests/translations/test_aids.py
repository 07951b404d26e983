"""What the page for translating shows beside a segment, and what it asks while somebody types."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from translations import memory, workflow
from translations.aids import help_for
from translations.index import index_record
from translations.languages import get_language
from translations.models import Term
from translations.registry import translate_url
from translations.segments import segments

from .pieces import plain

FRENCH = get_language("fr")


@pytest.fixture
def record(page):
    return page("about/mission/")


@pytest.fixture
def lead(record):
    return next(s for s in segments(workflow.working_copy(record), FRENCH) if s.field == "lead")


@pytest.fixture
def remembered(page, lead, administrator):
    """The same sentence, approved on another page with other words."""
    other = page("about/")
    index_record(other)
    unit = plain(lead.source, "Une autre traduction, 4 et 2030.", name="elsewhere")
    memory.remember(other, FRENCH, [unit], administrator)
    return unit


def parameters(record, segment, **more):
    name = f"{record._meta.label_lower}:{record.pk}"
    return {"record": name, "segment": segment.id, "language": "fr"} | more


def test_help_for_a_page_takes_two_queries_however_many_segments(db, django_assert_num_queries):
    Term.objects.create(term_en="sentence", term_fr="phrase")
    pieces = [plain(f"Sentence {n}.", f"Phrase {n + 1}.", name=str(n)) for n in range(60)]
    with django_assert_num_queries(2):
        found = help_for(pieces, FRENCH)
    assert all(one.has_errors and one.terms for one in found.values())


def test_a_segment_without_words_has_terms_and_no_problems(db):
    Term.objects.create(term_en="sentence", term_fr="phrase", note="Linguistics")
    found = help_for([plain("A sentence, two sentences.")], FRENCH)
    (known,) = found.values()
    assert known.problems == []
    assert [(term.text, term.translations, term.note) for term in known.terms] == [
        ("sentence", ["phrase"], "Linguistics")
    ]


def test_the_page_shows_matches_terms_and_problems(record, lead, remembered, admin_client, administrator):
    Term.objects.create(term_en="Sustainable Development Goal", term_fr="but durable")
    workflow.save_translation(record, FRENCH, {lead.id: "En 2031."}, user=administrator)
    soup = BeautifulSoup(admin_client.get(translate_url(record, FRENCH)).content.decode(), "html.parser")
    panel = soup.find("div", {"data-id": lead.id})
    assert "The numbers differ" in panel.find(class_="help__problem--error").text
    assert "but durable" in panel.find(class_="help__terms").text
    assert panel.find("button", {"data-use": remembered.target})
    assert "About Us" in panel.find(class_="help__match").text


def test_matches_are_asked_for_one_segment_at_a_time(record, lead, remembered, admin_client):
    answer = admin_client.get(reverse("translations:memory"), parameters(record, lead)).json()
    (match,) = answer["matches"]
    assert (match["score"], match["target"]) == (100, remembered.target)
    assert "About Us" in match["origin"]
    assert admin_client.get(match["url"]).status_code == 200


def test_a_text_is_checked_before_it_is_saved(record, lead, admin_client):
    data = parameters(record, lead, text="En 2031.")
    problems = admin_client.post(reverse("translations:check"), data).json()["problems"]
    assert ("error", "numbers") in {(one["level"], one["code"]) for one in problems}
    right = parameters(record, lead, text=lead.target)
    assert admin_client.post(reverse("translations:check"), right).json()["problems"] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"record": "pages.missionpage:999999"},
        {"record": "pages.missionpage"},
        {"record": "accounts.user:1"},
        {"record": ""},
        {"segment": "pages.aboutpage:1/title/-/0"},
        {"language": "en"},
        {"language": "de"},
    ],
)
def test_what_is_not_there_is_not_found(record, lead, admin_client, changes):
    data = parameters(record, lead) | changes
    assert admin_client.get(reverse("translations:memory"), data).status_code == 404
    assert admin_client.post(reverse("translations:check"), data).status_code == 404


def test_visitors_learn_nothing(record, lead, client):
    for name in ("memory", "check"):
        assert client.get(reverse(f"translations:{name}"), parameters(record, lead)).status_code in {302, 405}
