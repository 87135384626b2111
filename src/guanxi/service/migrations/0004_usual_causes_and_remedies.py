"""What every company starts with: a tree of causes, kinds of remedy, terms of authorities, rights on promises."""

from datetime import UTC, date, datetime

from django.db import migrations

REMEDIES = ("apology", "explanation", "repair", "exchange", "refund", "reduction", "voucher", "compensation")
WITHOUT_AMOUNT = ("apology", "explanation")
CAUSES = (
    "people", "people.attitude", "people.skill", "people.mistake",
    "product", "product.quality", "product.safety", "product.design",
    "process", "process.delay", "process.handover", "process.promise",
    "information", "information.advertising", "information.terms", "information.wrong",
    "outside", "outside.supplier", "outside.use", "outside.force",
)  # fmt: skip
CHECK = "Where the authority's own notice names a date, enter that on the complaint. 机关来函写明期限的，以来函为准。"
TERMS = (
    ("complaint.12315_days", 7, date(2020, 1, 1), "市场监督管理投诉举报处理暂行办法 (国家市场监督管理总局令第20号): 七个工作日"),
    ("complaint.12345_days", 5, date(2020, 12, 28), "国办发〔2020〕53号; terms are set locally 期限由各地规定"),
    ("complaint.other_days", 7, date(2020, 1, 1), "Usual term 通常期限"),
)  # fmt: skip
GIVEN = (("promise", "view"), ("promise", "create"), ("promise", "change"))


def give(apps, schema_editor):
    """Write the rows; names are made for the reader."""
    kinds, causes = apps.get_model("service", "RemedyKind"), apps.get_model("service", "Cause")
    for position, key in enumerate(REMEDIES):
        kinds.objects.create(key=key, has_amount=key not in WITHOUT_AMOUNT, position=position)
    made = {}
    for position, key in enumerate(CAUSES):
        above = made.get(key.partition(".")[0]) if "." in key else None
        row = made[key] = causes.objects.create(key=key, parent=above, position=position)
        row.path = f"{above.path if above else '/'}{row.pk}/"
        row.save()
    for key, days, valid_from, source in TERMS:
        apps.get_model("customers", "LegalParameter").objects.get_or_create(
            key=key,
            valid_from=valid_from,
            defaults={
                "value": days, "jurisdiction": "CN", "source": source, "note": CHECK, "created_at": datetime.now(UTC),
            },
        )  # fmt: skip
    role = apps.get_model("core", "Role").objects.filter(key="agent", is_builtin=True).first()
    if role is None:
        return
    permission_model = apps.get_model("core", "RolePermission")
    held = set(permission_model.objects.filter(role=role).values_list("kind", "action"))
    for kind, action in GIVEN:
        if not {(kind, action), (kind, "*"), ("*", action), ("*", "*")} & held:
            permission_model.objects.create(role=role, kind=kind, action=action, scope="all")


class Migration(migrations.Migration):
    """Rows to begin with."""

    dependencies = [("service", "0003_messages_open_cases"), ("core", "0002_roles"), ("customers", "0012_legal_sources")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
