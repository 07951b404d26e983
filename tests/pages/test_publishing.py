"""What goes before the visitors is complete: its words are there, and its pictures are described."""

import json

import pytest
from django.urls import reverse
from django.utils import translation

from library.models import CustomImage
from pages.models import BasePage
from pages.readiness import faults
from tests.admin_forms import form_data
from tests.people import person

ARTICLE = "news/netdragon-strategic-cooperation/"


@pytest.fixture
def bare(db):
    """The lead picture of the article, without its alternative text in English."""
    image = CustomImage.objects.get(title="converging-paths")
    image.description_en = None
    image.save()
    return image


def send(client, page, **actions):
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return client.post(url, form_data(client.get(url).context["form"]) | actions)


def publish_many(client, *pages, **fields):
    query = "&".join(f"id={page.pk}" for page in pages)
    url = reverse("wagtail_bulk_action", args=["pages", "basepage", "publish"])
    return client.post(f"{url}?{query}&next=/admin/", fields, follow=True)


@pytest.mark.parametrize("action", ["action-publish", "action-submit"])
def test_a_picture_without_words_is_neither_published_nor_sent_for_approval(admin_client, page, bare, action):
    article = page(ARTICLE)
    before = article.latest_revision_id
    response = send(admin_client, article, **{action: "yes"})
    assert response.status_code == 200
    assert "“converging-paths” has no alternative text in English" in response.content.decode()
    article.refresh_from_db()
    assert article.latest_revision_id == before
    assert not article.workflow_in_progress


def test_a_draft_may_wait_for_the_words_of_its_pictures(admin_client, page, bare):
    article = page(ARTICLE)
    assert send(admin_client, article).status_code == 302
    article.refresh_from_db()
    assert article.has_unpublished_changes


def test_a_picture_that_only_decorates_needs_no_words(admin_client, page, bare):
    bare.is_decorative = True
    bare.save()
    assert send(admin_client, page(ARTICLE), **{"action-publish": "yes"}).status_code == 302


def test_pictures_in_the_text_are_looked_at_too(page):
    image = CustomImage.objects.get(title="two-signatories")
    image.description_en = None
    image.save()
    terms = page("terms/")
    figure = [{"type": "figure", "value": {"image": image.pk, "caption": ""}}]
    with translation.override("ru"):
        terms.body_en = json.dumps(figure)
        assert len(faults(terms)) == 1


def test_complete_pages_are_published_together(admin_client, page):
    pages = [page("terms/"), page("privacy/")]
    for terms in pages:
        terms.unpublish()
    publish_many(admin_client, *pages)
    assert BasePage.objects.filter(pk__in=[terms.pk for terms in pages], live=True).count() == 2


def draft_without_title(page):
    with translation.override("en"):
        page.unpublish()
        revision = page.get_latest_revision()
        revision.content["title"] = revision.content["title_en"] = ""
        revision.save()


def test_of_many_pages_none_is_published_if_one_has_no_english_title(admin_client, page):
    terms, privacy = page("terms/"), page("privacy/")
    privacy.unpublish()
    draft_without_title(terms)
    response = publish_many(admin_client, terms, privacy)
    assert response.status_code == 200
    assert "Nothing was published, since “Terms of Use” is not ready. “Title" in response.content.decode()
    assert not BasePage.objects.filter(pk__in=[terms.pk, privacy.pk], live=True).exists()


def test_of_many_pages_none_is_published_if_a_function_has_no_name(admin_client, page):
    functions, terms = page("about/functions/"), page("terms/")
    terms.unpublish()
    revision = functions.get_latest_revision()
    child = revision.content["functions"][0]
    child["name"], child["name_en"] = "", ""
    revision.save()
    response = publish_many(admin_client, functions, terms)
    assert "since “Functions” is not ready. “Name" in response.content.decode()
    assert not BasePage.objects.get(pk=terms.pk).live


def test_of_many_pages_none_is_published_if_a_picture_has_no_words(admin_client, page, bare):
    response = publish_many(admin_client, page(ARTICLE), page("terms/"))
    assert "“converging-paths” has no alternative text in English" in response.content.decode()


