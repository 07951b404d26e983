"""Drafts can be looked at in each language, whatever the language of the admin."""

import pytest
from django.urls import reverse
from django.utils import translation
from wagtail.users.models import UserProfile

from milestones.models import Milestone
from tests.admin_forms import form_data
from translations.languages import get_language


@pytest.fixture(params=["en", "ar", "fr"])
def editor(request, admin_client, administrator):
    UserProfile.objects.create(user=administrator, preferred_language=request.param)
    return admin_client


def preview(client, edit_url, preview_url, language, changes):
    data = form_data(client.get(edit_url).context["form"]) | changes
    assert client.post(f"{preview_url}?mode={language}", data).json()["is_valid"]
    response = client.get(f"{preview_url}?mode={language}")
    assert response.status_code == 200
    return response.content.decode()


def test_a_draft_of_a_page_is_shown_in_the_language_that_was_asked_for(editor, page, language):
    mission = page("about/mission/")
    with translation.override("en"):
        setattr(mission, f"lead_{language.replace('-', '_')}", f"The lead of {language}")
        mission.save_revision()
    html = preview(
        editor,
        reverse("wagtailadmin_pages:edit", args=[mission.pk]),
        reverse("wagtailadmin_pages:preview_on_edit", args=[mission.pk]),
        language,
        {"lead_en": "The lead of en"},
    )
    assert f'<html lang="{get_language(language).tag}" dir="{get_language(language).direction}">' in html
    assert f"The lead of {language}" in html


def test_a_draft_of_a_milestone_is_shown_in_the_language_that_was_asked_for(editor, language):
    milestone = Milestone.objects.get(year=2014)
    html = preview(
        editor,
        reverse("wagtailsnippets_milestones_milestone:edit", args=[milestone.pk]),
        reverse("wagtailsnippets_milestones_milestone:preview_on_edit", args=[milestone.pk]),
        language,
        {"starts_day": "", "starts_month": "7"},
    )
    assert f'lang="{get_language(language).tag}"' in html
    assert Milestone.objects.get(pk=milestone.pk).moment.phrase(language) not in html
