"""Dry runs: what a rule would have done over the last weeks, had it been in force; nothing is written."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from guanxi.core import clock
from guanxi.workflow import conditions
from guanxi.workflow.choices import Limit, Outcome
from guanxi.workflow.definitions import facts_for
from guanxi.workflow.engine.past_values import PastValues, is_told_by_journal
from guanxi.workflow.engine.running import day_began
from guanxi.workflow.models import Happening, Rule
from guanxi.workflow.registries.facts import CHANGED
from guanxi.workflow.registries.triggers import kind_of, moments

DAYS = 30
# The latest so many happenings are looked at; more would take too long for a page.
MOST = 5_000


@dataclass(frozen=True)
class Trial:
    """What a rule would have made of one thing that happened to one record."""

    record_id: int
    at: datetime
    outcome: str
    why: dict[str, Any]


@dataclass(frozen=True)
class DryRun:
    """What would have come of a rule; `of_today` are the facts whose earlier values nobody knows."""

    kind: str
    since: datetime
    until: datetime
    trials: Sequence[Trial]
    of_today: Sequence[str]
    # Since when what happened is noted at all; None for moments, which records hold themselves.
    noted_since: datetime | None
    is_cut: bool

    @property
    def counts(self) -> dict[str, int]:
        """How many trials ended how."""
        return dict(Counter(trial.outcome for trial in self.trials))

    def of(self, outcome: str) -> list[Trial]:
        """The trials that ended so, the newest first."""
        return [trial for trial in reversed(self.trials) if trial.outcome == outcome]


@dataclass(frozen=True)
class _Heard:
    """One thing to try."""

    record_id: int
    at: datetime
    fields: Sequence[str] = ()


def dry_run(rule: Rule, *, days: int = DAYS) -> DryRun:
    """Try a rule, stored or not, over what happened in the last days."""
    until = clock.now()
    since = until - timedelta(days=days)
    heard, is_cut = _moments(rule, since, until) if rule.trigger in moments else _happenings(rule.trigger, since)
    facts = facts_for(rule.trigger)
    tree = conditions.stored(rule.conditions)
    asked = {key: facts[key] for key in conditions.facts_of(tree) if key in facts}
    past = PastValues(asked, [one.record_id for one in heard], since)
    done: dict[int, datetime] = {}
    trials: list[Trial] = []
    for one in heard:
        values = {**past.at(one.record_id, one.at), CHANGED: list(one.fields)}
        met, why = conditions.evaluate(tree, values, one.at, facts)
        outcome = _outcome(rule, met, done.get(one.record_id), one.at)
        if outcome == Outcome.FIRED:
            done[one.record_id] = one.at
        trials.append(Trial(one.record_id, one.at, str(outcome), why))
    return DryRun(
        kind=kind_of(rule.trigger) or "",
        since=since,
        until=until,
        trials=trials,
        of_today=[reached.label for reached in asked.values() if not is_told_by_journal(reached)],
        noted_since=None if rule.trigger in moments else _noted_since(),
        is_cut=is_cut,
    )


def _outcome(rule: Rule, met: bool, done_at: datetime | None, at: datetime) -> Outcome:
    """What would have come of it, given when the rule did its work on the record last."""
    if not met:
        return Outcome.NOT_MET
    if done_at is not None and (rule.limit == Limit.ONCE or (rule.limit == Limit.DAILY and done_at >= day_began(at))):
        return Outcome.LIMITED
    return Outcome.FIRED


def _happenings(trigger: str, since: datetime) -> tuple[list[_Heard], bool]:
    """What was noted of a trigger, the oldest first; whether older ones were left out."""
    rows = Happening.objects.filter(trigger=trigger, at__gt=since).order_by("-at", "-id")
    found = [_Heard(*row) for row in rows.values_list("record_id", "at", "fields")[: MOST + 1]]
    return found[MOST - 1 :: -1] if len(found) > MOST else found[::-1], len(found) > MOST


def _moments(rule: Rule, since: datetime, until: datetime) -> tuple[list[_Heard], bool]:
    """The moments that records hold today, as far as the rule would have started at them."""
    offset = timedelta(minutes=rule.offset_minutes)
    rows: Iterable[tuple[int, datetime]] = moments[rule.trigger].between(since - offset, until - offset)
    found = [_Heard(number, at + offset) for number, at in islice(rows, MOST + 1)]
    return found[:MOST], len(found) > MOST


def _noted_since() -> datetime | None:
    """The first thing that was noted at all."""
    return Happening.objects.order_by("at").values_list("at", flat=True).first()
