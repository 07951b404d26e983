"""Missing, draft, in review, approved, out of date:

what each means for those who write and for those who read.
"""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from library.models import CustomImage
from milestones.models import Milestone
from news.models import NewsPage
from pages.models import MissionPage, SiteSettings
from tests.translating import LEADS, column
from tests.translating import approve as approved
from translations import workflow
from translations.languages import get_language
from translations.models import LanguageState
from translations.states import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def only_approved(settings):
    """A site that shows nothing that a person hasn't approved."""
    settings.SHOW_UNREVIEWED_TRANSLATIONS = False


@pytest.fixture
def target(translated):
    return get_language(translated)


def state_of(record, language):
    return workflow.progress(record, language).state


def cell(record, language):
    return LanguageState.objects.get(
        entry__label=record._meta.label_lower, entry__object_id=record.pk, language=language.code
    )


def write(record, language, user, words=None, field="lead"):
    """Writes into the first segment of a field, as the translator of the language."""
    words = LEADS[language.code][0] if words is None else words
    segments = workflow.progress(record, language).segments
    segment = next(segment for segment in segments if segment.field == field)
    workflow.save_translation(record, language, {segment.id: words}, user=user)


def change_source(record, **changes):
    with translation.override("en"):
        draft = type(record).objects.get(pk=record.pk).get_latest_revision_as_object()
        for name, value in changes.items():
            setattr(draft, name, value)
        draft.save_revision().publish()


def test_a_translation_goes_from_draft_to_review_to_approved(administrator, target):
    mission = MissionPage.objects.get()
    write(mission, target, administrator)
    assert state_of(mission, target) == State.DRAFT
    workflow.submit(mission, target, administrator)
    assert state_of(mission, target) == State.REVIEW
    assert workflow.approve(mission, target, administrator)
    assert state_of(mission, target) == State.APPROVED
    assert cell(mission, target).state == State.APPROVED
    assert cell(mission, target).is_public


def test_a_draft_is_read_by_nobody_until_it_is_approved(administrator, target, get, only_approved):
    mission = MissionPage.objects.get()
    url = f"/{target.code}/about/mission/"
    english = get("/en/about/mission/").select_one(".lead").get_text()
    write(mission, target, administrator, LEADS[target.code][0])
    workflow.submit(mission, target, administrator)
    change_source(mission, seo_title_en="")
    assert get(url).select_one(".lead").get_text() == english
    workflow.approve(mission, target, administrator)
    assert get(url).select_one(".lead").get_text() == LEADS[target.code][0]


def test_an_approved_translation_is_read_while_a_new_draft_of_it_is_written(administrator, target, get):
    mission = approved(MissionPage.objects.get())
    url = f"/{target.code}/about/mission/"
    before = get(url).select_one(".lead").get_text()
    write(mission, target, administrator, LEADS[target.code][1])
    change_source(mission, title_en="Mission and vision")
    assert state_of(mission, target) == State.DRAFT
    assert get(url).select_one(".lead").get_text() == before
    # The draft is still there for the translator.
    segments = workflow.progress(mission, target).segments
    assert LEADS[target.code][1] in {segment.target for segment in segments}


def test_a_changed_source_puts_a_translation_out_of_date_and_leaves_it_public(administrator, target, get):
    mission = approved(MissionPage.objects.get())
    url = f"/{target.code}/about/mission/"
    before = get(url).select_one(".lead").get_text()
    assert not get(url).select(".notice")
    change_source(mission, lead_en="A wholly new lead for 2030.")
    assert state_of(mission, target) == State.OUTDATED
    html = get(url)
    assert html.select_one(".lead").get_text() == before
    assert html.select_one(".notice a")["href"] == "/en/about/mission/"
    stale = workflow.progress(mission, target).stale
    assert [segment.field for segment in stale] == ["lead"]
    workflow.approve_again(mission, target, administrator)
    assert state_of(mission, target) == State.APPROVED
    assert not get(url).select(".notice")


