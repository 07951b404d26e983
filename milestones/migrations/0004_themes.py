"""Themes by which readers of the timeline find milestones."""

import django.db.models.deletion
import translations.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('milestones', '0003_states_of_older_versions'),
    ]

    operations = [
        migrations.CreateModel(
            name='MilestoneTheme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('translation_status', translations.fields.TranslationStatusField(blank=True, default=dict, editable=False, verbose_name='state of the translations')),
                ('translation_drafts', models.JSONField(blank=True, default=dict, editable=False)),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('name_ar', models.CharField(max_length=100, null=True, verbose_name='name')),
                ('name_zh_hans', models.CharField(max_length=100, null=True, verbose_name='name')),
                ('name_en', models.CharField(max_length=100, null=True, verbose_name='name')),
                ('name_fr', models.CharField(max_length=100, null=True, verbose_name='name')),
                ('name_ru', models.CharField(max_length=100, null=True, verbose_name='name')),
                ('name_es', models.CharField(max_length=100, null=True, verbose_name='name')),
                ('slug', models.SlugField(unique=True, verbose_name='slug')),
            ],
            options={
                'verbose_name': 'milestone theme',
                'verbose_name_plural': 'milestone themes',
                'ordering': ['slug'],
            },
        ),
        migrations.AddField(
            model_name='milestone',
            name='theme',
            field=models.ForeignKey(blank=True, help_text='Readers of the timeline find milestones by it.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='milestones.milestonetheme', verbose_name='theme'),
        ),
    ]
