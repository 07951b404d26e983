"""What a record holds, in a form that two moments can be compared in."""

from django.db import connection, models
from modelcluster.models import get_all_child_relations

from translations.languages import all_languages, column
from translations.models import translated_fields

# Sessions, and files that wait to be decided on.
PASSING = ("django_session", "translations_importedfile")
# The index of the search is made of the other tables, and takes longer to read than all of them.
DERIVED = ("search_",)


def database(*uncounted: str) -> dict[str, list]:
    """Every row of every table, but for what passes and for tables whose names begin as named."""
    rows = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names():
            if not name.startswith((*PASSING, *DERIVED, *uncounted)):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
                rows[name] = cursor.fetchall()
    return rows


def changed(before: dict, after: dict) -> list[str]:
    """The tables that don't hold the same rows; their order doesn't count."""
    return [
        name
        for name in before
        if before[name] != after[name] and sorted(map(repr, before[name])) != sorted(map(repr, after[name]))
    ]


def snapshot(record: models.Model) -> dict[str, object]:
    """Every column of the translated fields of a record and its children, as the database has it."""
    stored = type(record)._base_manager.filter(pk=record.pk).values(*columns(type(record))).get()
    data = {name: raw(value) for name, value in stored.items()}
    for relation in get_all_child_relations(type(record)):
        name = relation.get_accessor_name()
        if name == "wagtail_admin_comments":
            continue
        children = relation.related_model._base_manager.filter(**{relation.field.name: record.pk})
        for number, child in enumerate(children.order_by("sort_order")):
            data |= {f"{name}.{number}.{key}": value for key, value in snapshot(child).items()}
    return data


def columns(model: type[models.Model]) -> list[str]:
    return [column(name, language) for name in translated_fields(model) for language in all_languages()]


def raw(value):
    """A stream as its raw data, without the ids that an editor may make anew."""
    return without_ids(list(value.raw_data)) if hasattr(value, "raw_data") else value


def without_ids(value):
    if isinstance(value, dict):
        return {key: without_ids(item) for key, item in value.items() if key != "id"}
    return [without_ids(item) for item in value] if isinstance(value, list | tuple) else value


def base_columns(record: models.Model) -> dict[str, tuple]:
    """{field: (what its column without a language holds, what the source's column holds)}."""
    pairs = {}
    table = type(record)
    for name in translated_fields(table):
        # .values() would be rewritten to the active language: the column itself is asked for by SQL.
        source = f"{name}_en"
        pairs[name] = plain_column(table, record.pk, name), plain_column(table, record.pk, source)
    return pairs


def plain_column(model, pk, name):
    field = model._meta.get_field(name)
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {quote(field.column)} FROM {quote(field.model._meta.db_table)} "
            f"WHERE {quote(field.model._meta.pk.column)} = %s",
            [pk],
        )
        return cursor.fetchone()[0]
