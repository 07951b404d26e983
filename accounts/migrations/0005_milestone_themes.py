"""Editors write the themes of milestones; publishers delete them, too: as with the categories of news."""

from django.db import migrations

ACTIONS = {"Editors": ("add", "change"), "Publishers": ("add", "change", "delete")}


def permission(apps, action):
    content_type, _created = apps.get_model("contenttypes.ContentType").objects.get_or_create(
        app_label="milestones", model="milestonetheme"
    )
    found, _created = apps.get_model("auth.Permission").objects.get_or_create(
        content_type=content_type,
        codename=f"{action}_milestonetheme",
        defaults={"name": f"Can {action} milestone theme"},
    )
    return found


def give(apps, schema_editor):
    for group in apps.get_model("auth.Group").objects.filter(name__in=ACTIONS):
        group.permissions.add(*(permission(apps, action) for action in ACTIONS[group.name]))


def take(apps, schema_editor):
    for group in apps.get_model("auth.Group").objects.filter(name__in=ACTIONS):
        group.permissions.remove(*(permission(apps, action) for action in ACTIONS[group.name]))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_publishers_assign")]

    operations = [migrations.RunPython(give, take)]