def test_drafts_below_are_looked_at_where_they_are_published_too(admin_client, page):
    mission = page("about/mission/")
    draft_without_title(mission)
    publish_many(admin_client, page("about/"), include_descendants="on")
    assert not BasePage.objects.get(pk=mission.pk).live
    # Without the pages below it, the page itself may go.
    assert "has been published" in publish_many(admin_client, page("about/")).content.decode()


def test_editors_publish_nothing_in_bulk(client, page):
    client.force_login(person("editor", "Editors"))
    terms = page("terms/")
    terms.unpublish()
    publish_many(client, terms)
    assert not BasePage.objects.get(pk=terms.pk).live


def test_a_page_goes_from_an_editor_to_a_publisher_and_then_to_the_visitors(client, page):
    editor, publisher = person("editor", "Editors"), person("publisher", "Publishers")
    mission = page("about/mission/")
    client.force_login(editor)
    send(client, mission, title_en="Our mission", **{"action-publish": "yes"})
    assert page("about/mission/").title_en == "Mission"
    send(client, mission, title_en="Our mission", **{"action-submit": "yes"})
    assert page("about/mission/").workflow_in_progress
    client.force_login(publisher)
    approve = {"action-workflow-action": "true", "workflow-action-name": "approve"}
    send(client, mission, **approve)
    assert page("about/mission/").title_en == "Our mission"
    assert not page("about/mission/").workflow_in_progress


@pytest.mark.parametrize("headers", [{}, {"x-requested-with": "XMLHttpRequest"}])
def test_from_the_first_page_of_the_admin_nothing_is_approved_that_is_not_ready(
    admin_client, page, bare, headers
):
    bare.description_en = "Two paths meet."
    bare.save()
    send(admin_client, page(ARTICLE), title_en="Signed today", **{"action-submit": "yes"})
    bare.description_en = None
    bare.save()
    article = page(ARTICLE)
    task = article.current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[article.pk, "approve", task.pk])
    response = admin_client.post(f"{url}?next=/admin/", headers=headers)
    edit = reverse("wagtailadmin_pages:edit", args=[article.pk])
    assert (response.json()["redirect"] if headers else response.url) == edit
    assert "“converging-paths” has no alternative text in English" in admin_client.get(edit).content.decode()
    assert page(ARTICLE).workflow_in_progress
    assert page(ARTICLE).title_en != "Signed today"

    bare.description_en = "Two paths meet."
    bare.save()
    response = admin_client.post(f"{url}?next=/admin/", headers=headers)
    assert (response.json()["redirect"] if headers else response.url) == "/admin/"
    assert page(ARTICLE).title_en == "Signed today"


def test_changes_can_be_asked_for_whatever_is_missing(admin_client, page, bare):
    article = page(ARTICLE)
    article.get_workflow().start(article, article.owner)
    task = article.current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[article.pk, "reject", task.pk])
    admin_client.post(url, {"comment": "Please describe the picture."})
    assert page(ARTICLE).current_workflow_state.status == "needs_changes"


def test_people_can_comment_on_a_field_of_a_page(admin_client, page):
    mission = page("about/mission/")
    url = reverse("wagtailadmin_pages:edit", args=[mission.pk])
    data = form_data(admin_client.get(url).context["form"]) | {
        "comments-TOTAL_FORMS": "1",
        "comments-0-id": "",
        "comments-0-text": "Is this still right?",
        "comments-0-contentpath": "title_en",
        "comments-0-position": "",
        "comments-0-resolved": "",
        "comments-0-replies-TOTAL_FORMS": "0",
        "comments-0-replies-INITIAL_FORMS": "0",
        "comments-0-replies-MIN_NUM_FORMS": "0",
        "comments-0-replies-MAX_NUM_FORMS": "1000",
    }
    assert admin_client.post(url, data).status_code == 302
    html = admin_client.get(url).content.decode()
    assert "Is this still right?" in html
    assert 'data-contentpath="title_en"' in html


def test_comparing_two_versions_shows_each_language_that_changed(admin_client, page, language):
    mission = page("about/mission/")
    first = mission.latest_revision
    with translation.override("en"):
        draft = mission.get_latest_revision_as_object()
        setattr(draft, f"title_{language.replace('-', '_')}", "Brand new words")
        second = draft.save_revision()
    url = reverse("wagtailadmin_pages:revisions_compare", args=[mission.pk, first.pk, second.pk])
    assert "Brand new words" in admin_client.get(url).content.decode()
