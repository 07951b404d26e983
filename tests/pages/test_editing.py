"""Nothing in the admin may damage a translation, whatever the language of the admin.

Each test takes every page type and every language of the editor's admin in turn; most pairs of them only in
`make thorough`.
"""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.users.models import UserProfile

from pages.models import AboutPage, BasePage
from tests.admin_forms import form_data
from tests.paths import PAGE_PATHS
from tests.people import person
from tests.snapshots import base_columns, snapshot
from tests.translating import approve
from translations.languages import all_languages, column, target_languages
from translations.progress import progress_of

# One page of each type.
PAGES = [path for path in PAGE_PATHS if path not in {"accessibility/", "terms/"}]


@pytest.fixture(params=PAGES, ids=lambda path: path or "home")
def any_page(request, page):
    return page(request.param)


@pytest.fixture
def editor(admin_client, administrator, language):
    """A signed-in editor whose admin is in this language."""
    UserProfile.objects.update_or_create(user=administrator, defaults={"preferred_language": language})
    return admin_client


def edit_form(client, page, url=None):
    response = client.get(url or reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert response.status_code == 200
    return response.context["form"]


def publish_unchanged(client, page, url=None):
    data = form_data(edit_form(client, page, url)) | {"action-publish": "publish"}
    response = client.post(url or reverse("wagtailadmin_pages:edit", args=[page.pk]), data)
    assert response.status_code == 302, response.context["form"].errors


def assert_base_mirrors_source(page):
    for name, (base, source) in base_columns(page).items():
        assert (base or None) == (source or None), name


def empty_some_translations(page):
    """Leaves a page with no Arabic and no French title, as if a translator had not come to it yet."""
    with translation.override("en"):
        page.title_ar = page.title_fr = None
        if hasattr(page, "body_fr"):
            page.body_fr = None
        page.save_revision().publish()


def test_saving_a_page_unchanged_changes_no_translation(editor, any_page):
    empty_some_translations(any_page)
    before = snapshot(any_page)
    published = any_page.last_published_at
    publish_unchanged(editor, any_page)
    any_page.refresh_from_db()
    assert any_page.last_published_at > published
    assert snapshot(any_page) == before
    assert_base_mirrors_source(any_page)
    assert any_page.draft_title == any_page.title_en


def test_saving_a_draft_unchanged_changes_no_translation(editor, page):
    mission = page("about/mission/")
    empty_some_translations(mission)
    before = snapshot(mission)
    data = form_data(edit_form(editor, mission))
    assert editor.post(reverse("wagtailadmin_pages:edit", args=[mission.pk]), data).status_code == 302
    mission.get_latest_revision().publish()
    assert snapshot(mission) == before
    assert_base_mirrors_source(mission)


def test_restoring_a_revision_brings_every_translation_back(editor, any_page):
    empty_some_translations(any_page)
    before, old = snapshot(any_page), any_page.latest_revision
    with translation.override("en"):
        changed = any_page.get_latest_revision_as_object()
        changed.title_en, changed.title_ru, changed.title_fr = "Changed", "Изменено", "Modifié"
        changed.save_revision().publish()
    assert snapshot(any_page) != before
    publish_unchanged(
        editor, any_page, reverse("wagtailadmin_pages:revisions_revert", args=[any_page.pk, old.pk])
    )
    assert snapshot(any_page) == before
    assert_base_mirrors_source(any_page)


@pytest.mark.parametrize("group", [None, "Publishers"])
def test_a_function_that_was_deleted_comes_back_with_its_words_in_all_languages(
    client, administrator, page, group
):
    client.force_login(person("somebody", group) if group else administrator)
    functions = approve(page("about/functions/"))
    before, old = snapshot(functions), functions.latest_revision
    edit = reverse("wagtailadmin_pages:edit", args=[functions.pk])
    data = form_data(edit_form(client, functions))
    data |= {"functions-1-DELETE": "on", "action-publish": "publish"}
    assert client.post(edit, data).status_code == 302
    assert functions.functions.model.objects.filter(page=functions).count() == 3
    publish_unchanged(
        client, functions, reverse("wagtailadmin_pages:revisions_revert", args=[functions.pk, old.pk])
    )
    assert snapshot(functions) == before


def test_a_form_takes_no_function_that_its_page_does_not_have(admin_client, page):
    functions = page("about/functions/")
    before = snapshot(functions)
    data = form_data(edit_form(admin_client, functions))
    data |= {"functions-1-id": "999999", "action-publish": "publish"}
    assert admin_client.post(reverse("wagtailadmin_pages:edit", args=[functions.pk]), data).status_code == 200
    assert snapshot(functions) == before


def test_publishing_at_a_set_time_changes_no_translation(any_page, language):
    empty_some_translations(any_page)
    before = snapshot(any_page)
    with translation.override(language):
        draft = any_page.get_latest_revision_as_object()
        draft.title_es = "Título nuevo"
        draft.go_live_at = timezone.now() - timedelta(hours=1)
        draft.save_revision(approved_go_live_at=draft.go_live_at)
        call_command("publish_scheduled", verbosity=0)
    after = snapshot(any_page)
    assert after.pop("title_es") == "Título nuevo"
    before.pop("title_es")
    assert after == before
    assert_base_mirrors_source(any_page)


def copy_page(client, page, **changes):
    url = reverse("wagtailadmin_pages:copy", args=[page.pk])
    data = form_data(client.get(url).context["form"]) | {"new_slug": "a-copy"} | changes
    data.pop("copy_subpages", None)
    assert client.post(url, data).status_code == 302
    return BasePage.objects.get(slug="a-copy").specific


# There may be only one home page and one timeline, so Wagtail offers no copy of these.
COPIED = [path for path in PAGES if path not in {"", "about/milestones/"}]


@pytest.mark.parametrize("path", COPIED)
def test_a_copy_has_every_translation_of_its_original(editor, page, path):
    original = page(path)
    empty_some_translations(original)
    copy = copy_page(editor, original)
    assert snapshot(copy) == snapshot(original)
    assert_base_mirrors_source(copy)
    assert copy.draft_title == copy.title_en
    copy.get_latest_revision().publish()
    assert snapshot(copy) == snapshot(original)


def test_a_title_typed_into_the_copy_form_is_english_whatever_the_language_of_the_admin(editor, page):
    original = page("about/mission/")
    empty_some_translations(original)
    form = editor.get(reverse("wagtailadmin_pages:copy", args=[original.pk])).context["form"]
    assert form["new_title"].value() == "Mission"
    copy = copy_page(editor, original, new_title="Typed by hand")
    titles = [getattr(copy, column("title", language)) for language in all_languages()]
    expected = [getattr(original, column("title", language)) for language in all_languages()]
    expected[2] = "Typed by hand"
    assert titles == expected
    assert_base_mirrors_source(copy)


def test_a_copy_keeps_the_state_of_every_translation(editor, page):
    original = approve(page("about/"))
    copy = copy_page(editor, original, new_title="About")
    states = {language.code: progress_of(copy.working_copy(), language) for language in target_languages()}
    assert {code: progress.done for code, progress in states.items()} == dict.fromkeys(
        states, states["fr"].total - 1
    )
    # The English title is new; all else is as right as it was.
    assert {segment.field for progress in states.values() for segment in progress.stale} == {"title"}


def test_an_alias_is_made_in_every_language_of_the_admin(editor, page):
    original = page("about/mission/")
    empty_some_translations(original)
    alias = copy_page(editor, original, alias="on", new_title="Not for an alias")
    assert alias.alias_of_id == original.pk
    assert snapshot(alias) == snapshot(original)


def test_publishing_a_copy_publishes_no_draft_of_its_original(editor, page):
    original = page("about/mission/")
    empty_some_translations(original)
    with translation.override("en"):
        draft = original.get_latest_revision_as_object()
        draft.lead_en, draft.title_fr = "Only a draft", "Titre au brouillon"
        draft.save_revision()
    copy = copy_page(editor, original, publish_copies="on")
    assert copy.live
    assert copy.lead_en == original.lead_en
    drafted = copy.get_latest_revision().as_object()
    assert (drafted.lead_en, drafted.title_en) == ("Only a draft", original.title_en)
    assert drafted.title_fr == "Titre au brouillon"


@pytest.mark.parametrize("ordering", ["title", "-title", "live", "latest_revision_created_at"])
def test_what_was_searched_for_can_be_sorted(editor, page, ordering):
    for url in (reverse("wagtailadmin_explore", args=[page("").pk]), reverse("wagtailadmin_pages:search")):
        assert editor.get(f"{url}?q=mission&ordering={ordering}").status_code == 200


def test_moving_a_page_within_the_tree_changes_no_translation(any_page, language):
    empty_some_translations(any_page)
    before = snapshot(any_page)
    with translation.override(language):
        any_page.move(any_page.get_parent(), pos="first-child")
    moved = BasePage.objects.get(pk=any_page.pk).specific
    assert snapshot(moved) == before
    assert_base_mirrors_source(moved)


def test_moving_a_page_in_the_admin_changes_no_translation(editor, page):
    moved, target = page("privacy/"), page("terms/")
    before = snapshot(moved)
    assert (
        editor.post(reverse("wagtailadmin_pages:move_confirm", args=[moved.pk, target.pk])).status_code == 302
    )
    moved = BasePage.objects.get(pk=moved.pk).specific
    assert moved.url_path == "/home/terms/privacy/"
    assert snapshot(moved) == before
    assert_base_mirrors_source(moved)


def test_a_new_page_takes_its_plain_title_from_english(editor, page):
    home = page("")
    url = reverse("wagtailadmin_pages:add", args=["pages", "contentpage", home.pk])
    data = form_data(editor.get(url).context["form"]) | {
        "title_en": "Working with us",
        "title_ru": "Сотрудничество",
        "slug": "working-with-us",
        "action-publish": "publish",
    }
    assert editor.post(url, data).status_code == 302
    made = BasePage.objects.child_of(home).get(slug="working-with-us").specific
    # The form of the source takes no words of another language.
    assert (made.title_en, made.title_ru, made.title_fr) == ("Working with us", None, None)
    assert_base_mirrors_source(made)


def test_the_form_of_the_source_empties_no_translation(editor, page):
    mission = page("about/mission/")
    before = snapshot(mission)
    data = form_data(edit_form(editor, mission))
    data |= {"title_fr": " ", "lead_ar": "", "body_ru-count": "0", "action-publish": "publish"}
    assert editor.post(reverse("wagtailadmin_pages:edit", args=[mission.pk]), data).status_code == 302
    assert snapshot(mission) == before


def test_a_page_without_an_english_title_is_refused_and_nothing_is_lost(editor, page):
    mission = page("about/mission/")
    data = form_data(edit_form(editor, mission)) | {
        "title_en": "",
        "lead_en": "A lead that was just written",
        "action-publish": "x",
    }
    response = editor.post(reverse("wagtailadmin_pages:edit", args=[mission.pk]), data)
    assert list(response.context["form"].errors) == ["title_en"]
    assert "A lead that was just written" in response.content.decode()
    mission.refresh_from_db()
    assert mission.title_en == "Mission"


def test_an_alias_follows_every_translation_of_its_original(editor, page, language):
    original = page("about/mission/")
    with translation.override(language):
        alias = original.create_alias(parent=page(""), update_slug="mission-alias")
        changed = original.get_latest_revision_as_object()
        changed.title_en, changed.title_es = "Our mission", "Nuestra misión"
        changed.save_revision().publish()
    alias = type(original).objects.get(pk=alias.pk)
    assert snapshot(alias) == snapshot(original)
    assert_base_mirrors_source(alias)


def test_every_address_of_a_page_in_the_admin_opens(editor, any_page):
    names = [
        "edit",
        "view_draft",
        "history",
        "copy",
        "move",
        "delete",
        "unpublish",
        "usage",
        "revisions_view",
    ]
    revision = any_page.latest_revision
    for name in names:
        arguments = [any_page.pk, revision.pk] if name == "revisions_view" else [any_page.pk]
        response = editor.get(reverse(f"wagtailadmin_pages:{name}", args=arguments))
        assert response.status_code in {200, 302}, name


def test_two_versions_of_a_page_can_be_compared(editor, any_page):
    first = any_page.latest_revision
    with translation.override("en"):
        draft = any_page.get_latest_revision_as_object()
        draft.title_fr = "Un titre tout neuf"
        second = draft.save_revision()
    url = reverse("wagtailadmin_pages:revisions_compare", args=[any_page.pk, first.pk, second.pk])
    response = editor.get(url)
    assert response.status_code == 200
    assert "tout neuf" in response.content.decode()


def test_the_facts_of_the_about_page_keep_their_order_and_words(editor, page):
    about = page("about/")
    publish_unchanged(editor, about)
    facts = AboutPage.objects.get(pk=about.pk).facts.all()
    assert [fact.term_en for fact in facts] == ["Approved", "Established", "Status", "Renewed"]
