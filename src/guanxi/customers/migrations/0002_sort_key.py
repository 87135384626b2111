"""Names and cities sort by code point on PostgreSQL too, as on SQLite: the key is pinyin already, prefixes use the index."""

from django.db import migrations

COLUMNS = (("customers_customer", "sort_key", 255), ("customers_customer", "initials", 40), ("customers_customer", "city", 80))


def use_code_points(apps, schema_editor):
    """Give the sort columns the C collation."""
    if schema_editor.connection.vendor == "postgresql":
        for table, column, length in COLUMNS:
            schema_editor.execute(f'ALTER TABLE {table} ALTER COLUMN {column} TYPE varchar({length}) COLLATE "C"')


class Migration(migrations.Migration):
    """Collation of the sort columns."""

    dependencies = [("customers", "0001_initial")]

    operations = [migrations.RunPython(use_code_points, migrations.RunPython.noop, elidable=False)]
