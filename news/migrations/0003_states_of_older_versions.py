"""States of translations in the form that this version keeps; see `translations.upgrade`."""

from django.db import migrations

from translations.upgrade import APPROVED, MACHINE_DRAFT, upgrade_rows


def upgrade(apps, schema_editor):
    for name in ("NewsIndexPage", "NewsPage"):
        upgrade_rows(apps.get_model("news", name), APPROVED)
    # Nothing was known of categories: their translations are those of the starting content.
    upgrade_rows(apps.get_model("news.NewsCategory"), MACHINE_DRAFT)


class Migration(migrations.Migration):
    dependencies = [
        ("news", "0002_translation_states"),
        ("pages", "0007_states_of_older_versions"),
    ]

    operations = [migrations.RunPython(upgrade, migrations.RunPython.noop, elidable=True)]
