"""What a translated record stores and gives out never depends on the language of whoever is at work."""

import pytest
from django.utils import translation

from milestones.models import Milestone
from pages.models import CentreFunction, ContentPage, MissionPage
from tests.snapshots import plain_column, snapshot
from translations.languages import get_language
from translations.models import translated_fields

pytestmark = pytest.mark.django_db


def test_a_new_page_takes_its_slug_and_draft_title_from_english(page, language):
    new = ContentPage(title_en="Working with us", title_fr="Travailler avec nous", title_ru="Сотрудничество")
    new._cached_parent_obj = page("")
    with translation.override(language):
        new.full_clean(exclude=["path", "depth", "title"])
    assert (new.slug, new.draft_title) == ("working-with-us", "Working with us")


def test_a_revision_holds_the_english_text_in_its_plain_fields(page, language):
    mission = page("about/mission/")
    with translation.override(language):
        data = mission.serializable_data()
    assert (data["title"], data["lead"]) == (mission.title_en, mission.lead_en)


def test_an_old_revision_that_lacks_a_language_gets_nothing_in_it(page, translated):
    """As when a language is added to the site: its columns are in no revision yet."""
    mission = page("about/mission/")
    content = dict(mission.latest_revision.content)
    gone = f"title_{translated.replace('-', '_')}"
    del content[gone]
    with translation.override(translated):
        restored = mission.with_content_json(content)
    assert getattr(restored, gone) is None
    others = [name for name in (f"title_{code}" for code in ("ar", "en", "fr", "ru", "es")) if name != gone]
    assert all(getattr(restored, name) == getattr(mission, name) for name in others)


def test_a_milestone_is_saved_with_english_in_its_plain_column(language):
    with translation.override(language):
        milestone = Milestone.objects.get(year=2014)
        milestone.text_ru = "Другое"
        milestone.save()
        milestone.save_revision().publish()
    assert plain_column(Milestone, milestone.pk, "text") == milestone.text_en


def test_a_child_of_a_page_is_saved_with_english_in_its_plain_column(language):
    with translation.override(language):
        function = CentreFunction.objects.first()
        function.name_es = "Otra"
        function.save()
    assert plain_column(CentreFunction, function.pk, "name") == function.name_en


def test_what_a_reader_gets_is_their_language_or_marked_english(page, translated):
    mission, french = page("about/mission/"), get_language(translated)
    own = mission.localize("title", french)
    assert (own.language.code, own.is_fallback, own.attributes) == (translated, False, "")
    setattr(mission, f"title_{translated.replace('-', '_')}", "  ")
    fallback = mission.localize("title", french)
    assert (str(fallback), fallback.language.code, fallback.is_fallback) == ("Mission", "en", True)
    assert fallback.attributes == ' lang="en" dir="ltr"'


def test_a_field_that_is_empty_in_english_too_falls_back_to_nothing(page):
    mission = page("about/mission/")
    mission.seo_title_en = mission.seo_title_fr = None
    value = mission.localize("seo_title", get_language("fr"))
    assert not value
    assert (str(value), value.is_fallback, value.attributes) == ("", False, "")


def test_saving_part_of_a_record_leaves_the_rest(page, language):
    before = snapshot(page("about/mission/"))
    with translation.override(language):
        part = MissionPage.objects.only("title_en", "slug").get()
        part.title_en = "Part"
        part.save(update_fields=["title_en", "title"], clean=False)
    assert snapshot(page("about/mission/")) == before | {"title_en": "Part"}


def test_the_translated_fields_of_a_page_include_those_of_its_base():
    assert {"title", "seo_title", "search_description", "lead", "body"} == set(translated_fields(MissionPage))
