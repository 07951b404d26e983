"""What each group may do, as the database has it after the migrations."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import GroupApprovalTask, Workflow
from wagtail.permissions import policy_registry

from milestones.models import Milestone
from news.models import NewsCategory
from translations.languages import target_languages

ENGLISH_NAMES = {"ar": "Arabic", "zh-hans": "Chinese", "fr": "French", "ru": "Russian", "es": "Spanish"}
MAINTENANCE = {
    "wagtailredirects.add_redirect",
    "wagtailredirects.change_redirect",
    "wagtailredirects.delete_redirect",
    "pages.change_sitesettings",
    "pages.change_holdingpage",
    *(
        f"pages.{action}_{model}"
        for model in ("announcement", "footerlink", "socialprofile", "partner")
        for action in ("add", "change", "delete")
    ),
    "translations.add_term",
    "translations.change_term",
    "translations.delete_term",
    "translations.view_term",
    "translations.assign_translations",
}
TERMS_OF_REVIEWERS = {"translations.add_term", "translations.change_term"}


def rights(codename, *actions):
    app_label, _dot, model = codename.partition(".")
    return {f"{app_label}.{action}_{model}" for action in actions}


@pytest.fixture
def member(db, django_user_model):
    """Makes a member of a group, freshly read, so that no right is remembered from before."""

    def join(group):
        user, _created = django_user_model.objects.get_or_create(username=f"member of {group}")
        user.groups.add(Group.objects.get(name=group))
        return django_user_model.objects.get(pk=user.pk)

    return join


def test_each_language_has_its_translators_and_its_reviewers(db):
    names = {
        f"{ENGLISH_NAMES[language.code]} {role}"
        for language in target_languages()
        for role in ("translators", "reviewers")
    }
    assert set(Group.objects.values_list("name", flat=True)) == {"Editors", "Publishers"} | names


def test_editors_hold_these_rights_and_no_other(member):
    assert member("Editors").get_all_permissions() == {
        "wagtailadmin.access_admin",
        *rights("milestones.milestone", "add", "change"),
        *rights("milestones.milestonetheme", "add", "change"),
        *rights("news.newscategory", "add", "change"),
    }


def test_publishers_hold_these_rights_and_no_other(member):
    assert member("Publishers").get_all_permissions() == {
        "wagtailadmin.access_admin",
        *rights("milestones.milestone", "add", "change", "delete", "publish", "lock", "unlock"),
        *rights("milestones.milestonetheme", "add", "change", "delete"),
        *rights("news.newscategory", "add", "change", "delete"),
        *MAINTENANCE,
    }


def test_a_translator_may_translate_into_one_language_and_nothing_else(member, translated):
    user = member(f"{ENGLISH_NAMES[translated]} translators")
    own = translated.replace("-", "_")
    assert user.get_all_permissions() == {"wagtailadmin.access_admin", f"translations.translate_{own}"}


def test_a_reviewer_may_also_review_that_language_and_keep_its_terms(member, translated):
    user = member(f"{ENGLISH_NAMES[translated]} reviewers")
    own = translated.replace("-", "_")
    assert user.get_all_permissions() == {
        "wagtailadmin.access_admin",
        f"translations.translate_{own}",
        f"translations.review_{own}",
        *TERMS_OF_REVIEWERS,
    }


def test_a_right_to_a_language_reads_like_a_sentence(db):
    names = dict(
        Permission.objects.filter(content_type__app_label="translations").values_list("codename", "name")
    )
    assert names["translate_zh_hans"] == "Can translate into Chinese"
    assert names["review_fr"] == "Can review translations into French"
    assert Permission.objects.filter(codename="translate_fr").count() == 1


# action: (editors, publishers)
ON_A_LIVE_PAGE = {
    "can_edit": (True, True),
    "can_add_subpage": (True, True),
    "can_copy": (True, True),
    "can_publish": (False, True),
    "can_unpublish": (False, True),
    "can_delete": (False, True),
    "can_move": (False, True),
    "can_lock": (False, True),
    "can_unlock": (False, True),
    "can_reorder_children": (False, True),
    "can_set_view_restrictions": (False, True),
}


@pytest.mark.parametrize("action", ON_A_LIVE_PAGE)
def test_what_each_group_may_do_with_a_page(member, page, action):
    about = page("about/")
    for group, expected in zip(("Editors", "Publishers"), ON_A_LIVE_PAGE[action], strict=True):
        assert getattr(about.permissions_for_user(member(group)), action)() is expected, group


@pytest.mark.parametrize("action", ON_A_LIVE_PAGE)
def test_translators_and_reviewers_have_no_right_to_a_page(member, page, action):
    about = page("about/")
    for role in ("translators", "reviewers"):
        assert not getattr(about.permissions_for_user(member(f"French {role}")), action)()


@pytest.mark.parametrize("model", [get_image_model(), get_document_model()])
@pytest.mark.parametrize("action", ["add", "change", "choose"])
def test_editors_and_publishers_keep_pictures_and_documents(member, model, action):
    policy = policy_registry.get_by_type(model)
    assert policy.user_has_permission(member("Editors"), action)
    assert policy.user_has_permission(member("Publishers"), action)
    assert not policy.user_has_permission(member("French translators"), action)
    assert not policy.user_has_permission(member("French reviewers"), action)


@pytest.mark.parametrize("action", ["delete", "publish", "lock", "unlock"])
def test_editors_neither_publish_nor_delete_milestones(member, action):
    policy = policy_registry.get_by_type(Milestone)
    assert policy.user_has_permission(member("Editors"), "change")
    assert not policy.user_has_permission(member("Editors"), action)
    assert policy.user_has_permission(member("Publishers"), action)


def test_only_publishers_delete_news_categories(member):
    policy = policy_registry.get_by_type(NewsCategory)
    assert not policy.user_has_permission(member("Editors"), "delete")
    assert policy.user_has_permission(member("Publishers"), "delete")


def test_only_administrators_keep_users(member):
    for group in Group.objects.values_list("name", flat=True):
        assert not member(group).has_perm("accounts.add_user"), group
        assert not member(group).has_perm("auth.change_group"), group


def test_publishers_approve_pages_and_milestones(member, page):
    workflow = Workflow.objects.get()
    task = GroupApprovalTask.objects.get()
    assert (workflow.name, task.name) == ("Approval by a publisher", "Approval by a publisher")
    assert page("about/mission/").get_workflow() == workflow
    assert Milestone.objects.first().get_workflow() == workflow
    mission = page("about/mission/")
    names = {name for name, _label, _modal in task.get_actions(mission, member("Publishers"))}
    assert {"approve", "reject"} <= names
    assert not task.get_actions(mission, member("Editors"))


def rights_of_everybody():
    return {
        group.name: (
            set(group.permissions.values_list("content_type__model", "codename")),
            set(group.page_permissions.values_list("page", "permission__codename")),
            set(group.collection_permissions.values_list("collection", "permission__codename")),
        )
        for group in Group.objects.all()
    }


def test_the_rights_are_made_once_and_can_be_made_again(db):
    migration = import_module("accounts.migrations.0002_groups")
    later = [
        import_module(f"accounts.migrations.{name}")
        for name in ("0004_publishers_assign", "0005_milestone_themes", "0006_site_items")
    ]
    before = rights_of_everybody()
    migration.make_groups(apps, None)
    for each in later:
        each.give(apps, None)
    assert rights_of_everybody() == before
    migration.take_groups_back(apps, None)
    assert set(rights_of_everybody()) == {"Editors", "Moderators"}
    migration.make_groups(apps, None)
    for each in later:
        each.give(apps, None)
    assert rights_of_everybody() == before


def test_moderators_of_an_older_database_keep_their_group(db, django_user_model):
    migration = import_module("accounts.migrations.0002_groups")
    moderators = Group.objects.create(name="Moderators")
    django_user_model.objects.create_user("moderator").groups.add(moderators)
    migration.make_groups(apps, None)
    assert Group.objects.filter(name="Moderators").exists()


def test_the_workflow_of_an_older_database_goes_on_under_its_new_name(db):
    migration = import_module("accounts.migrations.0003_approval_by_a_publisher")
    migration.take_workflow_back(apps, None)
    workflow = Workflow.objects.get(name="Moderators approval")
    migration.make_workflow(apps, None)
    migration.make_workflow(apps, None)
    assert Workflow.objects.get().pk == workflow.pk
    assert list(GroupApprovalTask.objects.get().groups.values_list("name", flat=True)) == ["Publishers"]
