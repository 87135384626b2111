"""Running rules over the records to which something happened: each rule in a savepoint, each with its reasons."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import Q, QuerySet

from guanxi.core import clock, database_away
from guanxi.core.actor import Actor, system_actor
from guanxi.core.compiled import Compiled, CompiledRecords
from guanxi.core.errors import GuanxiError, NotFound
from guanxi.core.events import passing
from guanxi.core.holding import hold, hold_to_act
from guanxi.core.inserting import CompiledInsert
from guanxi.core.records import RecordRef
from guanxi.core.sentences import gettext as _
from guanxi.core.sentences import kept
from guanxi.core.turns import take_turn
from guanxi.workflow import conditions
from guanxi.workflow.choices import Limit, Outcome
from guanxi.workflow.definitions import Step, facts_for, stored_steps
from guanxi.workflow.engine.reading import FactReader, linked
from guanxi.workflow.models import Firing, Rule
from guanxi.workflow.registries.actions import actions
from guanxi.workflow.registries.facts import CHANGED, links
from guanxi.workflow.registries.triggers import kind_of

logger = logging.getLogger("guanxi.workflow")

# What goes along with events that rules cause: the rules whose acts led to them, the first one first.
CHAIN = "rules"
LONGEST_CHAIN = 8
# A rule that does its work on one record more often than this within the hour is taken for part of a loop.
MOST_AN_HOUR = 20
MEANS = "rule"
# Outcomes of rules that set about their acts; their firings are saved with what they did.
TRIED = frozenset({Outcome.FIRED, Outcome.FAILED})


@dataclass(frozen=True)
class Happened:
    """One thing that happened to some records, as rules hear it."""

    trigger: str
    record_ids: Sequence[int]
    heard: str
    at: datetime
    fields: Sequence[str] = ()
    chain: tuple[int, ...] = ()
    given: Mapping[str, Any] = field(default_factory=dict)
    # No rule can have heard of it before.
    is_first: bool = False

    @property
    def kind(self) -> str:
        """The kind of the records."""
        return kind_of(self.trigger) or ""

    def values(self) -> dict[str, Any]:
        """What came along with it, by fact."""
        return {CHANGED: list(self.fields)}


def _in_force(trigger: str, now: datetime) -> QuerySet[Rule]:
    """The rules that hear a trigger at a moment, in their order."""
    rows = Rule.objects.filter(trigger=trigger, is_active=True).order_by("order", "id")
    within = (Q(from_at__isnull=True) | Q(from_at__lte=now)) & (Q(until_at__isnull=True) | Q(until_at__gt=now))
    return rows.filter(within)


_IN_FORCE = CompiledRecords(Rule, _in_force, str, datetime)


def rules_in_force(trigger: str, now: datetime) -> list[Rule]:
    """The rules that hear a trigger now, in their order."""
    return _IN_FORCE.all(trigger, now)


def run(happened: Happened, rules: Iterable[Rule] | None = None) -> list[Firing]:
    """Run the rules in force over the records; what came of each, written down. Within the caller's transaction."""
    hearing = rules_in_force(happened.trigger, happened.at) if rules is None else list(rules)
    if not hearing or not happened.record_ids:
        return []
    reader = FactReader(happened.record_ids, facts_for(happened.trigger), happened.values())
    over = set() if happened.is_first else _heard_before(hearing, happened)
    grip = _Grip(happened)
    quiet: list[Firing] = []
    loud: list[Firing] = []
    for record_id in happened.record_ids:
        for rule in hearing:
            if (rule.pk, record_id) in over:
                continue
            firing = _consider(rule, record_id, happened, reader, grip)
            if firing.outcome not in TRIED:
                quiet.append(firing)
                continue
            loud.append(firing)
            if firing.outcome == Outcome.FIRED:
                reader.forget()
                if rule.stops_others:
                    break
    return [*loud, *Firing.objects.bulk_create(quiet, batch_size=500)]


def _heard_before(rules: Iterable[Rule], happened: Happened) -> set[tuple[int, int]]:
    """What rules did about it already, by rule and record."""
    rows = Firing.objects.filter(rule__in=rules, heard=happened.heard, record_id__in=happened.record_ids)
    return set(rows.values_list("rule_id", "record_id"))


class _Grip:
    """The records of one event, locked before the first act on any of them: one by one they had an order of their own."""

    def __init__(self, happened: Happened) -> None:
        """Not yet."""
        self.wanted, self.is_one, self.is_taken = (
            {happened.kind: happened.record_ids},
            len(happened.record_ids) < 2,
            False,
        )

    def take(self, rule: Rule) -> None:
        """Now, unless it was done; one record alone only before the turn of a rule that has limits."""
        if self.is_taken or (self.is_one and rule.limit == Limit.ALWAYS):
            return
        if self.is_one:
            hold(**self.wanted)
        else:
            hold_to_act(**self.wanted)
        self.is_taken = True


