"""Counts of how often somebody did something need not outlive a crash: PostgreSQL keeps them out of its log.

A count then costs no flush to the disk, which is half of what an anonymous report waited for. Standby servers have
no such table's rows; a promoted one begins to count anew.
"""

from django.db import migrations


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE kernel_ratecount SET UNLOGGED")


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE kernel_ratecount SET LOGGED")


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_append_only")]
    operations = [migrations.RunPython(forwards, backwards)]
