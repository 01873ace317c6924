"""The database itself refuses to change or delete the record.

Triggers on SQLite and plain PostgreSQL. Citus has no triggers on distributed tables: there the
serving role gets SELECT and INSERT alone on these tables (see docs/record.md), and this migration does nothing.
"""

from django.db import migrations

from bihuan.kernel.guards import install, remove


def forwards(apps, schema_editor):
    install(schema_editor.connection)


def backwards(apps, schema_editor):
    remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
