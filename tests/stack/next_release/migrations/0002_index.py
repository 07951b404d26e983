from django.db import migrations


class Migration(migrations.Migration):
    # An index that is made beside the work of others can't be part of a transaction.
    atomic = False

    dependencies = [("next_release", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE INDEX CONCURRENTLY pages_read_at ON pages_basepage (read_at)"),
    ]
