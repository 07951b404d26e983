from django.db import migrations
from django.db.models import F


def fill_source_titles(apps, schema_editor):
    """The pages that Wagtail's own migrations make know nothing of our columns."""
    apps.get_model("pages", "BasePage").objects.filter(title_en=None).update(title_en=F("title"))


class Migration(migrations.Migration):
    dependencies = [("pages", "0004_page_types")]

    operations = [migrations.RunPython(fill_source_titles, migrations.RunPython.noop)]
