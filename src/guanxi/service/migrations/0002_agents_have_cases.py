"""The front desk settles cases: the built-in role of agents may see, open and change all of them."""

from django.db import migrations

GIVEN = (("case", "view"), ("case", "create"), ("case", "change"), ("service_setting", "view"))


def give(apps, schema_editor):
    """Write the rows that no wider rule of the role makes needless."""
    role = apps.get_model("core", "Role").objects.filter(key="agent", is_builtin=True).first()
    if role is None:
        return
    permission_model = apps.get_model("core", "RolePermission")
    held = set(permission_model.objects.filter(role=role).values_list("kind", "action"))
    for kind, action in GIVEN:
        if not {(kind, action), (kind, "*"), ("*", action), ("*", "*")} & held:
            permission_model.objects.create(role=role, kind=kind, action=action, scope="all")


class Migration(migrations.Migration):
    """Rights on cases."""

    dependencies = [("service", "0001_initial"), ("core", "0002_roles")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
