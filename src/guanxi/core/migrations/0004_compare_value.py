"""Working out value at another day, to compare, is a right of its own: analysts have it, auditors do not."""

from django.db import migrations

ROLES = ("manager", "analyst")


def let_compare(apps, schema_editor):
    """Give the built-in roles the right, where they stand."""
    permissions = apps.get_model("core", "RolePermission").objects
    for role in apps.get_model("core", "Role").objects.filter(key__in=ROLES):
        permissions.get_or_create(role=role, kind="value", action="compare", defaults={"scope": "all"})


class Migration(migrations.Migration):
    """One more right."""

    dependencies = [("core", "0003_custom_field_index")]
    operations = [migrations.RunPython(let_compare, migrations.RunPython.noop)]