def _consider(rule: Rule, record_id: int, happened: Happened, reader: FactReader, grip: _Grip) -> Firing:
    """One rule, one record: the firing, saved already where something was tried."""
    firing = Firing(
        rule=rule,
        version=rule.version,
        trigger=happened.trigger,
        heard=happened.heard,
        record_kind=happened.kind,
        record_id=record_id,
        at=clock.now(),
        outcome=Outcome.NOT_MET,
        why={"chain": list(happened.chain)} if happened.chain else {},
    )
    tree = conditions.stored(rule.conditions)
    values = reader.values(record_id, conditions.facts_of(tree))
    met, reasons = conditions.evaluate(tree, values, happened.at, facts_for(happened.trigger))
    firing.why["conditions"] = reasons
    if not met:
        return firing
    stopped = stopped_because(rule, record_id, happened)
    if stopped:
        firing.outcome, firing.why["stopped"] = Outcome.STOPPED_LOOP, stopped
        logger.warning("rule %s on %s %s stopped: %s", rule.pk, happened.kind, record_id, stopped)
        return firing
    grip.take(rule)
    if is_limited(rule, record_id, happened.at):
        firing.outcome = Outcome.LIMITED
        return firing
    return _act(rule, firing, happened)


def stopped_because(rule: Rule, record_id: int, happened: Happened) -> str:
    """Why a rule is taken for part of a loop: `again`, `deep` or `often`; '' when it is not."""
    if rule.pk in happened.chain:
        return "again"
    if len(happened.chain) >= LONGEST_CHAIN:
        return "deep"
    if len(_LATELY.rows(rule.pk, record_id, happened.at - timedelta(hours=1))) >= MOST_AN_HOUR:
        return "often"
    return ""


_LATELY = Compiled(
    lambda rule, record_id, since: Firing.objects.filter(
        rule=rule, record_id=record_id, outcome=Outcome.FIRED, at__gt=since
    ).values_list("pk")[:MOST_AN_HOUR],
    int,
    int,
    datetime,
)
_insert = CompiledInsert(Firing)


def _fired(rule: Rule, record_id: int) -> Any:
    """What a rule did to a record."""
    return Firing.objects.filter(rule=rule, record_id=record_id, outcome=Outcome.FIRED)


def is_limited(rule: Rule, record_id: int, at: datetime) -> bool:
    """Whether the rule has done to this record what it may do once, or once a day."""
    if rule.limit == Limit.ALWAYS:
        return False
    take_turn(f"rule {rule.pk} {record_id}")
    fired = _fired(rule, record_id)
    return bool((fired if rule.limit == Limit.ONCE else fired.filter(at__gte=day_began(at))).exists())


def day_began(at: datetime) -> datetime:
    """The beginning of the company's day in which a moment lies."""
    return at.astimezone(clock.company_zone()).replace(hour=0, minute=0, second=0, microsecond=0)


def _act(rule: Rule, firing: Firing, happened: Happened) -> Firing:
    """Do what the rule says, all of it or nothing, and write down what came of it."""
    told: list[dict[str, Any]] = []
    actor = system_actor(MEANS, rule.name)
    try:
        with transaction.atomic(), passing(CHAIN, [*happened.chain, rule.pk]):
            for number, step in enumerate(stored_steps(rule.actions)):
                told.append({"action": step.action, "via": step.via})
                told[-1] |= _done(actor, step, firing, f"rule-{rule.pk}-{happened.heard}-{firing.record_id}-{number}")
            firing.outcome = Outcome.FIRED
            firing.why["actions"] = told
            return _insert(firing)
    except OperationalError:
        raise  # the database is away, or another transaction stood in the way: all of it is tried again
    except Exception as error:  # one rule's failure is written down and stops no other
        if database_away.is_away(error):
            raise
        if not isinstance(error, GuanxiError):
            logger.exception("rule %s failed on %s %s", rule.pk, firing.record_kind, firing.record_id)
        said = error if isinstance(error, GuanxiError) else _("A fault of the program; the log of the server names it.")
        told[-1:] = [{**told[-1], "failed": kept(said)}] if told else []
        firing.pk, firing.outcome, firing.why["actions"] = None, Outcome.FAILED, told
        firing.save(force_insert=True)
        return firing


def _done(actor: Actor, step: Step, firing: Firing, key: str) -> dict[str, Any]:
    """Do one act; what came of it, as the log keeps it."""
    action = actions.get(step.action)
    if action is None:
        raise NotFound(_("This act is no longer known."))
    record = RecordRef(firing.record_kind, firing.record_id)
    if step.via:
        link = links.get(step.via)
        ends = linked(link, [record.id]) if link is not None else {}
        if link is None or record.id not in ends:
            return {"done": kept(_("There is no record to do it to.")), "has_changed": False}
        record = RecordRef(link.to, ends[record.id])
    done = action.run(actor=actor, record=record, parameters=step.parameters, key=key)
    found: dict[str, Any] = {"done": kept(done.words), "has_changed": done.has_changed}
    if done.record is not None:
        found |= {"kind": done.record.kind, "id": done.record.id}
    return found
