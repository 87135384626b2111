"""Whoever may change customers takes work from the queues of which they are a member, and sees who is there."""

from django.db import migrations

RIGHTS = (("queue", "view", "own"), ("work_item", "view", "own"), ("work_item", "change", "own"), ("presence", "view", "all"))


def give(apps, schema_editor):
    """Write the rows that no wider rule of the role makes needless."""
    role_model = apps.get_model("core", "Role")
    permission_model = apps.get_model("core", "RolePermission")
    for role in role_model.objects.filter(permissions__kind="customer", permissions__action="change").distinct():
        held = set(permission_model.objects.filter(role=role).values_list("kind", "action"))
        for kind, action, scope in RIGHTS:
            if not {(kind, action), (kind, "*"), ("*", action), ("*", "*")} & held:
                permission_model.objects.create(role=role, kind=kind, action=action, scope=scope)


class Migration(migrations.Migration):
    """Rights on queues, work and presence."""

    dependencies = [("routing", "0001_initial"), ("core", "0002_roles")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
