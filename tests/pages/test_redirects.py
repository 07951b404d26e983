"""A page that is renamed or moved is still found under every path that it ever had, in each language."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from wagtail.contrib.redirects.models import Redirect

from pages.models import BasePage
from pages.redirects import keep_old_paths
from tests.admin_forms import form_data
from translations.languages import all_languages


@pytest.fixture
def rename(django_capture_on_commit_callbacks):
    """Publishes a page under another slug; the redirects come when the transaction is done."""

    def publish_as(page, slug):
        with translation.override("en"), django_capture_on_commit_callbacks(execute=True):
            draft = page.get_latest_revision_as_object()
            draft.slug = slug
            draft.save_revision().publish()
        return BasePage.objects.get(pk=page.pk).specific

    return publish_as


def move(page, parent):
    page.move(BasePage.objects.get(pk=parent.pk), pos="last-child")
    return BasePage.objects.get(pk=page.pk).specific


def old_paths():
    return set(Redirect.objects.values_list("old_path", flat=True))


def in_each_language(*paths):
    return {f"/{language.code}/{path}" for language in all_languages() for path in paths}


def hops(client, url):
    """The status and the address of each answer, until one is no redirect."""
    response = client.get(url, follow=True)
    return [address for address, _status in response.redirect_chain], response.status_code


def test_the_old_path_of_a_renamed_page_leads_to_the_new_one(client, page, rename, language):
    rename(page("about/mission/"), "our-mission")
    assert hops(client, f"/{language}/about/mission/") == ([f"/{language}/about/our-mission/"], 200)
    assert client.get(f"/{language}/about/mission/").status_code == 301


def test_the_old_path_is_kept_whatever_the_language_of_the_editor(client, page, rename, language):
    with translation.override(language):
        rename(page("about/mission/"), "our-mission")
    assert old_paths() == in_each_language("about/mission")


def test_pages_below_a_renamed_page_are_still_found(client, page, rename, language):
    rename(page("about/"), "the-centre")
    assert hops(client, f"/{language}/about/mission/") == ([f"/{language}/the-centre/mission/"], 200)
    assert hops(client, f"/{language}/about/") == ([f"/{language}/the-centre/"], 200)


def test_pages_below_a_moved_page_are_still_found(client, page, language):
    below = page("terms/")
    with translation.override("en"):
        move(below, page("privacy/"))
        move(page("privacy/"), page("accessibility/"))
    for old in ("terms/", "privacy/terms/"):
        assert hops(client, f"/{language}/{old}") == ([f"/{language}/accessibility/privacy/terms/"], 200)
    assert hops(client, f"/{language}/privacy/") == ([f"/{language}/accessibility/privacy/"], 200)


def test_two_renames_give_one_hop(client, page, rename, language):
    mission = rename(page("about/mission/"), "second")
    rename(mission, "third")
    for slug in ("mission", "second"):
        assert hops(client, f"/{language}/about/{slug}/") == ([f"/{language}/about/third/"], 200)


def test_a_page_that_is_renamed_back_is_found_at_once(client, page, rename, language):
    mission = rename(page("about/mission/"), "second")
    rename(mission, "mission")
    assert hops(client, f"/{language}/about/mission/") == ([], 200)
    assert hops(client, f"/{language}/about/second/") == ([f"/{language}/about/mission/"], 200)
    assert old_paths() == in_each_language("about/second")


def test_a_page_that_is_moved_back_is_found_at_once(client, page, language):
    home = page("")
    move(move(page("terms/"), page("privacy/")), home)
    assert hops(client, f"/{language}/terms/") == ([], 200)
    assert old_paths() == in_each_language("privacy/terms")


def test_a_page_at_an_old_path_takes_it_over(client, page, rename, language):
    terms, privacy = page("terms/"), page("privacy/")
    rename(terms, "conditions")
    privacy = rename(privacy, "terms")
    assert hops(client, f"/{language}/terms/") == ([], 200)
    rename(privacy, "data-protection")
    assert hops(client, f"/{language}/terms/") == ([f"/{language}/data-protection/"], 200)


def test_a_new_page_at_an_old_path_takes_it_over(client, page, rename):
    rename(page("terms/"), "conditions")
    privacy = page("privacy/")
    with translation.override("en"):
        new = type(privacy)(title_en="Terms", slug="terms", live=False)
        page("").add_child(instance=new)
        assert in_each_language("terms") <= old_paths()
        new.save_revision().publish()
    assert not in_each_language("terms") & old_paths()


def test_two_pages_that_swap_their_paths_are_both_found(client, page, rename, language):
    terms, privacy = page("terms/"), page("privacy/")
    rename(terms, "between")
    privacy = rename(privacy, "terms")
    terms = rename(terms, "privacy")
    assert hops(client, f"/{language}/terms/") == ([], 200)
    assert hops(client, f"/{language}/privacy/") == ([], 200)
    assert hops(client, f"/{language}/between/") == ([f"/{language}/privacy/"], 200)


def test_an_old_path_without_its_last_slash_needs_one_hop(client, page, rename, language):
    rename(page("about/mission/"), "our-mission")
    assert hops(client, f"/{language}/about/mission") == ([f"/{language}/about/our-mission/"], 200)


def test_an_old_path_with_a_query_leads_to_the_new_one_too(client, page, rename, language):
    rename(page("about/mission/"), "our-mission")
    assert hops(client, f"/{language}/about/mission/?from=letter") == (
        [f"/{language}/about/our-mission/"],
        200,
    )


def test_browsers_ask_again_since_a_page_may_move_back(client, page, rename):
    rename(page("about/mission/"), "our-mission")
    assert client.get("/en/about/mission/").headers["Cache-Control"] == "no-cache"


def test_a_draft_that_was_never_public_leaves_no_redirect(page, rename):
    privacy = page("privacy/")
    with translation.override("en"):
        new = type(privacy)(title_en="New", slug="new", live=False)
        page("").add_child(instance=new)
        new.slug = "newer"
        new.save()
    move(new, privacy)
    assert not old_paths()


def test_a_new_slug_in_a_draft_changes_nothing_yet(client, page):
    with translation.override("en"):
        draft = page("about/mission/")
        draft.slug = "our-mission"
        draft.save_revision()
    assert hops(client, "/fr/about/mission/") == ([], 200)
    assert not old_paths()


def test_a_new_order_of_pages_makes_no_redirect(page):
    page("terms/").move(page("privacy/"), pos="left")
    assert not old_paths()


def test_the_home_page_has_no_path_to_lose(client, page, rename, language):
    rename(page(""), "start")
    assert not old_paths()
    assert hops(client, f"/{language}/about/") == ([], 200)


def test_a_redirect_that_staff_have_made_is_theirs(client, page, rename):
    own = Redirect.add_redirect("/fr/about/mission/", "https://example.org/mission")
    rename(page("about/mission/"), "our-mission")
    assert client.get("/fr/about/mission/").headers["Location"] == "https://example.org/mission"
    assert client.get("/es/about/mission/").headers["Location"] == "/es/about/our-mission/"
    assert Redirect.objects.filter(pk=own.pk).exists()


def test_a_redirect_to_the_place_where_it_stands_is_a_page_that_is_not_there(client, page):
    mission = page("about/mission/")
    Redirect.add_redirect("/fr/about/mission/", mission)
    mission.unpublish()
    assert client.get("/fr/about/mission/").status_code == 404


def test_what_never_was_is_not_found(client, page, rename, language):
    rename(page("about/mission/"), "our-mission")
    assert client.get(f"/{language}/about/missions/").status_code == 404


def test_a_page_that_is_found_costs_no_query_about_redirects(client, page, language):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/{language}/about/").status_code == 200
    assert not [query for query in queries if "redirect" in query["sql"].lower()]


def test_many_pages_below_take_no_query_each(page, django_assert_max_num_queries):
    privacy = page("privacy/")
    for number in range(30):
        child = type(privacy)(title_en=f"Page {number}", slug=f"page-{number}")
        privacy.add_child(instance=child)
        child.save_revision().publish()
    with django_assert_max_num_queries(12):
        keep_old_paths(BasePage.objects.get(pk=privacy.pk), "/home/elsewhere/")
    assert Redirect.objects.count() == 31 * 6


def test_staff_see_and_search_the_redirects(admin_client, page, rename):
    rename(page("about/mission/"), "our-mission")
    url = reverse("wagtailredirects:index")
    assert "/zh-hans/about/mission" in admin_client.get(url).content.decode()
    assert "/fr/about/mission" in admin_client.get(f"{url}?q=fr/about").content.decode()
    made = admin_client.get(reverse("wagtailredirects:add"))
    data = form_data(made.context["form"]) | {"old_path": "/old/", "redirect_page": str(page("terms/").pk)}
    assert admin_client.post(reverse("wagtailredirects:add"), data).status_code == 302
    assert hops(admin_client, "/old/")[1] == 200
