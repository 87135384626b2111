"""A key by strokes for each customer, filled in for those who stand, and the index that lists walk."""

from django.db import migrations, models

from guanxi.customers.strokes import stroke_key

CHUNK = 10_000


def fill_in(apps, schema_editor):
    """Give the customers on record their keys, compared by code point, a chunk at a time."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute('ALTER TABLE customers_customer ALTER COLUMN stroke_key TYPE varchar(36) COLLATE "C"')
        last = 0
        while True:
            cursor.execute("SELECT id, name FROM customers_customer WHERE id > %s ORDER BY id LIMIT %s", [last, CHUNK])
            rows = cursor.fetchall()
            if not rows:
                break
            last = rows[-1][0]
            if connection.vendor == "postgresql":
                cursor.execute(
                    "UPDATE customers_customer c SET stroke_key = k.stroke_key "
                    "FROM unnest(%s::bigint[], %s::text[]) AS k(id, stroke_key) WHERE c.id = k.id",
                    [[number for number, _name in rows], [stroke_key(name) for _number, name in rows]],
                )
            else:
                pairs = [(stroke_key(name), number) for number, name in rows]
                cursor.executemany("UPDATE customers_customer SET stroke_key = %s WHERE id = %s", pairs)


class Migration(migrations.Migration):
    """The column, its values, its index."""

    dependencies = [("customers", "0003_standing_room")]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="stroke_key",
            field=models.CharField(default="", editable=False, max_length=36),
            preserve_default=False,
        ),
        migrations.RunPython(fill_in, migrations.RunPython.noop, elidable=False),
        migrations.AddIndex(
            model_name="customer", index=models.Index(fields=["stroke_key", "id"], name="customer_strokes")
        ),
    ]
