"""Publishers keep the holding page, the announcements and the lists at the foot of the pages."""

from django.db import migrations

LISTS = {
    "announcement": "announcement",
    "footerlink": "link at the foot",
    "socialprofile": "social media profile",
    "partner": "partner",
}
# (model, codename, name), as Django names them.
RIGHTS = [
    ("holdingpage", "change_holdingpage", "Can change holding page"),
    *(
        (model, f"{action}_{model}", f"Can {action} {name}")
        for model, name in LISTS.items()
        for action in ("add", "change", "delete")
    ),
]


def permissions(apps):
    content_types = apps.get_model("contenttypes.ContentType").objects
    for model, codename, name in RIGHTS:
        content_type, _created = content_types.get_or_create(app_label="pages", model=model)
        found, _created = apps.get_model("auth.Permission").objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        yield found


def give(apps, schema_editor):
    for group in apps.get_model("auth.Group").objects.filter(name="Publishers"):
        group.permissions.add(*permissions(apps))


def take(apps, schema_editor):
    for group in apps.get_model("auth.Group").objects.filter(name="Publishers"):
        group.permissions.remove(*permissions(apps))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_milestone_themes")]

    operations = [migrations.RunPython(give, take)]
