"""What was seen last, kept: for the page, for what takes long, and to tell people once when a problem begins."""

import time
from datetime import datetime, timedelta

from django.db import transaction

from guanxi.core import clock, live
from guanxi.core.checkup.events import TroubleBegan
from guanxi.core.checkup.findings import Finding, Level, worst
from guanxi.core.checkup.registry import Check, Facts, checks
from guanxi.core.events import publish
from guanxi.core.models.checkups import CheckResult

TOPIC = "health"
# What comes and goes is told once a day; what stays is told again after three.
TOLD_AGAIN_AFTER = timedelta(days=1)
REMINDED_AFTER = timedelta(days=3)


def look(check: Check) -> list[Finding]:
    """Look at one thing, keep what was seen, and have people told when a problem begins."""
    started = time.monotonic()
    facts = check.look()
    findings = list(check.tell(facts))
    keep(check, facts, worst(findings), took_ms=int((time.monotonic() - started) * 1000))
    return findings


def keep(check: Check, facts: Facts, level: Level, *, took_ms: int = 0) -> None:
    """Keep what was seen."""
    now = clock.now()
    with transaction.atomic():
        row = CheckResult.objects.select_for_update().filter(check_key=check.key).first()
        row = row or CheckResult(check_key=check.key)
        changed = row.looked_at is None or row.level != level or row.facts != facts
        row.facts, row.level, row.looked_at, row.took_ms = facts, level, now, took_ms
        if level != Level.PROBLEM:
            row.problem_since = None
        elif is_to_tell(row, now):
            row.problem_since, row.told_at = row.problem_since or now, now
            publish(TroubleBegan(check=check.key))
        else:
            row.problem_since = row.problem_since or now
        row.save()
        if changed:
            live.notify(TOPIC)


def is_to_tell(row: CheckResult, now: datetime) -> bool:
    """Whether people are to be told of a problem: when it begins, and again while it stays, but not all the time."""
    if row.told_at is None or row.told_at > now:  # told at a time still to come: the clock was set back
        return True
    pause = TOLD_AGAIN_AFTER if row.problem_since is None else REMINDED_AFTER
    return now - row.told_at >= pause


def kept() -> dict[str, CheckResult]:
    """What was seen last, by check."""
    return CheckResult.objects.in_bulk()


def is_due(check: Check, row: CheckResult | None, now: datetime) -> bool:
    """Whether it is time for a look that takes long."""
    return row is None or row.looked_at > now or now - row.looked_at >= check.every


def due(now: datetime) -> list[Check]:
    """The looks that take long and whose time has come."""
    rows = kept()
    return [check for check in checks if check.queue and is_due(check, rows.get(check.key), now)]
