"""Units that can be responsible: every department is one."""

from guanxi.core import changes
from guanxi.core.actor import Actor
from guanxi.core.models import Department
from guanxi.service.models import ResponsibleUnit


def ensure_units(*, actor: Actor) -> int:
    """Make the departments that are no units yet units; how many."""
    known = ResponsibleUnit.objects.filter(department__isnull=False).values("department")
    rows = list(Department.objects.filter(is_closed=False).exclude(pk__in=known)[:1_000])
    if not rows:
        return 0
    with changes.operation(actor=actor, name="service.ensure_units") as op:
        for row in rows:
            op.create(ResponsibleUnit(department=row))
    return len(rows)
