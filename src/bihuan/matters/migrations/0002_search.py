"""The search index: pieces of two characters, in tables of its own on both engines.

PostgreSQL: a tsvector with GIN. SQLite: FTS5 without content and without positions (``detail=none``), whose
rowids grow with the order of indexing, so that "newest first" is a walk from its end. Besides the pieces of the
text each row holds the codes of its district, street and community and its month, so that the index itself
narrows a search by them.
"""

from django.db import migrations

POSTGRES = """
CREATE TABLE matters_search (
    matter_id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL,
    grams tsvector NOT NULL
);
CREATE INDEX matters_search_grams ON matters_search USING gin (grams);
"""
SQLITE = (
    "CREATE TABLE matters_search_doc (id integer PRIMARY KEY AUTOINCREMENT, matter_id char(32) NOT NULL UNIQUE)",
    "CREATE VIRTUAL TABLE matters_search USING fts5(grams, content='', detail=none, columnsize=0)",
)


def build(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for statement in SQLITE:
            schema_editor.execute(statement)
    else:
        schema_editor.execute(POSTGRES)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE matters_search")
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE matters_search_doc")


class Migration(migrations.Migration):
    dependencies = [("matters", "0001_initial")]
    operations = [migrations.RunPython(build, drop)]
