"""The database itself refuses to change or delete a published version."""

from django.db import migrations

from bihuan.methods.guards import install, remove


def forwards(apps, schema_editor):
    install(schema_editor.connection)


def backwards(apps, schema_editor):
    remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("methods", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
