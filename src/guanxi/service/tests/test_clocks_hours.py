"""Clocks by calendars of one's own: the customer's, else that of the department or the one above it, else the company's."""

from datetime import datetime, timedelta

import pytest

from guanxi.core import calendars, changes, events, jobs
from guanxi.core.actor import Actor, system_actor
from guanxi.core.errors import Forbidden, InvalidInput
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.merging import merge_customers
from guanxi.people.placing import save_department
from guanxi.service.clocks.presenting import shown
from guanxi.service.clocks.services.hours import save_hours
from guanxi.service.clocks.services.promising import save_policy
from guanxi.service.models import Case, OwnHours, SlaPolicy
from guanxi.service.public import open_case, update_case
from guanxi.service.tests.conftest import MONDAY, OFFICE, Time, clocks

pytestmark = pytest.mark.django_db


def due(case: Case) -> datetime | None:
    """When the clock for the solution of a case is due."""
    return clocks(case)["solution", 1].due_at


def test_the_customers_calendar_counts_before_the_departments_and_that_before_the_companys(time: Time) -> None:
    """Whoever has none has that of the nearest department above; a service level that names one stands before all."""
    system, noon = system_actor(), MONDAY + timedelta(hours=5)
    night, day, short = (
        calendars.save_calendar(actor=system, name=name, zone="Asia/Shanghai", weekly=dict.fromkeys(range(7), (hours,)))
        for name, hours in (("夜班", (1200, 1440)), ("全天", (0, 1440)), ("早班", (540, 660)))
    )
    jobs.run_pending()
    upper = save_department(actor=system, department_id=None, name="Plant", parent_id=None)
    unit = save_department(actor=system, department_id=None, name="Kiln", parent_id=upper.pk)
    other = save_department(actor=system, department_id=None, name="Shop", parent_id=None)
    zoe, max_ = (create_customer(actor=system, values={"name": name}) for name in ("Zoe", "Max"))
    case = open_case(actor=system, values={"subject": "Kettle", "customer": zoe.pk, "department": unit.pk})
    plain = open_case(actor=system, values={"subject": "Cup", "customer": max_.pk})
    assert (due(case), due(plain)) == (noon, noon)
    operation = save_hours(actor=system, calendar_id=day.pk, department_id=upper.pk)
    jobs.run_pending()
    assert (due(case), due(plain)) == (MONDAY + timedelta(hours=4), noon)
    row = clocks(case)["solution", 1]
    assert (row.why["calendar"], row.why["whose"]) == (day.pk, "department")
    assert row.events.order_by("-id")[0].because["event"] == "hours"
    assert "全天" in str(shown(row)["why"])
    save_hours(actor=system, calendar_id=night.pk, customer_id=zoe.pk)
    jobs.run_pending()
    evening = MONDAY + timedelta(hours=15)  # from eight to midnight
    assert (due(case), due(plain)) == (evening, noon)
    # Moved to another department, merged with another customer: the promises follow.
    update_case(actor=system, case_id=case.pk, values={"customer": max_.pk})
    assert due(case) == MONDAY + timedelta(hours=4)
    save_department(actor=system, department_id=unit.pk, name="Kiln", parent_id=other.pk)
    events.deliver_pending()
    jobs.run_pending()
    assert due(case) == noon
    merge_customers(actor=system, keep_id=max_.pk, absorb_ids=[zoe.pk])
    events.deliver_pending()
    jobs.run_pending()
    assert (due(case), due(plain)) == (evening, evening)
    save_policy(actor=system, policy_id=SlaPolicy.objects.get().pk, values={"calendar": short.pk})
    jobs.run_pending()
    assert due(case) == MONDAY + timedelta(days=1, hours=2)
    save_policy(actor=system, policy_id=SlaPolicy.objects.get().pk, values={"calendar": None})
    save_hours(actor=system, calendar_id=None, customer_id=max_.pk)
    assert operation is not None
    changes.undo_operation(actor=system, operation_id=operation)
    jobs.run_pending()
    assert (due(case), due(plain)) == (noon, noon)
    assert not OwnHours.objects.exists()


def test_who_sets_no_service_levels_sets_no_calendars(ann: Actor) -> None:
    """And what is wrong is said."""
    zoe = create_customer(actor=system_actor(), values={"name": "Zoe"})
    calendar = calendars.save_calendar(actor=system_actor(), name="办公", zone="UTC", weekly=OFFICE)
    with pytest.raises(Forbidden):
        save_hours(actor=ann, calendar_id=calendar.pk, customer_id=zoe.pk)
    for wrong in ({}, {"customer_id": zoe.pk, "department_id": 1}, {"department_id": 99}):
        with pytest.raises(InvalidInput):
            save_hours(actor=system_actor(), calendar_id=calendar.pk, **wrong)
