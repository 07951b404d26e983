"""What was approved once is found again, with where it comes from."""

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from translations import memory
from translations.index import index_record
from translations.languages import get_language
from translations.models import MemoryUnit, SourceText
from translations.segments import render

from .pieces import plain, rich

FRENCH = get_language("fr")
SENTENCE = "The Centre promotes the digital transformation of higher education in developing countries."
TRANSLATION = "Le Centre promeut la transformation numérique de l’enseignement supérieur."


@pytest.fixture
def record(page):
    record = page("about/mission/")
    index_record(record)
    return record


@pytest.fixture
def approver(django_user_model, db):
    return django_user_model.objects.create_user("approver", first_name="Amina", last_name="Diallo")


@pytest.fixture
def remember(record, approver):
    def keep(*segments, language=FRENCH):
        return memory.remember(record, language, segments, approver)

    return keep


# Exact matches ----------------------------------------------------------------------------------------------


def test_the_same_source_is_found_with_where_it_comes_from(remember, record):
    remember(plain(SENTENCE, TRANSLATION))
    (match,) = memory.exact(plain(SENTENCE, name="elsewhere"), FRENCH)
    assert (match.score, match.target, match.is_exact) == (100, TRANSLATION, True)
    assert (match.title, match.label, match.object_id) == ("Mission", "pages.missionpage", record.pk)
    assert match.approved_by == "Amina Diallo"
    assert timezone.now() - match.approved_at < timedelta(minutes=1)


def test_each_language_has_a_memory_of_its_own(remember):
    remember(plain(SENTENCE, TRANSLATION))
    assert memory.matches(plain(SENTENCE), get_language("es")) == []


def test_what_has_no_translation_is_not_remembered(remember):
    assert remember(plain(SENTENCE)) == 0
    assert not MemoryUnit.objects.exists()


def test_remembering_twice_writes_nothing(remember, django_assert_max_num_queries):
    assert remember(plain(SENTENCE, TRANSLATION)) == 1
    before = list(MemoryUnit.objects.values())
    assert remember(plain(SENTENCE, TRANSLATION)) == 0
    assert list(MemoryUnit.objects.values()) == before


def test_a_changed_translation_takes_the_place_of_the_older_one(remember):
    remember(plain(SENTENCE, "Une première version."))
    assert remember(plain(SENTENCE, TRANSLATION)) == 1
    assert [match.target for match in memory.exact(plain(SENTENCE), FRENCH)] == [TRANSLATION]


def test_the_same_words_from_two_places_are_one_match_and_the_newest_comes_first(remember):
    remember(plain(SENTENCE, TRANSLATION, name="one"))
    remember(plain(SENTENCE, TRANSLATION, name="two"))
    remember(plain(SENTENCE, "Autrement dit.", name="three"))
    found = memory.exact(plain(SENTENCE), FRENCH)
    assert [match.target for match in found] == ["Autrement dit.", TRANSLATION]


def test_matches_of_a_whole_page_take_one_query(remember, django_assert_num_queries):
    pieces = [plain(f"Sentence number {n} of the page.", f"Phrase {n}.", name=str(n)) for n in range(40)]
    remember(*pieces)
    with django_assert_num_queries(1):
        found = memory.exact_for(pieces, FRENCH)
    assert all(len(matches) == 1 for matches in found.values())


def test_a_record_that_is_gone_leaves_its_words(remember, record):
    remember(plain(SENTENCE, TRANSLATION))
    MemoryUnit.objects.update(entry=None)
    (match,) = memory.exact(plain(SENTENCE), FRENCH)
    assert (match.target, match.title, match.object_id) == (TRANSLATION, "", None)


# Fuzzy matches ----------------------------------------------------------------------------------------------


def test_a_source_that_reads_alike_is_found(remember):
    remember(plain(SENTENCE, TRANSLATION))
    changed = plain(SENTENCE.replace("developing", "African"))
    (match,) = memory.fuzzy(changed, FRENCH)
    assert 80 <= match.score < 100
    assert (match.source, match.target) == (SENTENCE, TRANSLATION)


def test_the_most_alike_comes_first_and_no_more_than_asked_for(remember):
    sources = [SENTENCE + " " + "More " * n for n in range(1, 8)]
    remember(*(plain(source, f"Cible {n}.", name=str(n)) for n, source in enumerate(sources)))
    found = memory.fuzzy(plain(SENTENCE), FRENCH, limit=3)
    assert [match.target for match in found] == ["Cible 0.", "Cible 1.", "Cible 2."]
    assert [match.score for match in found] == sorted((match.score for match in found), reverse=True)


def test_what_is_not_alike_is_not_found(remember):
    remember(plain("Visitors receive no cookies.", "Aucun cookie n’est déposé."))
    assert memory.fuzzy(plain(SENTENCE), FRENCH) == []
    assert memory.fuzzy(plain("A"), FRENCH) == []


def test_the_same_words_with_another_link_are_not_exact(remember):
    remember(rich(f'<p>{SENTENCE} <a href="https://a.example/">More</a></p>', "<p>Le Centre…</p>"))
    other = rich(f'<p>{SENTENCE} <a href="https://b.example/">More</a></p>')
    assert memory.exact(other, FRENCH) == []
    (match,) = memory.fuzzy(other, FRENCH)
    assert match.score == 99


