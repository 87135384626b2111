"""Which policy holds for a case, and why that one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from guanxi.core.working_time import WorkingTime
from guanxi.service.clocks.choices import Sort
from guanxi.service.clocks.measures import Target

# What a policy may ask for, in the order in which reasons are told.
ASPECTS = ("type", "tier", "channel", "priority", "category", "department")

# So many sets of facts are remembered at once.
MOST_PLANS = 20_000


@dataclass(frozen=True)
class Facts:
    """What policies look at of a case; category and department as their ids from the root down."""

    type: str = ""
    tier: str = ""
    channel: str = ""
    priority: str = ""
    category: tuple[int, ...] = ()
    department: tuple[int, ...] = ()
    # The calendar that the customer has of its own; 0 for none.
    hours: int = 0

    def values(self, aspect: str) -> tuple[str | int, ...]:
        """What the case is in one aspect, the widest first."""
        found = getattr(self, aspect)
        return found if isinstance(found, tuple) else (found,)


@dataclass(frozen=True)
class Policy:
    """Whom a policy is for (an aspect that is not named takes everything), its order, its targets and its calendar.

    Targets are by sort and priority; the priority "" stands for those without a line of their own.
    """

    id: int
    order: int = 0
    asks: Mapping[str, frozenset[str | int]] = field(default_factory=dict)
    targets: Mapping[tuple[Sort, str], Target] = field(default_factory=dict)
    # 0: whosoever's it is (the customer's own, else that of the department, else the company's).
    calendar: int = 0

    def target(self, sort: Sort, priority: str) -> Target | None:
        """What is promised of one sort at a priority."""
        return self.targets.get((sort, priority)) or self.targets.get((sort, ""))


@dataclass(frozen=True)
class Verdict:
    """One policy against the facts of a case: what it asked for, the first thing that failed, how special it is."""

    policy: Policy
    met: tuple[str, ...]
    failed: str
    rank: tuple[int, int]

    @property
    def holds(self) -> bool:
        """Whether the policy could be used."""
        return not self.failed


@dataclass(frozen=True)
class Choice:
    """The policy that holds, what of the case it asked for, and how it stood out.

    `by`: only (none other fits), special (it asks for more), deep (for a narrower category or department), order.
    """

    policy: Policy
    met: tuple[str, ...]
    by: str
    before: int | None = None

    @property
    def why(self) -> dict[str, object]:
        """The reason in codes, to be kept with a clock."""
        return {"met": list(self.met), "by": self.by, "before": self.before}


def verdict(policy: Policy, facts: Facts) -> Verdict:
    """Hold one policy against the facts."""
    met: list[str] = []
    depth = 0
    for aspect in ASPECTS:
        asked = policy.asks.get(aspect)
        if not asked:
            continue
        values = facts.values(aspect)
        found = [place for place, value in enumerate(values, 1) if value in asked]
        if not found:
            return Verdict(policy, tuple(met), aspect, (0, 0))
        met.append(aspect)
        depth += max(found)
    return Verdict(policy, tuple(met), "", (len(met), depth))


def verdicts(policies: Sequence[Policy], facts: Facts) -> list[Verdict]:
    """All policies, those that fit first, the one to be used at the head."""
    found = [verdict(policy, facts) for policy in policies]
    return sorted(found, key=lambda one: (not one.holds, -one.rank[0], -one.rank[1], one.policy.order, one.policy.id))


def choose(policies: Sequence[Policy], facts: Facts) -> Choice | None:
    """The most special policy that fits; among equals the first by order, then the elder."""
    fitting = [one for one in verdicts(policies, facts) if one.holds]
    if not fitting:
        return None
    best = fitting[0]
    if len(fitting) == 1:
        return Choice(best.policy, best.met, "only")
    other = fitting[1]
    by = "special" if best.rank[0] > other.rank[0] else "deep" if best.rank[1] > other.rank[1] else "order"
    return Choice(best.policy, best.met, by, other.policy.id)


@dataclass
class Rules:
    """All policies and calendars as they stand (by id, 0 the company's own), and what they say of each set of facts."""

    policies: Sequence[Policy]
    calendars: Mapping[int, WorkingTime]
    # The calendars that departments have of their own, which hold for those below them too.
    hours: Mapping[int, int] = field(default_factory=dict)
    _plans: dict[Facts, "Plan"] = field(default_factory=dict, repr=False)

    def plan(self, facts: Facts) -> "Plan":
        """What holds for a case of these facts."""
        found = self._plans.get(facts)
        if found is None:
            if len(self._plans) >= MOST_PLANS:
                self._plans.clear()
            found = self._plans[facts] = self._made(facts)
        return found

    def _made(self, facts: Facts) -> "Plan":
        """Choose, and look the calendar up."""
        choice = choose(self.policies, facts)
        if choice is None:
            return Plan(None, self.calendars[0], {}, 0)
        number, whose = self._calendar(choice.policy, facts)
        targets = {sort: choice.policy.target(sort, facts.priority) for sort in Sort}
        found = {sort: target for sort, target in targets.items() if target is not None}
        return Plan(choice, self.calendars[number], found, number, whose)

    def _calendar(self, policy: Policy, facts: Facts) -> tuple[int, str]:
        """By which calendar a clock counts, and whose that is: what a policy names holds before all others."""
        own = next((self.hours[number] for number in reversed(facts.department) if number in self.hours), 0)
        for number, whose in ((policy.calendar, "policy"), (facts.hours, "customer"), (own, "department")):
            if number and number in self.calendars:
                return number, whose
        return 0, "company"


@dataclass(frozen=True)
class Plan:
    """What holds for a case: the policy chosen, the working time it counts in, its target of each sort."""

    choice: Choice | None
    time: WorkingTime
    targets: Mapping[Sort, Target]
    # The calendar (0 the company's), and why that one: policy, customer, department, company.
    calendar: int
    whose: str = "company"

    @property
    def why(self) -> dict[str, object]:
        """Why this policy and this calendar, in codes, to be kept with a clock."""
        chosen = self.choice.why if self.choice is not None else {}
        return {**chosen, "calendar": self.calendar, "whose": self.whose}
