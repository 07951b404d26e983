"""The announcement of a home page becomes the banner of its site, with its translations and what is known of them.

A home page without one leaves a holding page that is switched off: whoever ended the announcement wants no other.
"""

import json

from django.db import migrations

from translations.upgrade import LANGUAGES, SOURCE

# {field of the home page: field of the holding page}
FIELDS = {"announcement_title": "title", "announcement": "text"}
ENDINGS = {**LANGUAGES, SOURCE: SOURCE}


def words(data, code):
    """{column of the holding page: what a row or a revision of the home page says in a language}"""
    return {
        f"{new}_{ENDINGS[code]}": data.get(f"{old}_{ENDINGS[code]}") or None for old, new in FIELDS.items()
    }


def moved_status(entry):
    """What is known of a translation of the home page, for these words alone."""
    sources = {}
    for key, digest in (entry.get("sources") or {}).items():
        field, _slash, rest = key.partition("/")
        if field in FIELDS:
            sources[f"{FIELDS[field]}/{rest}"] = digest
    # A reason for which the page was given back, or what it lost, says nothing about these words.
    return {key: value for key, value in entry.items() if key not in {"note", "kept"}} | {"sources": sources}


def draft_of(home, revisions):
    """What the newest draft of a home page holds; nothing where there is none."""
    if not home.has_unpublished_changes or home.latest_revision_id is None:
        return {}
    revision = revisions.filter(pk=home.latest_revision_id).first()
    content = dict(revision.content) if revision else {}
    if isinstance(status := content.get("translation_status"), str):
        content["translation_status"] = json.loads(status)
    return content


def move(apps, schema_editor):
    holding_pages = apps.get_model("pages.HoldingPage").objects
    revisions = apps.get_model("wagtailcore.Revision").objects
    homes = {home.pk: home for home in apps.get_model("pages.HomePage").objects.all()}
    for site in apps.get_model("wagtailcore.Site").objects.all():
        home = homes.get(site.root_page_id)
        if home is None or holding_pages.filter(site=site).exists():
            continue
        row, draft = vars(home), draft_of(home, revisions)
        source = words(row, SOURCE)
        values = {"mode": "banner" if source[f"title_{SOURCE}"] else "off", **source}
        values |= {new: source[f"{new}_{SOURCE}"] or "" for new in FIELDS.values()}
        status, drafts = {}, {}
        for code in LANGUAGES:
            public, drafted = words(row, code), words(draft, code)
            entry = (home.translation_status or {}).get(code) or {}
            values |= public
            if entry and any(public.values()):
                status[code] = moved_status(entry)
            drafted_entry = (draft.get("translation_status") or {}).get(code) or {}
            if drafted_entry and any(drafted.values()) and (drafted, drafted_entry) != (public, entry):
                drafts[code] = {"status": moved_status(drafted_entry), "columns": drafted}
        holding_pages.create(site=site, translation_status=status, translation_drafts=drafts, **values)


def move_back(apps, schema_editor):
    for holding in apps.get_model("pages.HoldingPage").objects.exclude(mode="off").select_related("site"):
        homes = apps.get_model("pages.HomePage").objects.filter(pk=holding.site.root_page_id)
        values = {old: getattr(holding, new) for old, new in FIELDS.items()}
        for old, new in FIELDS.items():
            values |= {f"{old}_{end}": getattr(holding, f"{new}_{end}") for end in ENDINGS.values()}
        homes.update(**values)


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0008_site_items"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(move, move_back)]
