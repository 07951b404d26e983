"""What nobody waits for is done by a worker: once, again if it failed, by another if its worker is gone."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.tasks import TaskResultStatus, task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from background import queue
from background.measures import tasks_failed
from background.models import Worker
from background.times import GONE_AFTER, KEPT, PAUSES
from background.worker import SiteWorker, has_living_worker
from library.models import CustomImage
from library.pictures import SHAPES
from library.tasks import make_renditions_of
from tests.library.test_stores import picture_file

done: list[str] = []


@task(backend="worker")
def note(text: str) -> None:
    done.append(text)


@task(backend="worker")
def fail() -> None:
    done.append("failed")
    raise ValueError("The mail server said no.")


@pytest.fixture(autouse=True)
def _queue(settings, db):
    settings.TASKS = settings.TASKS | {"worker": settings.BY_A_WORKER}
    done.clear()


def rows() -> list[DBTaskResult]:
    return list(DBTaskResult.objects.all())


def test_nothing_is_done_before_a_worker_comes_and_then_each_task_once(work):
    note.enqueue("first")
    note.enqueue("second")
    assert done == []
    work()
    work()
    assert done == ["first", "second"]
    assert {row.status for row in rows()} == {TaskResultStatus.SUCCESSFUL}
    assert not Worker.objects.exists()


def test_what_is_not_committed_is_never_done(work):
    with transaction.atomic():
        note.enqueue("never")
        transaction.set_rollback(True)
    work()
    assert done == []


def test_what_failed_is_tried_again_after_growing_pauses_and_then_given_up(caplog, work):
    fail.enqueue()
    for pause in PAUSES:
        work()
        (row,) = rows()
        assert row.status == TaskResultStatus.READY
        assert row.run_after - timezone.now() == pytest.approx(pause, abs=timedelta(seconds=10))
        # Not before its time.
        work()
        assert len(rows()[0].worker_ids) == len(done)
        DBTaskResult.objects.update(run_after=timezone.now())
    work()
    assert rows()[0].status == TaskResultStatus.FAILED
    assert len(done) == len(PAUSES) + 1
    assert tasks_failed() == 1
    assert "failed for the last time: ValueError: The mail server said no." in caplog.text


@pytest.fixture
def begun():
    """A task that a worker has begun long ago: `begun(attempts)`."""

    def make(attempts: int = 1) -> DBTaskResult:
        note.enqueue("begun")
        (row,) = rows()
        for number in range(attempts):
            row.claim(f"worker-{number}")
        row.started_at = timezone.now() - 2 * GONE_AFTER
        row.save()
        return row

    return make


def test_the_task_of_a_killed_worker_is_begun_again(begun, work):
    begun()
    work()
    assert done == []
    assert queue.recover() == 1
    assert queue.recover() == 0
    DBTaskResult.objects.update(run_after=timezone.now())
    work()
    assert done == ["begun"]


def test_the_task_of_a_worker_that_lives_is_left_alone(begun):
    begun()
    Worker.objects.create(pk="worker-0", host="here", seen_at=timezone.now())
    assert queue.recover() == 0
    Worker.objects.update(seen_at=timezone.now() - 2 * GONE_AFTER)
    assert queue.recover() == 1


def test_a_task_that_kills_each_worker_is_given_up(begun):
    begun(attempts=len(PAUSES) + 1)
    assert queue.recover() == 0
    assert rows()[0].status == TaskResultStatus.FAILED


def test_what_was_over_long_ago_is_deleted_and_nothing_else(begun, work):
    note.enqueue("over")
    work()
    DBTaskResult.objects.update(finished_at=timezone.now() - KEPT)
    note.enqueue("waits")
    assert queue.prune() == 1
    assert [row.status for row in rows()] == [TaskResultStatus.READY]


def test_a_probe_knows_whether_a_worker_of_this_machine_lives():
    with pytest.raises(CommandError, match="No worker of this machine"):
        call_command("worker", alive=True)
    SiteWorker().say_that_it_lives()
    call_command("worker", alive=True)
    Worker.objects.update(host="another")
    assert not has_living_worker()


def test_where_each_process_does_its_own_tasks_a_worker_says_so(settings):
    with pytest.raises(CommandError, match="number of seconds above 0"):
        call_command("worker", interval=0)
    settings.TASKS = settings.TASKS | {"worker": settings.TASKS["default"]}
    with pytest.raises(CommandError, match="set BACKGROUND_WORKER=1"):
        call_command("worker")


def test_an_uploaded_picture_gets_all_its_files_without_anybody_waiting(admin_client, work):
    admin_client.post(
        "/admin/images/add/", {"title": "A hall", "file": picture_file(), "collection": 1}, follow=True
    )
    image = CustomImage.objects.get(title="A hall")
    before = image.renditions.count()
    work()
    wanted = {spec for shape in SHAPES.values() for spec in shape.specs(image)}
    assert set(image.renditions.values_list("filter_spec", flat=True)) >= wanted
    assert before < len(wanted)
    # Of a picture that is gone nothing is left to do.
    make_renditions_of.enqueue(image.pk)
    image.delete()
    work()
    assert rows()[-1].status == TaskResultStatus.SUCCESSFUL
