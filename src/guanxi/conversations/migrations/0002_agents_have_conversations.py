"""The front desk reads and answers: the built-in role of agents may see, begin and change all conversations."""

from django.db import migrations

ACTIONS = ("view", "create", "change")


def give(apps, schema_editor):
    """Write the rows that no wider rule of the role makes needless."""
    role = apps.get_model("core", "Role").objects.filter(key="agent", is_builtin=True).first()
    if role is None:
        return
    permission_model = apps.get_model("core", "RolePermission")
    held = set(permission_model.objects.filter(role=role).values_list("kind", "action"))
    for action in ACTIONS:
        if not {("conversation", action), ("conversation", "*"), ("*", action), ("*", "*")} & held:
            permission_model.objects.create(role=role, kind="conversation", action=action, scope="all")


class Migration(migrations.Migration):
    """Rights on conversations."""

    dependencies = [("conversations", "0001_initial"), ("core", "0002_roles")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
