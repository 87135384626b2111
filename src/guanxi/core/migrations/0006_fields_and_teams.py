"""Fields that roles do not see in full; members of teams as rows, and closed departments."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The table of members is the one that Django made for the relation, so only what we say of it changes."""

    dependencies = [("core", "0005_history")]
    operations = [
        migrations.AddField("department", "is_closed", models.BooleanField(default=False, verbose_name="closed")),
        migrations.CreateModel(
            name="RoleField",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("field", models.CharField(max_length=80)),
                ("visibility", models.CharField(choices=[("masked", "masked"), ("hidden", "hidden")], max_length=6)),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="fields", to="core.role"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("role", "kind", "field"), name="role_field_once")
                ],
            },
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="TeamMember",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="core.team"),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                            ),
                        ),
                    ],
                    options={"db_table": "core_team_members", "unique_together": {("team", "user")}},
                ),
                migrations.AlterField(
                    "team",
                    "members",
                    models.ManyToManyField(
                        blank=True, related_name="teams", through="core.TeamMember", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
    ]
