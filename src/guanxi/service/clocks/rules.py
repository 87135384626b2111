"""The policies and calendars in force, read from the database; kept in the process while nothing was written to them."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guanxi.core import calendars, working_time
from guanxi.core.compiled import Compiled
from guanxi.core.models.calendars import WorkingCalendar
from guanxi.service.clocks.choices import Sort, Unit
from guanxi.service.clocks.choosing import Policy, Rules
from guanxi.service.clocks.measures import Target
from guanxi.service.models import EscalationStep, OwnHours, RulesStamp, SlaPolicy, SlaTarget

_KEPT = 4
_kept: OrderedDict[str, "InForce"] = OrderedDict()
_STAMP = Compiled(lambda: RulesStamp.objects.order_by("pk").values_list("value")[:1])


@dataclass(frozen=True)
class InForce:
    """What is promised to whom now, and what happens when it is not kept, by policy and sort."""

    rules: Rules
    steps: Mapping[tuple[int, str], Sequence[EscalationStep]]
    names: Mapping[int, str]
    # The calendars that customers have of their own, and what calendars are called.
    hours: Mapping[int, int]
    calendars: Mapping[int, str]


def in_force() -> InForce:
    """The policies and calendars as they stand."""
    # A new random value since anything wrote a policy or a calendar; none yet, nothing is kept.
    row = _STAMP.first()
    stamp = row[0] if row is not None else ""
    found = _kept.get(stamp)
    if found is None:
        found = _read()
        if stamp:
            _kept[stamp] = found
            while len(_kept) > _KEPT:
                _kept.popitem(last=False)
    return found


def _read() -> InForce:
    """Read everything."""
    rows = list(SlaPolicy.objects.filter(is_active=True).prefetch_related("targets", "steps"))
    times = {number: working_time.of(calendar) for number, calendar in calendars.load_all().items()}
    steps: dict[tuple[int, str], list[EscalationStep]] = {}
    for row in rows:
        for step in row.steps.all():
            steps.setdefault((row.pk, step.sort), []).append(step)
    own = list(OwnHours.objects.values_list("department", "customer", "calendar"))
    of_departments = {department: calendar for department, customer, calendar in own if customer is None}
    of_customers = {customer: calendar for department, customer, calendar in own if department is None}
    return InForce(
        Rules([policy_of(row) for row in rows], times, of_departments),
        steps,
        {row.pk: row.name for row in rows},
        of_customers,
        dict(WorkingCalendar.objects.values_list("pk", "name")),
    )


def policy_of(row: SlaPolicy) -> Policy:
    """A stored policy as the choosing knows it."""
    targets = {
        (Sort(target.sort), str(target.priority) if target.priority else ""): target_of(target)
        for target in row.targets.all()
    }
    asks = {aspect: frozenset(values) for aspect, values in row.asks.items() if values}
    return Policy(row.pk, row.position, asks, targets, row.calendar_id or 0)


def target_of(row: SlaTarget) -> Target:
    """A stored promise as the reckoning knows it."""
    return Target(row.amount, Unit(row.unit), row.warn_percent, frozenset(row.pauses))
