"""The list of milestones in the admin: what it shows, and what can be done with many of them at once."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from milestones.models import Milestone, MilestoneTheme
from tests.people import person

LIST = "wagtailsnippets_milestones_milestone:list"


@pytest.fixture
def publisher(client, db):
    user = person("publisher", "Publishers")
    client.force_login(user)
    return user


def act(client, action, milestones):
    query = "&".join(f"id={milestone.pk}" for milestone in milestones)
    url = reverse("wagtail_bulk_action", args=["milestones", "milestone", action])
    page = f"{url}?{query}&next={reverse(LIST)}"
    return client.get(page), client.post(page, follow=True)


def test_milestones_are_unpublished_and_published_together(client, publisher):
    chosen = list(Milestone.objects.all()[:3])
    question, answer = act(client, "unpublish", chosen)
    assert all(
        str(milestone) in question.context["items"][number]["item"].__str__()
        for number, milestone in enumerate(chosen)
    )
    assert "3 milestones have been unpublished." in answer.content.decode()
    of_them = Milestone.objects.filter(pk__in=[milestone.pk for milestone in chosen])
    assert not of_them.live().exists()
    _question, answer = act(client, "publish", chosen)
    assert "3 milestones have been published." in answer.content.decode()
    assert of_them.live().count() == 3


def test_publishing_many_takes_their_newest_drafts(client, publisher):
    milestone = Milestone.objects.first()
    milestone.text_en = "Written anew."
    milestone.save_revision()
    act(client, "publish", [milestone])
    milestone.refresh_from_db()
    assert milestone.text_en == "Written anew."


def test_of_many_milestones_none_is_published_if_one_has_no_text(client, publisher):
    empty, sound = Milestone.objects.all()[:2]
    sound.unpublish()
    revision = empty.get_latest_revision()
    revision.content["text"] = revision.content["text_en"] = ""
    revision.save()
    _question, answer = act(client, "publish", [empty, sound])
    assert "is not ready. “What happened”" in answer.content.decode()
    sound.refresh_from_db()
    assert not sound.live


@pytest.mark.parametrize("action", ["publish", "unpublish"])
def test_editors_neither_publish_nor_unpublish_many(client, db, action):
    client.force_login(person("editor", "Editors"))
    milestone = Milestone.objects.first()
    if action == "publish":
        milestone.unpublish()
    before = milestone.live
    question, _answer = act(client, action, [milestone])
    assert not question.context["items"]
    milestone.refresh_from_db()
    assert milestone.live is before


def test_a_locked_milestone_stays_as_it_is(client, publisher, administrator):
    milestone = Milestone.objects.first()
    milestone.locked, milestone.locked_by, milestone.locked_at = True, administrator, timezone.now()
    milestone.save()
    act(client, "unpublish", [milestone])
    milestone.refresh_from_db()
    assert milestone.live


def test_the_list_shows_date_state_and_translations_in_each_language_of_the_admin(
    admin_client, administrator, language
):
    UserProfile.objects.update_or_create(user=administrator, defaults={"preferred_language": language})
    html = admin_client.get(reverse(LIST)).content.decode()
    assert html.count('class="language-states"') == Milestone.objects.count()
    assert "language-states__mark--draft" in html


def test_the_list_says_what_is_scheduled_or_expired(admin_client, db):
    coming, gone = Milestone.objects.all()[:2]
    gone.unpublish(set_expired=True)
    coming.go_live_at = timezone.now() + timedelta(days=1)
    coming.save_revision().publish()
    html = admin_client.get(reverse(LIST)).content.decode()
    assert "live + scheduled" in html
    assert "expired" in html


def test_the_list_finds_milestones_by_their_theme(admin_client, db):
    theme = MilestoneTheme.objects.get(slug="conferences")
    response = admin_client.get(reverse(LIST) + f"?theme={theme.pk}")
    assert {milestone.theme for milestone in response.context["object_list"]} == {theme}
    found = admin_client.get(reverse(LIST) + f"?theme={theme.pk}&q=MOOCs").context["object_list"]
    assert [milestone.year for milestone in found] == [2018]
    assert str(theme) in response.content.decode()


@pytest.mark.parametrize("query", ["", "?q=IIOE", "?year=2024", "?ordering=-start", "?ordering=live"])
def test_the_list_asks_nothing_a_row(admin_client, db, query):
    admin_client.get(reverse(LIST))
    with CaptureQueriesContext(connection) as queries:
        assert admin_client.get(reverse(LIST) + query).status_code == 200
    repeated = Counter(query["sql"] for query in queries).most_common(1)[0]
    assert len(queries) <= 20, repeated
