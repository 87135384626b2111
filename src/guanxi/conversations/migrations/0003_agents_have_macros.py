"""The front desk uses macros and writes its own: rights of the built-in role of agents."""

from django.db import migrations

SCOPES = {"view": "all", "create": "own", "change": "own", "delete": "own"}


def give(apps, schema_editor):
    """Write the rows that no wider rule of the role makes needless."""
    role = apps.get_model("core", "Role").objects.filter(key="agent", is_builtin=True).first()
    if role is None:
        return
    permission_model = apps.get_model("core", "RolePermission")
    held = set(permission_model.objects.filter(role=role).values_list("kind", "action"))
    for action, scope in SCOPES.items():
        if not {("macro", action), ("macro", "*"), ("*", action), ("*", "*")} & held:
            permission_model.objects.create(role=role, kind="macro", action=action, scope=scope)


class Migration(migrations.Migration):
    """Rights on macros."""

    dependencies = [("conversations", "0002_agents_have_conversations"), ("core", "0002_roles")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
