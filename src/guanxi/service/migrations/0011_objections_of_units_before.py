"""An objection after which another unit was settled was that of the unit before, as the journal tells."""

from django.db import migrations


def take_apart(apps, schema_editor):
    """Give such objections to the unit that had made them; the one that is responsible now has made none."""
    change, past = apps.get_model("core", "Change"), apps.get_model("service", "PastObjection")
    rows = apps.get_model("service", "Complaint").objects.filter(objected_at__isnull=False)
    units = apps.get_model("service", "ResponsibleUnit").objects
    for row in rows.filter(objection_settled_at__isnull=False):
        moved = change.objects.filter(kind="complaint", record_id=row.pk, field="unit_id")
        moved = moved.filter(operation__at__gte=row.objected_at, operation__undone_at__isnull=True)
        first = moved.order_by("id").first()
        if first is None or not units.filter(pk=first.before or 0).exists() or first.before == row.unit_id:
            continue
        past.objects.create(
            complaint=row,
            unit_id=first.before,
            reasons=row.objection,
            at=row.objected_at,
            by_id=row.objected_by_id,
            answer=row.objection_answer,
            settled_at=row.objection_settled_at,
        )
        row.objection = row.objection_answer = ""
        row.objected_at = row.objected_by_id = row.objection_settled_at = None
        row.save(update_fields=["objection", "objection_answer", "objected_at", "objected_by", "objection_settled_at"])


class Migration(migrations.Migration):
    """What stood before each unit could object."""

    dependencies = [("service", "0010_objections_of_units"), ("core", "0002_roles")]
    operations = [migrations.RunPython(take_apart, migrations.RunPython.noop)]
