"""The history of one person, of one kind and of one operation, each an index read; two plain indexes give way to them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def let_agents_read(apps, schema_editor):
    """Agents read the history of the records that they may see; the other roles see every kind of record already."""
    permissions = apps.get_model("core", "RolePermission").objects
    for role in apps.get_model("core", "Role").objects.filter(key="agent"):
        permissions.get_or_create(role=role, kind="history", action="view", defaults={"scope": "own"})


class Migration(migrations.Migration):
    """Indexes for history screens; SQLite need not write the tables anew for it."""

    dependencies = [("core", "0008_backup_run")]

    operations = [
        migrations.RunPython(let_agents_read, migrations.RunPython.noop),
        migrations.AddIndex("change", models.Index(fields=["operation", "id"], name="change_operation")),
        migrations.AddIndex("change", models.Index(fields=["kind", "operation"], name="change_kind")),
        migrations.AddIndex("operation", models.Index(fields=["actor", "id"], name="operation_actor")),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL("DROP INDEX IF EXISTS core_change_operation_id_e3a67940", migrations.RunSQL.noop),
                migrations.RunSQL("DROP INDEX IF EXISTS core_operation_actor_id_8c8814db", migrations.RunSQL.noop),
            ],
            state_operations=[
                migrations.AlterField(
                    "change",
                    "operation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="core.operation",
                    ),
                ),
                migrations.AlterField(
                    "operation",
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]
