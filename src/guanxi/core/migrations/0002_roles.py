"""The roles every company starts with; rows, to be shaped later."""

from django.db import migrations

ROLES = {
    "owner": ("Owner", "企业主", {("*", "*"): "all"}),
    "manager": (
        "Manager",
        "经理",
        {
            ("*", "view"): "all",
            ("*", "create"): "all",
            ("*", "change"): "all",
            ("*", "delete"): "all",
            ("*", "export"): "all",
            ("*", "import"): "all",
            ("*", "undo"): "all",
            ("view", "share"): "all",
        },
    ),
    "agent": (
        "Agent",
        "客服代表",
        {
            ("customer", "view"): "all",
            ("customer", "create"): "all",
            ("customer", "change"): "all",
            ("product", "view"): "all",
            ("order", "view"): "all",
            ("order", "create"): "all",
        },
    ),
    "analyst": ("Analyst", "分析员", {("*", "view"): "all", ("*", "export"): "all", ("view", "share"): "all"}),
    "auditor": ("Auditor", "审计员", {("*", "view"): "all"}),
}


def make_roles(apps, schema_editor):
    """Write the rows that are not there yet."""
    role_model = apps.get_model("core", "Role")
    permission_model = apps.get_model("core", "RolePermission")
    for key, (english, chinese, permissions) in ROLES.items():
        role, _made = role_model.objects.get_or_create(
            key=key, defaults={"name_en": english, "name_zh": chinese, "is_builtin": True}
        )
        for (kind, action), scope in permissions.items():
            permission_model.objects.get_or_create(role=role, kind=kind, action=action, defaults={"scope": scope})


class Migration(migrations.Migration):
    """Default roles."""

    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
