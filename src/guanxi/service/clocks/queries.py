"""Reading clocks and service levels, as far as the actor may see."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from guanxi.core import clock, ids
from guanxi.core.actor import Actor
from guanxi.core.compiled import CompiledRecords
from guanxi.core.models import Role, User
from guanxi.core.models.calendars import WorkingCalendar
from guanxi.customers.models import Customer
from guanxi.service.clocks.choices import Sort
from guanxi.service.clocks.choosing import Facts, Verdict, verdicts
from guanxi.service.clocks.judging import Clock
from guanxi.service.clocks.rules import in_force
from guanxi.service.clocks.telling import history_of, moments_of, spoken_in
from guanxi.service.models import Case, CaseClock, ClockEvent, OwnHours, SlaPolicy

EVENTS_SHOWN = 300


_CLOCKS = CompiledRecords(CaseClock, lambda number: CaseClock.objects.filter(case=number), int, related=("policy",))


def clocks_of(case: Case) -> list[CaseClock]:
    """The clocks of a case that the reader has before them, those that run first, then the latest."""
    rows = _CLOCKS.all(case.pk)
    order = list(Sort)
    return sorted(rows, key=lambda row: (row.ended_at is not None, order.index(Sort(row.sort)), -row.number))


def clock_rows(actor: Actor) -> QuerySet[CaseClock]:
    """The clocks that the actor may see, with their cases and policies."""
    return CaseClock.objects.visible_to(actor).select_related("policy", "case")


def clock_of(actor: Actor, public_id: str) -> CaseClock:
    """The clock with this public id."""
    found: CaseClock = CaseClock.objects.get_visible(actor, pk=ids.parse("clk", public_id) or 0)
    return clock_rows(actor).get(pk=found.pk)


def reckoned_of(case: Case) -> dict[tuple[str, int], Clock]:
    """The clocks of a case reckoned at this moment, with all their spans."""
    moments = moments_of([case])[case.pk]
    if not moments:
        return {}
    history = history_of(moments, spoken_in([case]).get(case.pk, ()))
    return {(one.sort.value, one.number): one for one in history.clocks(in_force().rules, clock.now())}


def events_of(case: Case) -> list[ClockEvent]:
    """What happened to the clocks of a case, the latest first."""
    rows = ClockEvent.objects.filter(case=case.pk).select_related("clock").order_by("-id")
    return list(rows[:EVENTS_SHOWN])


def events_of_clock(row: CaseClock) -> list[ClockEvent]:
    """What happened to one clock, the latest first."""
    return list(ClockEvent.objects.filter(clock=row.pk).order_by("-id")[:EVENTS_SHOWN])


def service_levels(actor: Actor) -> list[SlaPolicy]:
    """All service levels in their order."""
    rows = SlaPolicy.objects.visible_to(actor).select_related("calendar").prefetch_related("targets", "steps")
    return list(rows.order_by("-is_active", "position", "pk"))


def service_level(actor: Actor, public_id: str) -> SlaPolicy:
    """One service level."""
    found: SlaPolicy = SlaPolicy.objects.get_visible(actor, pk=ids.parse("sla", public_id) or 0)
    return found


def own_hours(actor: Actor, limit: int = 200) -> list[OwnHours]:
    """Who has a calendar of its own: departments, then customers that are open to the actor."""
    rows = own_hours_rows(actor).select_related("customer", "department", "calendar")
    return list(rows.order_by("customer_id", "department__name")[:limit])


def own_hours_rows(actor: Actor) -> QuerySet[OwnHours]:
    """Those of departments, and those of customers that are open to the actor."""
    seen = Q(department__isnull=False) | Q(customer__in=Customer.objects.visible_to(actor).order_by())
    rows: QuerySet[OwnHours] = OwnHours.objects.visible_to(actor).filter(seen)
    return rows


def own_hours_of(actor: Actor, number: int) -> OwnHours:
    """One of them."""
    rows = OwnHours.objects.select_related("customer", "department")
    found: OwnHours = rows.get_visible(actor, pk=number)
    if found.customer_id is not None:
        Customer.objects.get_visible(actor, pk=found.customer_id)
    return found


def hours_of_customer(customer_id: int) -> OwnHours | None:
    """What a customer has of its own."""
    return OwnHours.objects.filter(customer=customer_id).select_related("calendar").first()


def customer_named(actor: Actor, public_id: str) -> Customer:
    """The customer with this public id."""
    found: Customer = Customer.objects.get_visible(actor, pk=ids.parse("cus", public_id) or 0)
    return found


def tried(facts: Facts) -> list[Verdict]:
    """Every service level in use against the facts of a case, the one that would hold first."""
    return verdicts(in_force().rules.policies, facts)


def path_of(model: Any, number: int | None) -> tuple[int, ...]:
    """The ids from the root down to a category or a department."""
    row = model.objects.filter(pk=number).values_list("path", flat=True).first() if number else None
    return tuple(int(part) for part in (row or "").split("/") if part)


def calendars() -> list[WorkingCalendar]:
    """Working calendars, the company's first."""
    return list(WorkingCalendar.objects.order_by("-is_default", "name"))


def roles() -> list[Role]:
    """Roles in their order."""
    return list(Role.objects.order_by("pk"))


def people() -> list[tuple[int, str]]:
    """Those who can sign in, by name."""
    rows = User.objects.filter(is_active=True).order_by("name", "username")
    return [(row.pk, row.display_name) for row in rows]


def names_of(user_ids: Sequence[int]) -> dict[int, str]:
    """What people are called."""
    return {user.pk: user.display_name for user in User.objects.filter(pk__in=user_ids)}
