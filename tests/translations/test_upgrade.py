"""A site of an older version gets its states of translations from what was known then."""

import io
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command

from library.models import CustomImage
from milestones.models import Milestone
from news.models import NewsCategory
from pages.models import BasePage, FoundingFact, MissionPage
from translations.index import index_record
from translations.languages import get_language, target_languages
from translations.models import LanguageState, RecordEntry, SourceText
from translations.states import State
from translations.upgrade import is_blank, new_status
from translations.workflow import progress

pytestmark = pytest.mark.django_db
DRAFT = {"state": "draft", "origin": "machine"}
APPROVED = {"state": "approved", "origin": "human"}


def upgrade(*rooms):
    names = {
        "pages": "0007_states_of_older_versions",
        "milestones": "0003_states_of_older_versions",
        "news": "0003_states_of_older_versions",
        "library": "0004_states_of_older_versions",
    }
    for room in rooms or names:
        import_module(f"{room}.migrations.{names[room]}").upgrade(apps, None)


def make_old(model, pk, status):
    """Puts the status that an older version kept into a row and into its revisions."""
    model._base_manager.filter(pk=pk).update(translation_status=status)
    record = model._base_manager.get(pk=pk)
    if hasattr(record, "revisions"):
        for revision in record.revisions.all():
            revision.content["translation_status"] = status
            revision.save(update_fields=["content"])
    return record


def status_of(model, pk):
    return model._base_manager.get(pk=pk).translation_status


@pytest.fixture
def mission(page):
    record = page("about/mission/")
    return make_old(MissionPage, record.pk, {"fr": "machine-translated", "ru": "reviewed"})


def test_the_status_of_a_page_is_carried_over(mission):
    upgrade()
    assert status_of(MissionPage, mission.pk) == {
        "fr": DRAFT,
        "ru": APPROVED,
        # Staff had written these, and visitors read them.
        "ar": APPROVED,
        "zh-hans": APPROVED,
        "es": APPROVED,
    }


def test_so_is_that_of_each_of_its_revisions(mission):
    upgrade()
    contents = [revision.content for revision in mission.revisions.all()]
    assert contents
    for content in contents:
        assert content["translation_status"]["fr"] == DRAFT
        assert content["translation_status"]["ru"] == APPROVED
        assert content["translation_status"]["ar"] == APPROVED


def test_a_language_without_any_text_stays_missing(mission):
    columns = [f"{name}_fr" for name in ("title", "seo_title", "search_description", "lead", "body")]
    MissionPage.objects.filter(pk=mission.pk).rewrite(False).update(
        **dict.fromkeys(columns), translation_status={}
    )
    upgrade()
    assert "fr" not in status_of(MissionPage, mission.pk)


def test_a_text_alone_counts_without_a_title(mission):
    MissionPage.objects.filter(pk=mission.pk).rewrite(False).update(
        title_fr=None, lead_fr=None, translation_status={}
    )
    upgrade()
    assert status_of(MissionPage, mission.pk)["fr"] == APPROVED


def test_the_text_of_a_child_counts_for_its_page(page):
    about = page("about/")
    make_old(type(about), about.pk, {})
    names = ("title", "seo_title", "search_description", "lead", "body")
    type(about).objects.filter(pk=about.pk).rewrite(False).update(**{f"{name}_fr": None for name in names})
    assert FoundingFact.objects.filter(page=about).rewrite(False).exclude(term_fr=None).exists()
    upgrade()
    assert status_of(type(about), about.pk)["fr"] == APPROVED


def test_the_page_types_of_other_rooms_are_carried_over_too(page):
    for path in ("news/", "about/milestones/"):
        record = BasePage.objects.filter(url_path=f"/home/{path}").first()
        if record is not None:
            make_old(type(record.specific), record.pk, {"fr": "machine-translated"})
    upgrade()
    for record in BasePage.objects.filter(depth__gt=1):
        assert all(isinstance(entry, dict) for entry in record.translation_status.values())


def test_a_milestone_is_carried_over():
    milestone = Milestone.objects.first()
    make_old(Milestone, milestone.pk, {"fr": "machine-translated"})
    upgrade()
    assert status_of(Milestone, milestone.pk) == {
        language.code: DRAFT if language.code == "fr" else APPROVED for language in target_languages()
    }
    for revision in Milestone.objects.get(pk=milestone.pk).revisions.all():
        assert revision.content["translation_status"]["fr"] == DRAFT


