"""What approval has to do with the checks and the memory."""

import pytest

from translations import memory, workflow
from translations.languages import get_language
from translations.models import MemoryUnit
from translations.segments import segments
from translations.states import State

FRENCH = get_language("fr")


@pytest.fixture
def record(page):
    return page("about/mission/")


def translated(record):
    return segments(workflow.working_copy(record), FRENCH)


def test_an_approved_translation_is_in_the_memory(record, administrator):
    words = {segment.id: segment.target for segment in translated(record)}
    workflow.approve_again(record, FRENCH, administrator)
    assert MemoryUnit.objects.filter(language="fr").count() == len(words)
    first = translated(record)[0]
    (match,) = memory.exact(first, FRENCH)
    assert (match.target, match.object_id) == (words[first.id], record.pk)


def test_an_error_keeps_a_translation_from_being_approved(record, administrator):
    segment = next(segment for segment in translated(record) if "Education 2030" in segment.source)
    wrong = segment.target.replace("2030", "2031")
    workflow.save_translation(record, FRENCH, {segment.id: wrong}, user=administrator)
    with pytest.raises(workflow.ApprovalBlocked) as blocked:
        workflow.approve_again(record, FRENCH, administrator)
    assert [(one.id, "2031" in sentence) for one, sentence in blocked.value.problems] == [(segment.id, True)]
    assert workflow.progress(record, FRENCH).state != State.APPROVED
    assert not MemoryUnit.objects.exists()


def test_a_warning_keeps_nothing_from_being_approved(record, administrator):
    segment = next(segment for segment in translated(record) if segment.source.endswith("."))
    workflow.save_translation(
        record, FRENCH, {segment.id: segment.target.rstrip(".") + "  !"}, user=administrator
    )
    workflow.approve_again(record, FRENCH, administrator)
    assert workflow.progress(record, FRENCH).state == State.APPROVED
