"""English goes through approval while others are at work on its translations."""

import pytest
from django.urls import reverse
from wagtail.models import Workflow

from pages.models import MissionPage
from tests.admin_forms import form_data
from tests.people import person
from tests.translating import LEADS, column
from tests.translating import approve as approved
from translations import workflow
from translations.languages import get_language


@pytest.fixture
def sign_in(client, db):
    """Signs a member of a group in."""

    def enter(group):
        client.force_login(person(group, group))
        return client

    return enter


@pytest.fixture
def target(translated):
    return get_language(translated)


def lead(target):
    return getattr(MissionPage.objects.get(), column("lead", target.code))


def write(mission, target, words, user):
    segments = workflow.progress(mission, target).segments
    name = next(segment.id for segment in segments if segment.field == "lead")
    workflow.save_translation(mission, target, {name: words}, user=user)


def test_a_translation_written_during_approval_survives_it_and_stays_a_draft(sign_in, administrator, target):
    mission = approved(MissionPage.objects.get())
    before = lead(target)
    edit = reverse("wagtailadmin_pages:edit", args=[mission.pk])
    editor = sign_in("Editors")
    data = form_data(editor.get(edit).context["form"])
    data |= {"lead_en": "A new lead.", "action-submit": "submit"}
    assert editor.post(edit, data).status_code == 302
    mission = MissionPage.objects.get()
    assert mission.lead_en != "A new lead."
    assert mission.current_workflow_state.workflow == Workflow.objects.get()

    write(mission, target, "Written meanwhile", administrator)
    publisher = sign_in("Publishers")
    task = mission.current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[mission.pk, "approve", task.pk])
    assert publisher.post(url).status_code in {200, 302}

    mission = MissionPage.objects.get()
    assert mission.lead_en == "A new lead."
    assert lead(target) == before
    words = [segment.target for segment in workflow.progress(mission, target).segments]
    assert "Written meanwhile" in words


def test_an_alias_follows_an_approval(administrator, target, get, page):
    mission = approved(MissionPage.objects.get())
    mission.create_alias(parent=page(""), update_slug="mission-alias")
    write(mission, target, LEADS[target.code][0], administrator)
    url = f"/{target.code}/mission-alias/"
    assert get(url).select_one(".lead").get_text() != LEADS[target.code][0]
    workflow.submit(mission, target, administrator)
    workflow.approve(mission, target, administrator)
    assert get(url).select_one(".lead").get_text() == LEADS[target.code][0]


def test_a_page_that_was_never_published_is_translated_and_goes_live_in_all_languages(
    administrator, target, get, page
):
    from pages.models import ContentPage

    draft = page("").add_child(instance=ContentPage(title_en="Working with us", slug="work", live=False))
    draft.save_revision()
    name = workflow.progress(draft, target).segments[0].id
    workflow.save_translation(draft, target, {name: "Avec nous"}, user=administrator)
    workflow.submit(draft, target, administrator)
    assert not workflow.approve(draft, target, administrator)
    get(f"/{target.code}/work/", status=404)
    ContentPage.objects.get(pk=draft.pk).get_latest_revision().publish()
    assert get(f"/{target.code}/work/").h1.get_text() == "Avec nous"
    assert not ContentPage.objects.get(pk=draft.pk).has_unpublished_changes