@pytest.mark.parametrize("model", [CustomImage, NewsCategory])
def test_where_nothing_was_known_the_starting_content_is_a_draft(model):
    record = model.objects.first()
    make_old(model, record.pk, {})
    upgrade()
    assert status_of(model, record.pk) == dict.fromkeys(
        (language.code for language in target_languages()), DRAFT
    )


def test_carrying_over_twice_is_as_carrying_over_once(mission):
    upgrade()
    first = [status_of(MissionPage, mission.pk), *(revision.content for revision in mission.revisions.all())]
    upgrade()
    assert [
        status_of(MissionPage, mission.pk),
        *(revision.content for revision in mission.revisions.all()),
    ] == first


def test_states_of_this_version_are_left_as_they_are(page):
    before = {record.pk: record.translation_status for record in BasePage.objects.all()}
    upgrade()
    assert {record.pk: record.translation_status for record in BasePage.objects.all()} == before


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "  ",
        "<p></p>",
        '<p data-block-key="a1"></p>',
        "[]",
        "null",
        '[{"type": "text", "value": "<p></p>", "id": "1"}]',
    ],
)
def test_what_shows_nothing_is_blank(value):
    assert is_blank(value)


@pytest.mark.parametrize(
    "value",
    [
        "a",
        "[not JSON",
        '[{"type": "text", "value": "<p>a</p>", "id": "1"}]',
        '[{"type": "image", "value": 3, "id": "1"}]',
    ],
)
def test_what_shows_anything_is_not(value):
    assert not is_blank(value)


def test_a_status_that_nobody_knows_is_forgotten():
    assert new_status({"fr": "nonsense", "ru": "reviewed"}, set(), APPROVED) == {"ru": APPROVED}


# Then the sources ------------------------------------------------------------------------------------------


def state(record, code):
    return progress(record, get_language(code)).state


def test_until_then_an_approved_translation_is_out_of_date(mission):
    upgrade()
    assert state(MissionPage.objects.get(pk=mission.pk), "ru") == State.OUTDATED


def test_the_command_takes_the_sources_from_what_stands_beside(mission):
    upgrade()
    SourceText.objects.all().delete()
    out = io.StringIO()
    call_command("index_translations", stdout=out)
    assert "1 taken over" in out.getvalue()
    record = MissionPage.objects.get(pk=mission.pk)
    assert state(record, "ru") == State.APPROVED
    assert state(record, "fr") == State.DRAFT
    assert SourceText.objects.exists()
    listed = LanguageState.objects.filter(entry__in=RecordEntry.objects.for_record(record))
    assert listed.get(language="ru").state == State.APPROVED


def test_it_does_so_in_the_revisions(mission):
    upgrade()
    call_command("index_translations", verbosity=0)
    for revision in mission.revisions.all():
        assert revision.content["translation_status"]["ru"]["sources"]


def test_a_later_change_of_the_source_is_noticed(mission):
    upgrade()
    call_command("index_translations", verbosity=0)
    record = MissionPage.objects.get(pk=mission.pk).get_latest_revision_as_object()
    record.title_en = "Another mission"
    record.save_revision().publish()
    assert state(record, "ru") == State.OUTDATED


def test_no_word_changes(mission):
    upgrade()
    columns = ["title_fr", "title_ru", "lead_fr", "body_ru", "title_en"]
    before = MissionPage.objects.filter(pk=mission.pk).rewrite(False).values_list(*columns).get()
    call_command("index_translations", verbosity=0)
    assert MissionPage.objects.filter(pk=mission.pk).rewrite(False).values_list(*columns).get() == before


def test_the_starting_content_can_still_be_renewed(mission):
    """The loader knows a translation again that nobody has touched."""
    make_old(
        MissionPage, mission.pk, dict.fromkeys(["ar", "zh-hans", "fr", "ru", "es"], "machine-translated")
    )
    upgrade()
    call_command("index_translations", verbosity=0)
    out = io.StringIO()
    call_command("load_content", stdout=out)
    assert "0 left as staff have them" in out.getvalue()


def test_indexing_a_record_that_was_not_adopted_does_no_harm(mission):
    upgrade()
    index_record(MissionPage.objects.get(pk=mission.pk))
    call_command("index_translations", verbosity=0)
    assert state(MissionPage.objects.get(pk=mission.pk), "ru") == State.APPROVED
