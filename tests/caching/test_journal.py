"""The order in which changes become known, whoever made them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from caching import journal as journal_module
from caching.journal import EVERYTHING, Journal, announce, begin_anew, changed, prune
from caching.models import Change, Position


@pytest.fixture(autouse=True)
def _empty(db, journal):
    """The starting content has left its traces."""
    begin_anew()


@pytest.fixture
def here(journal):
    return journal


@pytest.fixture
def there():
    """The journal of another process."""
    return Journal()


def test_every_process_hears_of_a_change(here, there, committed):
    here.look()
    there.look()
    known = there.position
    with committed():
        changed("page:1")
    for process in (here, there):
        process.look()
        assert process.has_changed({"page:1"}, known)
        assert not process.has_changed({"page:2"}, known)
        assert not process.has_withdrawn({"page:1"}, known)


def test_nobody_hears_of_it_before_it_is_done(there, committed):
    changed("page:0")
    announce()
    there.look()
    known = there.position
    with committed():
        changed("page:1")
        there.look()
        assert not there.has_changed({"page:1"}, known)
    there.look()
    assert there.has_changed({"page:1"}, known)


def test_a_transaction_with_many_changes_is_announced_once(db, committed, django_assert_max_num_queries):
    with committed(), django_assert_max_num_queries(40):
        for number in range(5):
            changed(f"page:{number}")
    assert list(Change.objects.filter(position=None)) == []


def test_a_change_whose_process_died_is_announced_by_another(there):
    changed("page:1", withdraws=True)
    Change.objects.update(at=timezone.now() - timedelta(seconds=10))
    there.look()
    assert there.has_withdrawn({"page:1"}, 0)


def test_a_page_made_after_a_change_is_right(there, committed):
    with committed():
        changed("page:1")
    there.look()
    assert not there.has_changed({"page:1"}, there.position)


def test_everything_is_everything(there, committed):
    with committed():
        changed(EVERYTHING)
    there.look()
    assert there.has_changed({"page:77"}, 0)


def test_what_can_not_be_found_out_makes_everything_anew(there, monkeypatch, caplog):
    def broken(tags):
        raise RuntimeError("no")

    monkeypatch.setattr(journal_module, "_expanders", [broken])
    changed("page:1")
    announce()
    there.look()
    assert there.has_changed({"page:77"}, 0)
    assert "every page is made anew" in caplog.text


def test_a_database_that_was_restored_begins_anew(there, committed):
    with committed():
        changed("page:1")
    there.look()
    epoch = there.epoch
    begin_anew()
    there.look()
    assert there.epoch != epoch
    assert there.position == 0


def test_a_database_whose_journal_went_back_is_noticed(there, committed):
    for _time in range(3):
        with committed():
            changed("page:1")
    there.look()
    Position.objects.update(value=1)
    Change.objects.filter(position__gt=1).delete()
    there.look()
    assert there.position == 1


def test_old_entries_are_pruned_and_others_stay(db):
    changed("page:1")
    announce()
    Change.objects.update(at=timezone.now() - timedelta(days=3))
    changed("page:2")
    announce()
    assert prune() == 1
    assert [change.tags for change in Change.objects.all()] == [["page:2"]]


def test_a_process_keeps_no_more_tags_in_mind_than_it_may(there, monkeypatch):
    monkeypatch.setattr(journal_module, "MOST_TAGS", 10)
    for number in range(12):
        changed(f"page:{number}")
    announce()
    there.look()
    assert len(there._changed) <= 10
    # What it forgot may have changed.
    assert there.has_changed({"page:0"}, 0)
    assert not there.has_changed({"page:0"}, there.position)
