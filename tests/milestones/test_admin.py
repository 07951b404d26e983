"""Staff enter a milestone with its date as well as they know it; the phrase is made, never typed."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.users.models import UserProfile

from milestones.dates import FuzzyDate, Precision, Qualifier
from milestones.models import Milestone
from tests.admin_forms import form_data
from tests.people import person
from tests.snapshots import base_columns, snapshot

ADD = "wagtailsnippets_milestones_milestone:add"
EDIT = "wagtailsnippets_milestones_milestone:edit"


@pytest.fixture
def editor(admin_client, administrator, language):
    UserProfile.objects.update_or_create(user=administrator, defaults={"preferred_language": language})
    return admin_client


def enter(client, starts="", ends="", by_the_end=False, **words):
    """Fills in the form: dates as "day month year" with a dash for an empty box."""
    data = form_data(client.get(reverse(ADD)).context["form"])
    for name, text in (("starts", starts or "- - -"), ("ends", ends or "- - -")):
        for part, value in zip(("day", "month", "year"), text.split(), strict=True):
            data[f"{name}_{part}"] = "" if value == "-" else value
    if by_the_end:
        data["by_the_end"] = "on"
    return client.post(reverse(ADD), data | words | {"action-publish": "publish"})


@pytest.mark.parametrize(
    ("starts", "ends", "by_the_end", "moment"),
    [
        ("5 6 2030", "", False, FuzzyDate(date(2030, 6, 5))),
        ("- 5 2030", "", False, FuzzyDate(date(2030, 5, 1), precision=Precision.MONTH)),
        ("- - 2030", "", False, FuzzyDate(date(2030, 1, 1), precision=Precision.YEAR)),
        ("- - 2030", "", True, FuzzyDate.parse("2030", Qualifier.BY_THE_END)),
        ("11 6 2030", "12 6 2030", False, FuzzyDate.parse("2030-06-11/2030-06-12")),
        ("- 4 2030", "- 5 2031", False, FuzzyDate.parse("2030-04/2031-05")),
        ("29 2 2028", "", False, FuzzyDate(date(2028, 2, 29))),
    ],
)
def test_a_date_is_entered_as_well_as_it_is_known(admin_client, starts, ends, by_the_end, moment):
    response = enter(admin_client, starts, ends, by_the_end, text_en="It happened.")
    assert response.status_code == 302
    milestone = Milestone.objects.get(text_en="It happened.")
    assert milestone.moment == moment
    assert milestone.live


@pytest.mark.parametrize(
    ("starts", "ends", "by_the_end", "field", "complaint"),
    [
        ("31 6 2024", "", False, "starts", "That month has 30 days in 2024: there is no day 31."),
        ("29 2 2023", "", False, "starts", "That month has 28 days in 2023: there is no day 29."),
        ("1 13 2024", "", False, "starts", "There are twelve months in a year: write 1 to 12."),
        ("5 - 2024", "", False, "starts", "A day needs its month."),
        ("5 6 -", "", False, "starts", "Every date needs a year."),
        ("5 6 24", "", False, "starts", "The year must lie between 1900 and 2199."),
        ("x 6 2024", "", False, "starts", "Write the day, the month and the year in figures."),
        ("", "", False, "starts", "This field is required."),
        ("12 6 2024", "11 6 2024", False, "ends", "The end lies before the start."),
        ("12 6 2024", "12 6 2024", False, "ends", "The end is the same as the start: leave the end empty."),
        ("12 6 2024", "31 6 2024", False, "ends", "That month has 30 days in 2024: there is no day 31."),
        (
            "12 6 2024",
            "- 7 2024",
            False,
            "ends",
            "Start and end must be known equally well: both to the day, the month or the year.",
        ),
        (
            "- 6 2024",
            "- 7 2024",
            True,
            "ends",
            "“By the end of” goes with one month or year, not with a range.",
        ),
        ("1 6 2024", "", True, "starts", "“By the end of” goes with a month or a year: leave the day empty."),
    ],
)
@pytest.mark.parametrize("action", ["publish", "draft"])
def test_an_impossible_date_is_refused_and_nothing_that_was_typed_is_lost(
    admin_client, starts, ends, by_the_end, field, complaint, action
):
    words = {"text_en": "It happened."}
    if action == "draft":
        words["action-publish"] = ""
    response = enter(admin_client, starts, ends, by_the_end, **words)
    assert response.status_code == 200
    assert dict(response.context["form"].errors) == {field: [complaint]}
    assert "It happened." in response.content.decode()
    assert not Milestone.objects.filter(text_en="It happened.").exists()


def test_the_complaint_is_in_the_language_of_the_admin(editor, language):
    response = enter(editor, "12 6 2024", "11 6 2024", text_en="It happened.")
    with translation.override(language):
        complaint = translation.gettext("The end lies before the start.")
    assert complaint in response.content.decode()
    assert (complaint == "The end lies before the start.") == (language == "en")


@pytest.mark.parametrize("year", [2014, 2018, 2022])
def test_saving_a_milestone_unchanged_changes_nothing(editor, year):
    milestone = Milestone.objects.filter(year=year).last()
    milestone.text_ar = milestone.text_fr = None
    milestone.save_revision().publish()
    before, moment = snapshot(milestone), milestone.moment
    url = reverse(EDIT, args=[milestone.pk])
    data = form_data(editor.get(url).context["form"]) | {"action-publish": "publish"}
    assert editor.post(url, data).status_code == 302
    milestone = Milestone.objects.get(pk=milestone.pk)
    assert snapshot(milestone) == before
    assert milestone.moment == moment
    for base, source in base_columns(milestone).values():
        assert base == source


def test_a_revision_brings_words_and_date_back(editor):
    milestone = Milestone.objects.get(year=2014)
    before, moment, old = snapshot(milestone), milestone.moment, milestone.latest_revision
    milestone.text_es = "Otra cosa"
    milestone.moment = FuzzyDate.parse("2013-01/2013-02")
    milestone.save_revision().publish()
    url = reverse("wagtailsnippets_milestones_milestone:revisions_revert", args=[milestone.pk, old.pk])
    data = form_data(editor.get(url).context["form"]) | {"action-publish": "publish"}
    assert editor.post(url, data).status_code == 302
    milestone = Milestone.objects.get(pk=milestone.pk)
    assert (snapshot(milestone), milestone.moment, milestone.year) == (before, moment, 2014)


def test_a_milestone_is_published_at_its_time(language, db, get):
    with translation.override(language):
        milestone = Milestone(text_en="It happened at last.", live=False)
        milestone.moment = FuzzyDate(date(2030, 1, 2))
        milestone.go_live_at = timezone.now() + timedelta(hours=1)
        milestone.save()
        milestone.save_revision(approved_go_live_at=milestone.go_live_at).publish()
        assert not Milestone.objects.get(pk=milestone.pk).live
        revision = milestone.latest_revision
        revision.approved_go_live_at = timezone.now() - timedelta(minutes=1)
        revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
        revision.save()
        call_command("publish_scheduled", verbosity=0)
    assert "It happened at last." in get("/en/about/milestones/").get_text()
    assert Milestone.objects.get(pk=milestone.pk).text_fr is None


def test_a_draft_is_not_on_the_timeline(admin_client, get):
    enter(admin_client, "5 6 2030", text_en="It may happen.", **{"action-publish": ""})
    milestone = Milestone.objects.get(text_en="It may happen.")
    milestone.live = False
    milestone.save()
    assert "It may happen." not in get("/en/about/milestones/").get_text()


def test_a_copy_of_a_milestone_begins_with_its_date_and_english_words(editor):
    original = Milestone.objects.get(year=2018)
    url = reverse("wagtailsnippets_milestones_milestone:copy", args=[original.pk])
    data = form_data(editor.get(url).context["form"]) | {"action-publish": "publish"}
    assert editor.post(reverse(ADD), data).status_code == 302
    copy = Milestone.objects.filter(year=2018).latest("pk")
    assert copy.pk != original.pk
    assert (copy.text_en, copy.moment) == (original.text_en, original.moment)
    # The copy will tell of something else: the translations of the original would be wrong for it.
    assert copy.text_fr is None


def test_every_address_of_milestones_in_the_admin_opens(editor):
    milestone = Milestone.objects.get(year=2014)
    first = milestone.latest_revision
    milestone.moment = FuzzyDate.parse("2014-06-05/2014-06-06")
    second = milestone.save_revision()
    names = {
        "list": [],
        "add": [],
        "edit": [milestone.pk],
        "delete": [milestone.pk],
        "usage": [milestone.pk],
        "history": [milestone.pk],
        "unpublish": [milestone.pk],
        "revisions_compare": [milestone.pk, first.pk, second.pk],
    }
    pages = {
        name: editor.get(reverse(f"wagtailsnippets_milestones_milestone:{name}", args=arguments))
        for name, arguments in names.items()
    }
    assert {name: response.status_code for name, response in pages.items()} == dict.fromkeys(names, 200)
    assert "2014-06-05/2014-06-06" in pages["revisions_compare"].content.decode()


@pytest.mark.parametrize("query", ["q=UNESCO&ordering=start", "q=UNESCO&ordering=live", "q=UNESCO&year=2014"])
def test_what_was_searched_for_can_be_sorted_and_filtered(editor, query):
    assert editor.get(f"{reverse('wagtailsnippets_milestones_milestone:list')}?{query}").status_code == 200


def test_a_date_that_code_got_wrong_is_refused_before_it_is_saved(db):
    milestone = Milestone.objects.get(year=2014)
    milestone.end = date(2013, 1, 1)
    with pytest.raises(ValidationError, match="The end lies before the start"):
        milestone.full_clean()


def test_a_milestone_goes_from_an_editor_to_a_publisher_and_then_to_the_visitors(client, db):
    editor, publisher = person("editor", "Editors"), person("publisher", "Publishers")
    client.force_login(editor)
    data = form_data(client.get(reverse(ADD)).context["form"]) | {"text_en": "Something grew."}
    data |= {"starts_day": "", "starts_month": "", "starts_year": "2031"}
    client.post(reverse(ADD), data | {"action-publish": "publish"})
    assert not Milestone.objects.get(year=2031).live
    milestone = Milestone.objects.get(year=2031)
    edit = reverse(EDIT, args=[milestone.pk])
    data = form_data(client.get(edit).context["form"])
    assert client.post(edit, data | {"action-submit": "submit"}).status_code == 302
    milestone.refresh_from_db()
    assert milestone.workflow_in_progress
    assert not milestone.live
    client.force_login(publisher)
    data = form_data(client.get(edit).context["form"])
    data |= {"action-workflow-action": "true", "workflow-action-name": "approve"}
    assert client.post(edit, data).status_code == 302
    milestone.refresh_from_db()
    assert milestone.live
    assert not milestone.workflow_in_progress
