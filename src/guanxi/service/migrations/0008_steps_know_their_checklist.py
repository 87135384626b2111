"""Items of checklists that cases have already: told by their words which checklist asked for them."""

from django.db import migrations
from django.db.models import Q


def tell(apps, schema_editor):
    """Items with the words of a checklist of the type of their case."""
    steps = apps.get_model("service", "CaseStep")
    for checklist in apps.get_model("service", "Checklist").objects.order_by("pk"):
        category = checklist.category_id
        fits = Q(case__category__path__contains=f"/{category}/") if category is not None else Q()
        rows = steps.objects.filter(
            fits,
            checklist__isnull=True,
            case__case_type=checklist.case_type,
            text__in=[str(text)[:300] for text in checklist.items],
        )
        rows.update(checklist=checklist)


class Migration(migrations.Migration):
    dependencies = [("service", "0007_checklists_of_steps")]
    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
