"""The lists of translations follow the records, and can be rebuilt from them."""

import io
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.utils import timezone

from ichei_site.management.commands import serve
from library.models import CustomImage
from milestones.models import Milestone
from news.models import NewsCategory
from tests.translating import approve
from translations import workflow
from translations.languages import get_language, target_languages
from translations.models import LanguageState, RecordEntry
from translations.registry import owner_models
from translations.states import State

pytestmark = pytest.mark.django_db
FRENCH = get_language("fr")


def entries():
    """All that the lists hold, without the numbers of their rows."""
    states = LanguageState.objects.select_related("entry")
    return {
        (state.entry.key, state.language): (
            state.entry.title,
            state.entry.words,
            state.entry.live,
            state.entry.updated_at,
            state.state,
            state.origin,
            state.done,
            state.total,
            state.words_left,
            state.is_public,
        )
        for state in states
    }


def rebuild(**options):
    out = io.StringIO()
    call_command("index_translations", stdout=out, **options)
    return out.getvalue()


def test_every_record_is_listed_in_every_language():
    listed = {
        (model._meta.label_lower, record.pk)
        for model in owner_models()
        for record in model._base_manager.all()
    }
    assert set(RecordEntry.objects.values_list("label", "object_id")) == listed
    assert LanguageState.objects.count() == len(listed) * len(target_languages())


def test_rebuilding_changes_nothing_that_was_right():
    before = entries()
    assert "0 taken over" in rebuild()
    assert entries() == before


def test_rebuilding_finds_everything_again():
    before = {key: value[:3] + value[4:] for key, value in entries().items()}
    RecordEntry.objects.all().delete()
    rebuild()
    assert {key: value[:3] + value[4:] for key, value in entries().items()} == before


def test_a_rebuilt_entry_says_when_its_record_was_changed():
    moment = timezone.now() - timedelta(days=90)
    image = CustomImage.objects.first()
    CustomImage.objects.filter(pk=image.pk).update(created_at=moment)
    RecordEntry.objects.all().delete()
    rebuild()
    assert RecordEntry.objects.for_record(image).get().updated_at == moment


def test_rebuilding_keeps_who_is_at_work(administrator):
    state = LanguageState.objects.filter(state=State.DRAFT).first()
    due = timezone.localdate()
    LanguageState.objects.filter(pk=state.pk).update(assignee=administrator, due=due)
    rebuild()
    state.refresh_from_db()
    assert (state.assignee, state.due) == (administrator, due)


def test_rebuilding_removes_what_is_gone():
    gone = RecordEntry.objects.create(
        content_type=ContentType.objects.get_for_model(Milestone),
        object_id=987654,
        label="milestones.milestone",
        title="Gone",
    )
    assert "1 removed" in rebuild()
    assert not RecordEntry.objects.filter(pk=gone.pk).exists()


def test_it_says_how_far_it_is():
    assert f"news.NewsCategory: {NewsCategory.objects.count()}" in rebuild(verbosity=2)
    assert rebuild(verbosity=0) == ""


def test_a_deleted_record_leaves_the_lists():
    category = NewsCategory.objects.create(name_en="Short-lived")
    assert RecordEntry.objects.for_record(category).exists()
    number = category.pk
    category.delete()
    assert not RecordEntry.objects.filter(label="news.newscategory", object_id=number).exists()


def test_an_alias_has_no_row_of_its_own(page):
    alias = page("about/mission/").create_alias(update_slug="alias")
    rebuild()
    assert not RecordEntry.objects.for_record(alias).exists()


def test_an_approval_ends_the_assignment(page, administrator):
    mission = page("about/mission/")
    states = LanguageState.objects.filter(entry__in=RecordEntry.objects.for_record(mission))
    states.update(assignee=administrator, assigned_by=administrator, due=timezone.localdate())
    workflow.submit(mission, FRENCH, administrator)
    assert states.get(language="fr").assignee == administrator
    workflow.approve(mission, FRENCH, administrator)
    french = states.get(language="fr")
    assert (french.assignee, french.assigned_by, french.due) == (None, None, None)
    assert states.get(language="ru").assignee == administrator


def test_a_change_of_the_source_leaves_the_assignment(page, administrator):
    mission = approve(page("about/mission/"), "fr")
    states = LanguageState.objects.filter(entry__in=RecordEntry.objects.for_record(mission), language="fr")
    mission.title_en = "Our new mission"
    mission.save_revision().publish()
    assert states.get().state == State.OUTDATED
    states.update(assignee=administrator)
    mission.title_en = "Our newest mission"
    mission.save_revision().publish()
    assert states.get().assignee == administrator


# The first start ------------------------------------------------------------------------------------------


@pytest.fixture
def commands(monkeypatch):
    """The names of the commands that a first start runs, without running them."""
    called = []
    monkeypatch.setattr(serve, "call_command", lambda name, **options: called.append(name))
    return called


def test_a_start_fills_the_lists_where_there_are_none_yet(commands):
    RecordEntry.objects.all().delete()
    serve.Command().prepare()
    assert commands[0] == "index_translations"


def test_a_start_leaves_lists_alone_that_are_there(commands):
    serve.Command().prepare()
    assert "index_translations" not in commands