def test_exact_matches_stand_before_the_others(remember):
    remember(plain(SENTENCE, TRANSLATION), plain(SENTENCE + " Yes.", "Oui.", name="1"))
    assert [match.is_exact for match in memory.matches(plain(SENTENCE), FRENCH)] == [True, False]


def test_a_new_unit_is_found_at_once(remember):
    segment = plain(SENTENCE + " Today.")
    assert memory.fuzzy(segment, FRENCH) == []
    remember(plain(SENTENCE, TRANSLATION))
    assert len(memory.fuzzy(segment, FRENCH)) == 1
    remember(plain(SENTENCE + " Now.", "Maintenant.", name="1"))
    assert len(memory.fuzzy(segment, FRENCH)) == 2


def test_units_of_another_process_are_found_and_deleted_ones_are_not(remember):
    remember(plain(SENTENCE, TRANSLATION))
    segment = plain(SENTENCE + " Today.")
    assert len(memory.fuzzy(segment, FRENCH)) == 1
    # Approved earlier by a transaction that ended only now: neither its number nor its date is the newest.
    other = SourceText.objects.create(digest="f" * 16, text=SENTENCE + " Tomorrow.")
    earlier = timezone.now() - timedelta(hours=1)
    MemoryUnit.objects.create(source=other, language="fr", target="Demain.", segment="x", approved_at=earlier)
    assert {match.target for match in memory.fuzzy(segment, FRENCH)} == {TRANSLATION, "Demain."}
    MemoryUnit.objects.filter(source=other).delete()
    assert {match.target for match in memory.fuzzy(segment, FRENCH)} == {TRANSLATION}


def test_a_lookup_reads_no_more_than_its_matches(remember, django_assert_num_queries):
    remember(*(plain(f"{SENTENCE} {n}", f"{TRANSLATION} {n}", name=str(n)) for n in range(30)))
    memory.fuzzy(plain(SENTENCE), FRENCH)
    with django_assert_num_queries(2):
        memory.fuzzy(plain(SENTENCE), FRENCH)


# Codes ------------------------------------------------------------------------------------------------------

LINKED = '<p>Read the <b>report</b> <a linktype="page" id="3">here</a> in full.</p>'
LINKED_FRENCH = '<p>Lisez <a linktype="page" id="3">ici</a> le <b>rapport</b> en entier.</p>'


def test_marks_go_to_the_same_marks_of_the_new_segment(remember):
    remember(rich(LINKED, LINKED_FRENCH))
    # Another order of the same marks, so other numbers.
    segment = rich('<p>Read <a linktype="page" id="3">here</a> the <b>report</b> in full.</p>')
    (match,) = memory.fuzzy(segment, FRENCH)
    assert match.target == "Lisez <1>ici</1> le <2>rapport</2> en entier."
    assert 'id="3">ici</a>' in render(segment.codes, match.target)


def test_a_link_takes_the_address_of_the_new_segment(remember):
    remember(rich(LINKED, LINKED_FRENCH))
    segment = rich(LINKED.replace('id="3"', 'id="8"'))
    (match,) = memory.fuzzy(segment, FRENCH)
    assert 'id="8">ici</a>' in render(segment.codes, match.target)


def test_marks_that_the_new_segment_lacks_are_dropped_and_their_words_kept(remember):
    remember(rich(LINKED, LINKED_FRENCH))
    segment = rich("<p>Read the report here in full.</p>")
    (match,) = memory.fuzzy(segment, FRENCH)
    assert match.target == "Lisez ici le rapport en entier."


def test_a_plain_field_gets_plain_words(remember):
    remember(
        rich("<p>Read the <b>report</b> &lt;1&gt; here</p>", "<p>Lisez le <b>rapport</b> &lt;1&gt; ici</p>")
    )
    (match,) = memory.fuzzy(plain("Read the report <1> here"), FRENCH)
    assert match.target == "Lisez le rapport <1> ici"


@pytest.mark.parametrize("words", ["a \\ b <1> c \\<2>", "1 < 2 & <b>", "\\\\"])
def test_the_words_of_a_plain_field_survive_whatever_they_look_like(remember, words):
    remember(plain(SENTENCE, words))
    assert memory.exact(plain(SENTENCE), FRENCH)[0].target == words
    (match,) = memory.fuzzy(rich(f"<p>{SENTENCE} Yes</p>"), FRENCH)
    assert "<b>" not in render((), match.target)


def test_every_match_can_be_saved_as_it_is(remember):
    remember(rich(LINKED, LINKED_FRENCH), replace(rich(LINKED, LINKED_FRENCH), part="1", target="Lisez."))
    for source in (
        LINKED,
        "<p>Read the <i>report</i> here in full.</p>",
        "<p>Read the report<br/>here in full.</p>",
    ):
        segment = rich(source)
        for match in memory.matches(segment, FRENCH):
            render(segment.codes, match.target)


@pytest.mark.thorough
def test_the_benchmark_runs():
    result = subprocess.run(
        [sys.executable, "tests/benchmarks/memory.py", "300"], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert "times an exact lookup" in result.stdout
