"""The database's own index of the terms. They come analysed, so it must change nothing about them.

Triggers and a generated column keep it, so that whatever deletes a row, such as a page that goes with all that
hangs on it, leaves nothing behind. SQLite forgets triggers when Django makes a table anew: a migration that does
that to `search_entrytext` has to run `make` again (the tests of the search fail without them).
"""

from django.db import migrations

COLUMNS = "title_terms, summary_terms, body_terms, heads"

FTS5 = [
    # "ascii" takes every letter beyond ASCII as part of a term, and "_" stands in the terms of titles.
    f"""CREATE VIRTUAL TABLE search_fts USING fts5({COLUMNS}, content='search_entrytext',
        content_rowid='entry_id', tokenize="ascii tokenchars '_'")""",
    f"""CREATE TRIGGER search_fts_insert AFTER INSERT ON search_entrytext BEGIN
        INSERT INTO search_fts(rowid, {COLUMNS})
        VALUES (new.entry_id, new.title_terms, new.summary_terms, new.body_terms, new.heads);
        END""",
    f"""CREATE TRIGGER search_fts_delete AFTER DELETE ON search_entrytext BEGIN
        INSERT INTO search_fts(search_fts, rowid, {COLUMNS})
        VALUES ('delete', old.entry_id, old.title_terms, old.summary_terms, old.body_terms, old.heads);
        END""",
    f"""CREATE TRIGGER search_fts_update AFTER UPDATE ON search_entrytext BEGIN
        INSERT INTO search_fts(search_fts, rowid, {COLUMNS})
        VALUES ('delete', old.entry_id, old.title_terms, old.summary_terms, old.body_terms, old.heads);
        INSERT INTO search_fts(rowid, {COLUMNS})
        VALUES (new.entry_id, new.title_terms, new.summary_terms, new.body_terms, new.heads);
        END""",
]
NO_FTS5 = [
    "DROP TRIGGER search_fts_insert",
    "DROP TRIGGER search_fts_delete",
    "DROP TRIGGER search_fts_update",
    "DROP TABLE search_fts",
]

TSVECTOR = [
    # Not to_tsvector, whose parser would take some terms apart: each term becomes a lexeme with its place. The
    # lone signs between the columns keep a phrase from reaching over their border.
    """CREATE FUNCTION search_vector(title text, summary text, body text, heads text) RETURNS tsvector
       LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
       SELECT coalesce(
           string_agg(quote_literal(term) || ':' || least(place, 16383), ' ')::tsvector, ''::tsvector)
       FROM unnest(string_to_array(title || ' _ ' || summary || ' _ ' || body || ' _ ' || heads, ' '))
       WITH ORDINALITY AS terms(term, place)
       WHERE term <> '' AND term <> '_'
       $$""",
    """ALTER TABLE search_entrytext ADD COLUMN vector tsvector
       GENERATED ALWAYS AS (search_vector(title_terms, summary_terms, body_terms, heads)) STORED""",
    # The texts out of the rows: a search goes through many rows and reads few of their texts.
    "ALTER TABLE search_entrytext SET (toast_tuple_target = 128)",
    # Not compressed: a phrase has to look into the vector of each row that has all of its words.
    "ALTER TABLE search_entrytext ALTER COLUMN vector SET STORAGE EXTERNAL",
    # Without a list of what is still to be put in, through which every search would have to go.
    "CREATE INDEX search_vector ON search_entrytext USING gin (vector) WITH (fastupdate = off)",
    # For a frequent word PostgreSQL would read the whole table: it doesn't know that each vector is a read of its
    # own elsewhere. The index says the same in a fraction of the time.
    """CREATE FUNCTION search_matches(query tsquery) RETURNS SETOF bigint
       LANGUAGE sql STABLE ROWS 10000 SET enable_seqscan = off AS $$
       SELECT entry_id FROM search_entrytext WHERE vector @@ query
       $$""",
]
NO_TSVECTOR = [
    "DROP FUNCTION search_matches(tsquery)",
    "DROP INDEX search_vector",
    "ALTER TABLE search_entrytext DROP COLUMN vector",
    "DROP FUNCTION search_vector(text, text, text, text)",
]

MAKE = {"sqlite": FTS5, "postgresql": TSVECTOR}
UNMAKE = {"sqlite": NO_FTS5, "postgresql": NO_TSVECTOR}


def make(apps, schema_editor):
    for statement in MAKE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def unmake(apps, schema_editor):
    for statement in UNMAKE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(make, unmake)]
