from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0009_move_announcement'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='homepage',
            name='announcement',
        ),
        migrations.RemoveField(
            model_name='homepage',
            name='announcement_ar',
        ),
        migrations.RemoveField(
            model_name='homepage',
            name='announcement_en',
        ),
        migrations.RemoveField(
            model_name='homepage',
            name='announcement_es',
        ),
        migrations.RemoveField(
            model_name='homepage',
            name='announcement_fr',
        ),
        migrations.RemoveField(
            model_name='homepage',
            name='announcement_ru',
        ),
        migrations.RemoveField(
            model_name='homepage',
            name='announcement_title',
        ),
        migrations.RemoveField(
            model_name='homepage',
            name='announcement_title_ar',
        ),
        migrations.RemoveField(
            model_name='homepage',
            name='announcement_title_en',
        ),
        migrations.RemoveField(
            model_name='homepage',
            name='announcement_title_es',
        ),
        migrations.RemoveField(
            model_name='homepage',
            name='announcement_title_fr',
        ),
        migrations.RemoveField(
            model_name='homepage',
            name='announcement_title_ru',
        ),
        migrations.RemoveField(
            model_name='homepage',
            name='announcement_title_zh_hans',
        ),
        migrations.RemoveField(
            model_name='homepage',
            name='announcement_zh_hans',
        ),
    ]
