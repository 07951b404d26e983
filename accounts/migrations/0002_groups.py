"""The groups of the site and their rights.

Permissions come into being only after all migrations have run, so each one that a group needs is made here if it
isn't there yet; Django then finds it and leaves it alone. Models that come with later migrations are named too.
"""

from django.db import migrations

TARGET_LANGUAGES = {
    "ar": "Arabic",
    "zh_hans": "Chinese",
    "fr": "French",
    "ru": "Russian",
    "es": "Spanish",
}

ACCESS = [("wagtailadmin.admin", "access_admin", "Can access Wagtail admin")]


def on_model(model, name, *actions):
    """(content type, codename, name) for each action on a model, as Django and Wagtail call them."""
    model_name = model.partition(".")[2]
    return [(model, f"{action}_{model_name}", f"Can {action} {name}") for action in actions]


EDITORS = [
    *ACCESS,
    *on_model("milestones.milestone", "milestone", "add", "change"),
    *on_model("news.newscategory", "news category", "add", "change"),
]
PUBLISHERS = [
    *ACCESS,
    *on_model("milestones.milestone", "milestone", "add", "change", "delete", "publish", "lock", "unlock"),
    *on_model("news.newscategory", "news category", "add", "change", "delete"),
    *on_model("wagtailredirects.redirect", "redirect", "add", "change", "delete"),
    *on_model("pages.sitesettings", "site settings", "change"),
    *on_model("translations.term", "term", "add", "change", "delete", "view"),
]


def translating(code, language):
    return ("translations.languagestate", f"translate_{code}", f"Can translate into {language}")


def reviewing(code, language):
    return ("translations.languagestate", f"review_{code}", f"Can review translations into {language}")


GROUPS = {
    "Editors": EDITORS,
    "Publishers": PUBLISHERS,
    **{
        f"{language} translators": [*ACCESS, translating(code, language)]
        for code, language in TARGET_LANGUAGES.items()
    },
    **{
        f"{language} reviewers": [
            *ACCESS,
            translating(code, language),
            reviewing(code, language),
            *on_model("translations.term", "term", "add", "change"),
        ]
        for code, language in TARGET_LANGUAGES.items()
    },
}

# On the root of the page tree, and so on every page.
PAGES = {
    "Editors": on_model("pages.basepage", "page", "add", "change"),
    "Publishers": on_model("pages.basepage", "page", "add", "change", "publish", "bulk_delete", "lock", "unlock"),
}

# On the root collection, and so on every picture and document. Wagtail asks for the rights of its own two models,
# whichever models the site uses instead.
FILES = [
    *on_model("wagtailimages.image", "image", "add", "change", "choose"),
    *on_model("wagtaildocs.document", "document", "add", "change", "choose"),
]
COLLECTIONS = {"Editors": FILES, "Publishers": FILES}

# What Wagtail's own migrations had given, for the way back.
WAGTAILS_OWN = [
    *ACCESS,
    *on_model("wagtailimages.image", "image", "add", "change", "choose", "delete"),
    *on_model("wagtaildocs.document", "document", "add", "change", "choose", "delete"),
]
MODERATION = on_model("pages.basepage", "page", "add", "change", "publish", "lock", "unlock")


def permission(apps, entry):
    model, codename, name = entry
    app_label, _dot, model_name = model.partition(".")
    content_type, _created = apps.get_model("contenttypes.ContentType").objects.get_or_create(
        app_label=app_label, model=model_name
    )
    found, _created = apps.get_model("auth.Permission").objects.get_or_create(
        content_type=content_type, codename=codename, defaults={"name": name}
    )
    return found


def give(apps, name, rights, pages=(), collections=()):
    """Makes the group if need be, and its rights exactly these."""
    group, _created = apps.get_model("auth.Group").objects.get_or_create(name=name)
    group.permissions.set([permission(apps, entry) for entry in rights])
    root = apps.get_model("pages.BasePage").objects.get(depth=1)
    root_collection = apps.get_model("wagtailcore.Collection").objects.get(depth=1)
    of_pages = apps.get_model("wagtailcore.GroupPagePermission").objects
    of_collections = apps.get_model("wagtailcore.GroupCollectionPermission").objects
    of_pages.filter(group=group).delete()
    of_collections.filter(group=group).delete()
    for entry in pages:
        of_pages.create(group=group, page=root, permission=permission(apps, entry))
    for entry in collections:
        of_collections.create(group=group, collection=root_collection, permission=permission(apps, entry))


def make_groups(apps, schema_editor):
    for name, rights in GROUPS.items():
        give(apps, name, rights, PAGES.get(name, ()), COLLECTIONS.get(name, ()))
    # Wagtail's own second group: "Publishers" stand in its place, unless somebody is in it already.
    apps.get_model("auth.Group").objects.filter(name="Moderators", user=None).delete()


def take_groups_back(apps, schema_editor):
    apps.get_model("auth.Group").objects.filter(name__in=GROUPS.keys() - {"Editors"}).delete()
    give(apps, "Editors", WAGTAILS_OWN, PAGES["Editors"], FILES)
    give(apps, "Moderators", WAGTAILS_OWN, MODERATION, FILES)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("pages", "0005_fill_source_titles"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
    ]

    operations = [migrations.RunPython(make_groups, take_groups_back)]
