"""Room beside each standing: a measurement that changes no indexed column then writes no index (PostgreSQL)."""

from django.db import migrations


def leave_room(apps, schema_editor):
    """Fill pages to less than half."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE customers_standing SET (fillfactor = 45)")


class Migration(migrations.Migration):
    """Storage of standings."""

    dependencies = [("customers", "0002_sort_key")]

    operations = [migrations.RunPython(leave_room, migrations.RunPython.noop, elidable=False)]
