"""Units that can be responsible: every department is one, from the first complaint on that it answers for."""

from django.utils.translation import gettext as _

from guanxi.core import changes
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.core.models import Department
from guanxi.core.turns import take_turn
from guanxi.service.complaints.services import words
from guanxi.service.models import ResponsibleUnit


def unit_named(*, actor: Actor, unit_id: int | None, department_id: int | None) -> ResponsibleUnit | None:
    """The unit with this number, or that of a department, made where it is its first time; None for neither."""
    if department_id is None:
        found: ResponsibleUnit | None = words.row(ResponsibleUnit, unit_id, "unit")
        return found
    department = Department.objects.filter(pk=department_id, is_closed=False).first()
    if department is None:
        raise InvalidInput(_("“%(value)s” is not one of the choices.") % {"value": department_id}, column="unit")
    take_turn(f"unit of department {department.pk}")
    standing = ResponsibleUnit.objects.filter(department=department).first()
    if standing is not None:
        used: ResponsibleUnit = words.row(ResponsibleUnit, standing, "unit")
        return used
    # An operation of its own: taking back what it is made for must not take it from others.
    with changes.operation(actor=actor, name="service.ensure_units") as op:
        made: ResponsibleUnit = op.create(ResponsibleUnit(department=department))
    return made
