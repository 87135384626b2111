"""Where from and why, what an erasure took, and the seals on the journal.

Columns are added in SQL: SQLite would write the whole journal anew otherwise.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def add_column(sql, field):
    """One column of operations, and what Django knows of it."""
    return migrations.SeparateDatabaseAndState(
        database_operations=[migrations.RunSQL(f"ALTER TABLE core_operation ADD COLUMN {sql}")],
        state_operations=[migrations.AddField("operation", field[0], field[1])],
    )


SEALED_ROW = [
    ("row_id", models.BigIntegerField(primary_key=True, serialize=False)),
    ("salt", models.BinaryField(max_length=16, null=True)),
    ("values_digest", models.BinaryField(max_length=32, null=True)),
    ("digest", models.BinaryField(max_length=32)),
]


class Migration(migrations.Migration):
    """History and its seals."""

    dependencies = [("core", "0004_compare_value")]

    operations = [
        add_column(
            "address varchar(120) DEFAULT '' NOT NULL",
            ("address", models.CharField(blank=True, db_default="", default="", max_length=120)),
        ),
        add_column(
            "reason varchar(500) DEFAULT '' NOT NULL",
            ("reason", models.CharField(blank=True, db_default="", default="", max_length=500)),
        ),
        add_column(
            "deputising_for_id bigint NULL REFERENCES core_user (id) DEFERRABLE INITIALLY DEFERRED",
            (
                "deputising_for",
                models.ForeignKey(
                    db_index=False,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
        ),
        migrations.AddField("operation", "erased_at", models.DateTimeField(null=True)),
        migrations.AddField("change", "erased_at", models.DateTimeField(null=True)),
        migrations.CreateModel("SealedChange", SEALED_ROW, options={"abstract": False}),
        migrations.CreateModel("SealedOperation", SEALED_ROW, options={"abstract": False}),
        migrations.CreateModel(
            "Seal",
            [
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("operations_to", models.BigIntegerField()),
                ("changes_to", models.BigIntegerField()),
                ("operation_count", models.IntegerField()),
                ("change_count", models.IntegerField()),
                ("sealed_at", models.DateTimeField()),
                ("jump_count", models.IntegerField(default=0)),
                ("latest_at", models.DateTimeField(null=True)),
                ("digest", models.BinaryField(max_length=32)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("jump_count__gt", 0)), fields=["number"], name="seal_jumps")
                ]
            },
        ),
    ]
