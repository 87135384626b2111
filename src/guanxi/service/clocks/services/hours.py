"""Working calendars of customers and departments of their own, by which their clocks run."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.core import access, changes
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.core.models import Department
from guanxi.customers.models import Customer
from guanxi.service.clocks.services.promising import calendar_with, rules_changed
from guanxi.service.models import OwnHours


def save_hours(
    *, actor: Actor, calendar_id: int | None, customer_id: int | None = None, department_id: int | None = None
) -> int | None:
    """Let the clocks of a customer, or of a department and those below it, run by a calendar of their own.

    Without a calendar they count by the next one again. The operation's number, None when nothing differs.
    """
    access.require(actor, "service_setting", "change")
    if (customer_id is None) == (department_id is None):
        raise InvalidInput(_("Choose whose calendar it is."), column="department")
    calendar = calendar_with(calendar_id)
    with transaction.atomic():
        whose: dict[str, Any] = (
            {"customer": _customer(actor, customer_id)}
            if customer_id is not None
            else {"department": _department(department_id)}
        )
        row = OwnHours.objects.select_for_update(of=("self",)).filter(**whose).first()
        if (row.calendar if row is not None else None) == calendar:
            return None
        with changes.operation(actor=actor, name="service.save_hours") as op:
            if calendar is None:
                op.delete(row)
            elif row is None:
                op.create(OwnHours(calendar=calendar, **whose))
            else:
                op.update(row, calendar=calendar)
            rules_changed(because={"event": "hours"}, customer_id=customer_id or 0)
        return op.id


def _customer(actor: Actor, number: int) -> Customer:
    """A customer that is open to the actor and was not erased."""
    found: Customer = Customer.objects.filter(erased_at__isnull=True).get_visible(actor, pk=number)
    return found


def _department(number: int | None) -> Department:
    """A department in use."""
    found = Department.objects.filter(pk=number or 0, is_closed=False).first()
    if found is None:
        raise InvalidInput(_("There is no such department."), column="department")
    return found
