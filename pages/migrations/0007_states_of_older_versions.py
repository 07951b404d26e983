"""States of translations in the form that this version keeps; see `translations.upgrade`."""

from django.db import migrations

from translations.upgrade import APPROVED, upgrade_revisions, upgrade_rows


def upgrade(apps, schema_editor):
    page = apps.get_model("pages.BasePage")
    children = {
        "aboutpage": [(apps.get_model("pages.FoundingFact"), "page")],
        "functionspage": [(apps.get_model("pages.CentreFunction"), "page")],
    }
    # Each type first: it has more texts than its base.
    for model in apps.get_app_config("pages").get_models():
        if model is not page and any(parent._meta.label == page._meta.label for parent in model._meta.parents):
            upgrade_rows(model, APPROVED, children.get(model._meta.model_name, ()))
    upgrade_rows(page, APPROVED)
    # Those of news and milestones pages too, whatever their types.
    revisions = apps.get_model("wagtailcore.Revision").objects.filter(
        base_content_type__app_label="pages", base_content_type__model="basepage"
    )
    upgrade_revisions(revisions, APPROVED)


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0006_translation_states"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(upgrade, migrations.RunPython.noop, elidable=True)]
