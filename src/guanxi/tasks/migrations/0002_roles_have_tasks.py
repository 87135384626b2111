"""Everybody has tasks of their own: roles that say nothing of tasks may set, change and take back those."""

from django.db import migrations

ACTIONS = ("view", "create", "change", "delete")


def give(apps, schema_editor):
    """Write the rows that no wider rule of the role makes needless."""
    role_model = apps.get_model("core", "Role")
    permission_model = apps.get_model("core", "RolePermission")
    for role in role_model.objects.all():
        held = set(permission_model.objects.filter(role=role).values_list("kind", "action"))
        for action in ACTIONS:
            if not {("task", action), ("task", "*"), ("*", action), ("*", "*")} & held:
                permission_model.objects.create(role=role, kind="task", action=action, scope="own")


class Migration(migrations.Migration):
    """Rights on one's own tasks."""

    dependencies = [("tasks", "0001_initial"), ("core", "0002_roles")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