def test_taking_a_change_back_puts_a_translation_in_order_again(target):
    mission = approved(MissionPage.objects.get())
    lead = mission.lead_en
    change_source(mission, lead_en="A slip.")
    assert state_of(mission, target) == State.OUTDATED
    change_source(mission, lead_en=lead)
    assert state_of(mission, target) == State.APPROVED
    assert MissionPage.objects.get().outdated_since(target) is None


def test_restoring_a_revision_restores_its_states(target):
    mission = approved(MissionPage.objects.get(), target.code)
    old = mission.latest_revision
    change_source(mission, lead_en="A wholly new lead for 2030.")
    assert state_of(mission, target) == State.OUTDATED
    old.publish()
    assert MissionPage.objects.get().translation_entry(target)["state"] == State.APPROVED
    assert MissionPage.objects.get().outdated_since(target) is None


def test_a_translation_waits_for_its_source(administrator, target, get):
    """What is approved for an unpublished change of the source is public together with it."""
    mission = approved(MissionPage.objects.get())
    with translation.override("en"):
        draft = mission.get_latest_revision_as_object()
        draft.lead_en = "A lead for 2030 that nobody reads yet."
        draft.save_revision()
    mission = MissionPage.objects.get()
    before = mission.lead_en, getattr(mission, column("lead", target.code))
    write(mission, target, administrator, LEADS[target.code][1])
    workflow.submit(mission, target, administrator)
    assert not workflow.approve(mission, target, administrator)
    mission = MissionPage.objects.get()
    assert (mission.lead_en, getattr(mission, column("lead", target.code))) == before
    mission.get_latest_revision().publish()
    mission = MissionPage.objects.get()
    assert getattr(mission, column("lead", target.code)) == LEADS[target.code][1]
    assert not mission.has_unpublished_changes


def test_an_unfinished_translation_cannot_be_sent_or_approved(administrator, target):
    mission = MissionPage.objects.get()
    write(mission, target, administrator, "")
    for step in (workflow.submit, workflow.approve):
        with pytest.raises(workflow.ApprovalBlocked):
            step(mission, target, administrator)
    assert state_of(mission, target) == State.DRAFT


def test_a_returned_translation_carries_the_reason(administrator, target):
    mission = MissionPage.objects.get()
    workflow.submit(mission, target, administrator)
    workflow.send_back(mission, target, administrator, "The lead is too long.")
    assert state_of(mission, target) == State.DRAFT
    assert cell(mission, target).note == "The lead is too long."
    workflow.submit(mission, target, administrator)
    assert cell(mission, target).note == ""


def test_withdrawing_an_approval_takes_a_translation_from_visitors(administrator, target, get, only_approved):
    mission = approved(MissionPage.objects.get())
    workflow.withdraw(mission, target, administrator)
    assert get(f"/{target.code}/about/mission/").select_one(".lead")["lang"] == "en"
    assert workflow.progress(mission, target).untranslated == []


def test_nobody_without_the_right_to_a_language_changes_it(django_user_model, target):
    somebody = django_user_model.objects.create_user("somebody")
    mission = MissionPage.objects.get()
    before = mission.get_latest_revision().content
    with pytest.raises(PermissionDenied):
        write(mission, target, somebody)
    for step in (workflow.submit, workflow.approve, workflow.approve_again, workflow.withdraw):
        with pytest.raises(PermissionDenied):
            step(mission, target, somebody)
    assert MissionPage.objects.get().get_latest_revision().content == before


def test_two_people_in_the_same_words_are_told_and_nothing_is_lost(administrator, django_user_model, target):
    mission = MissionPage.objects.get()
    other = django_user_model.objects.create_superuser("other")
    opened = {segment.id: segment.target for segment in workflow.progress(mission, target).segments}
    lead = next(name for name in opened if "/lead/" in name)
    workflow.save_translation(mission, target, opened | {lead: "The first"}, user=administrator, base=opened)
    with pytest.raises(workflow.EditConflict) as conflict:
        workflow.save_translation(mission, target, opened | {lead: "The second"}, user=other, base=opened)
    assert [segment.target for segment in conflict.value.segments] == ["The first"]
    title = next(name for name in opened if "/title/" in name)
    workflow.save_translation(mission, target, opened | {title: "Title"}, user=other, base=opened)
    words = {segment.id: segment.target for segment in workflow.progress(mission, target).segments}
    assert (words[lead], words[title]) == ("The first", "Title")


