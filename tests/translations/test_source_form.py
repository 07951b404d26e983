"""The form of the source while translators are at work."""

import pytest
from django.urls import reverse

from milestones.models import Milestone
from tests.admin_forms import form_data
from translations import workflow
from translations.languages import get_language
from translations.segments import segments

FRENCH = get_language("fr")
JSON = {"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"}


@pytest.fixture(params=["page", "article", "milestone"])
def record(request, page):
    if request.param == "milestone":
        return Milestone.objects.first()
    return page("about/mission/" if request.param == "page" else "news/netdragon-strategic-cooperation/")


@pytest.fixture
def translator(django_user_model):
    return django_user_model.objects.create_superuser("traductrice", password="-")


def field_of(record):
    return "title" if hasattr(record, "title") else "text"


def edit_url(record):
    if hasattr(record, "title"):
        return reverse("wagtailadmin_pages:edit", args=[record.pk])
    return reverse("wagtailsnippets_milestones_milestone:edit", args=[record.pk])


def opened(client, record):
    """What the browser knows of an open form."""
    response = client.get(edit_url(record))
    revision = response.context["form"].instance.latest_revision
    data = form_data(response.context["form"])
    data |= {
        "loaded_revision_id": str(revision.pk),
        "loaded_revision_created_at": revision.created_at.isoformat(),
    }
    return data


def autosave(client, record, data):
    return client.post(edit_url(record), data, headers=JSON).json()


def translate(record, user, words):
    first = segments(workflow.working_copy(record), FRENCH)[0]
    workflow.save_translation(record, FRENCH, {first.id: words}, user=user)


def held(record):
    working = type(record).objects.get(pk=record.pk).get_latest_revision_as_object()
    name = field_of(record)
    return getattr(working, f"{name}_en"), getattr(working, f"{name}_fr")


@pytest.fixture
def stored(record):
    """The record with a revision, as every record has that was ever saved in the admin."""
    if not record.latest_revision:
        record.save_revision()
        record.refresh_from_db()
    return record


def test_an_editor_saves_by_herself_after_a_translator_did_and_both_texts_are_kept(
    admin_client, stored, translator
):
    data = opened(admin_client, stored)
    name = f"{field_of(stored)}_en"
    translate(stored, translator, "D’une traductrice")
    reply = autosave(admin_client, stored, data | {name: "By the editor"})
    assert reply["success"], reply
    assert held(stored) == ("By the editor", "D’une traductrice")
    # Again and again: now the form has a revision of its own to save over.
    for number in range(2):
        translate(stored, translator, f"Encore {number}")
        data |= {"overwrite_revision_id": str(reply["revision_id"])}
        reply = autosave(admin_client, stored, data | {name: f"Again {number}"})
        assert reply["success"], reply
        assert held(stored) == (f"Again {number}", f"Encore {number}")


def test_another_editors_version_is_still_not_overwritten(admin_client, stored, translator, client):
    data = opened(admin_client, stored)
    name = f"{field_of(stored)}_en"
    other = opened(admin_client, stored)
    assert autosave(admin_client, stored, other | {name: "By another editor"})["success"]
    translate(stored, translator, "D’une traductrice")
    reply = autosave(admin_client, stored, data | {name: "By the first editor"})
    assert reply["error_code"] == "invalid_revision"
    assert held(stored) == ("By another editor", "D’une traductrice")


def ping(client, record, data):
    meta = record._meta
    return client.post(
        reverse("wagtailadmin_editing_sessions:ping", args=[meta.app_label, meta.model_name, record.pk, 999]),
        {
            "revision_id": data["loaded_revision_id"],
            "revision_created_at": data["loaded_revision_created_at"],
        },
    ).json()


def test_an_open_form_is_not_told_of_a_newer_version_when_only_a_translation_is_new(
    admin_client, stored, translator
):
    data = opened(admin_client, stored)
    translate(stored, translator, "D’une traductrice")
    assert not [
        session for session in ping(admin_client, stored, data)["other_sessions"] if session["revision_id"]
    ]
    working = type(stored).objects.get(pk=stored.pk).get_latest_revision_as_object()
    setattr(working, f"{field_of(stored)}_en", "By another editor")
    working.save_revision(user=translator)
    sessions = ping(admin_client, stored, data)["other_sessions"]
    assert [session["revision_id"] for session in sessions] == [working.latest_revision_id]


@pytest.mark.parametrize("code", ["ar", "fr"])
def test_a_form_has_no_input_of_another_language(admin_client, stored, code):
    names = opened(admin_client, stored)
    assert not [name for name in names if name.endswith(f"_{code}")]
    assert f"{field_of(stored)}_en" in names
