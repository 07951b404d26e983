"""States of translations in the form that this version keeps; see `translations.upgrade`."""

from django.db import migrations

from translations.upgrade import APPROVED, upgrade_revisions, upgrade_rows


def upgrade(apps, schema_editor):
    for name in ("Milestone", "MilestonesPage"):
        upgrade_rows(apps.get_model("milestones", name), APPROVED)
    revisions = apps.get_model("wagtailcore.Revision").objects.filter(
        base_content_type__app_label="milestones", base_content_type__model="milestone"
    )
    upgrade_revisions(revisions, APPROVED)


class Migration(migrations.Migration):
    dependencies = [
        ("milestones", "0002_translation_states"),
        ("pages", "0007_states_of_older_versions"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(upgrade, migrations.RunPython.noop, elidable=True)]
