"""States of translations in the form that this version keeps; see `translations.upgrade`."""

from django.db import migrations

from translations.upgrade import MACHINE_DRAFT, upgrade_rows


def upgrade(apps, schema_editor):
    # Nothing was known of them before: their translations are those of the starting content.
    for name in ("CustomImage", "CustomDocument"):
        upgrade_rows(apps.get_model("library", name), MACHINE_DRAFT)


class Migration(migrations.Migration):
    dependencies = [("library", "0003_translation_states")]

    operations = [migrations.RunPython(upgrade, migrations.RunPython.noop, elidable=True)]