def test_a_machine_fills_gaps_and_never_replaces_words(administrator, target):
    mission = MissionPage.objects.get()
    write(mission, target, administrator, "")
    segments = {segment.id: "By machine" for segment in workflow.progress(mission, target).segments}
    saved = workflow.save_translation(mission, target, segments, user=administrator, origin="machine")
    assert len(saved.changed) == 1
    words = [segment.target for segment in workflow.progress(mission, target).segments]
    assert words.count("By machine") == 1


# What visitors get ------------------------------------------------------------------------------------------


def test_lists_and_menus_of_a_language_hold_only_what_is_approved_in_it(target, get, only_approved, page):
    code = target.code
    home = get(f"/{code}/")
    assert not home.select(".menu a, .card, .timeline li, .functions li")
    for path in ("", "about/", "news/", "about/functions/"):
        approved(page(path), code)
    approved(NewsPage.objects.get(), code)
    approved(Milestone.objects.get(year=2014), code)
    html = get(f"/{code}/")
    assert [link["href"] for link in html.select(".menu a")] == [
        f"/{code}/about/",
        f"/{code}/about/functions/",
        f"/{code}/news/",
    ]
    assert len(html.select(".card")) == len(html.select(".timeline li")) == 1
    assert len(html.select(".functions li")) == 4
    assert len(get(f"/{code}/news/").select(".lead-story")) == 1
    assert len(get("/en/about/milestones/").select(".timeline li")) == 35
    assert len(get(f"/{code}/about/milestones/").select(".timeline li")) == 1


def test_a_page_in_a_language_that_it_lacks_is_english_and_kept_from_search_engines(
    target, get, only_approved
):
    html = get(f"/{target.code}/about/mission/")
    assert html.html["lang"] == target.tag
    assert html.select_one('meta[name="robots"]')["content"] == "noindex"
    assert html.select_one('link[rel="canonical"]')["href"].endswith("/en/about/mission/")
    assert html.h1["lang"] == "en"
    assert len(html.select(".notice p")) == 1
    assert not get("/en/about/mission/").select('meta[name="robots"]')
    approved(MissionPage.objects.get(), target.code)
    html = get(f"/{target.code}/about/mission/")
    assert not html.select('meta[name="robots"], .notice')
    assert html.select_one('link[rel="canonical"]')["href"].endswith(f"/{target.code}/about/mission/")


def test_a_machine_translation_is_shown_under_a_notice_where_the_setting_says_so(target, get, settings):
    url = f"/{target.code}/about/mission/"
    assert not get(url).h1.has_attr("lang")
    assert get(url).select(".notice")
    settings.SHOW_UNREVIEWED_TRANSLATIONS = False
    assert get(url).h1["lang"] == "en"


def test_words_of_a_picture_wait_for_their_approval_beside_it(administrator, target, only_approved):
    image = approved(CustomImage.objects.get(title="two-signatories"))
    before = getattr(image, column("description", target.code))
    words = LEADS[target.code][2].replace("2030", "")
    write(image, target, administrator, words, field="description")
    image = CustomImage.objects.get(pk=image.pk)
    with translation.override(target.code):
        assert image.default_alt_text == before
    workflow.submit(image, target, administrator)
    workflow.approve(image, target, administrator)
    image = CustomImage.objects.get(pk=image.pk)
    assert getattr(image, column("description", target.code)) == words
    assert image.translation_drafts == {}


def test_the_name_of_the_centre_in_the_settings_is_read_in_each_language(administrator, target, get, page):
    site = page("").get_site()
    settings = SiteSettings.objects.create(site=site, centre_name_en="The Centre")
    assert get("/en/").select_one(".wordmark span span").get_text() == "The Centre"
    words = LEADS[target.code][2].replace("2030", "")
    write(settings, target, administrator, words, field="centre_name")
    workflow.submit(settings, target, administrator)
    workflow.approve(settings, target, administrator)
    assert get(f"/{target.code}/").select_one(".wordmark span span").get_text() == words
