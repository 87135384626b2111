"""Moments looked at every minute; approvals handed on and lapsed."""

from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction

from guanxi.core import clock
from guanxi.core.actor import system_actor
from guanxi.core.jobs import check, cron, task
from guanxi.workflow import queries
from guanxi.workflow.engine.running import Happened, rules_in_force, run
from guanxi.workflow.models import Firing, Rule, RuleClock
from guanxi.workflow.registries.triggers import Moment, moments
from guanxi.workflow.services import approvals

CHUNK = 200
# A moment that was set so late that the rule should have started already still starts it, for so long.
LATE = timedelta(hours=1)


@cron("workflow.moments", "* * * * *")
@task(queue_name="default")
def look_at_moments() -> int:
    """Run the rules that start before or after a moment, for every record whose turn it is; how many firings."""
    now, count = clock.now(), 0
    for moment in moments:
        for rule in rules_in_force(moment.key, now):
            check()
            count += _look(rule, moment, now)
    return count


def _look(rule: Rule, moment: Moment, now: datetime) -> int:
    """Run one rule for the records whose moment has come since it was looked at last."""
    known = RuleClock.objects.filter(rule=rule).first()
    since = rule.active_since or rule.created_at
    if known is not None:
        since = max(since, min(known.looked_until, now - LATE))
    offset = timedelta(minutes=rule.offset_minutes)
    count = 0
    found = iter(moment.between(since - offset, now - offset))
    while chunk := list(islice(found, CHUNK)):
        check()
        count += sum(_start(rule, moment, record_id, at) for record_id, at in chunk)
    RuleClock.objects.update_or_create(  # house: writes: how far it looked
        rule=rule, defaults={"looked_until": now}
    )
    return count


def _start(rule: Rule, moment: Moment, record_id: int, at: datetime) -> int:
    """Run one rule for one record at its moment, once."""
    heard = f"m{at.isoformat()}"[:40]
    if Firing.objects.filter(rule=rule, heard=heard, record_id=record_id).exists():
        return 0
    with transaction.atomic():
        return len(run(Happened(moment.key, [record_id], heard, clock.now()), [rule]))


@cron("workflow.approvals", "*/5 * * * *")
@task(queue_name="default")
def care_for_approvals() -> int:
    """Hand on what nobody has decided in time, end what nobody ever will; how many."""
    now, actor, count = clock.now(), system_actor(), 0
    for step_id in queries.overdue_steps(now):
        check()
        count += approvals.hand_on(actor=actor, step_id=step_id)
    for approval_id in queries.lapsed_approvals(now):
        check()
        count += approvals.lapse(actor=actor, approval_id=approval_id)
    return count
