"""Publishers may give translations to people, as reviewers may in their own languages."""

from django.db import migrations


def permission(apps):
    content_type, _created = apps.get_model("contenttypes.ContentType").objects.get_or_create(
        app_label="translations", model="languagestate"
    )
    found, _created = apps.get_model("auth.Permission").objects.get_or_create(
        content_type=content_type,
        codename="assign_translations",
        defaults={"name": "Can assign translations to people"},
    )
    return found


def give(apps, schema_editor):
    for group in apps.get_model("auth.Group").objects.filter(name="Publishers"):
        group.permissions.add(permission(apps))


def take(apps, schema_editor):
    for group in apps.get_model("auth.Group").objects.filter(name="Publishers"):
        group.permissions.remove(permission(apps))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_approval_by_a_publisher")]

    operations = [migrations.RunPython(give, take)]
