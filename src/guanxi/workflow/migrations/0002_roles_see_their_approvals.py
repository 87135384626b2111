"""Everybody may be asked for an approval, or ask for one: roles that say nothing of approvals see their own."""

from django.db import migrations


def give(apps, schema_editor):
    """Write the rows that no wider rule of the role makes needless."""
    role_model = apps.get_model("core", "Role")
    permission_model = apps.get_model("core", "RolePermission")
    for role in role_model.objects.all():
        held = set(permission_model.objects.filter(role=role).values_list("kind", "action"))
        if not {("approval", "view"), ("approval", "*"), ("*", "view"), ("*", "*")} & held:
            permission_model.objects.create(role=role, kind="approval", action="view", scope="own")


class Migration(migrations.Migration):
    """Rights on one's own approvals."""

    dependencies = [("workflow", "0001_initial"), ("core", "0002_roles")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
