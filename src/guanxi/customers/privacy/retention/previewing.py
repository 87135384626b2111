"""What a run would end: counted by a job, kept with the run, and the run ends just that."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils.translation import gettext as _

from guanxi.core import access, changes, clock, jobs, live
from guanxi.core.actor import Actor, system_actor
from guanxi.core.errors import Conflict, InvalidInput
from guanxi.core.retention import Part
from guanxi.customers.choices import RetentionState
from guanxi.customers.models import RetentionRun
from guanxi.customers.privacy import holds
from guanxi.customers.privacy.retention import rules

# A preview that a person confirms is younger than this.
FRESH_FOR = timedelta(hours=24)
SAMPLED = 100
IN_HAND = (RetentionState.COUNTING, RetentionState.ANNOUNCED, RetentionState.WAITING, RetentionState.RUNNING)


def begin(*, actor: Actor, key: str, due_at: Any = None) -> RetentionRun:
    """A new run of a kind, to be counted by a job; with `due_at` one that goes on by itself."""
    with transaction.atomic():
        rule = rules.rule_of(key)
        if rule.days is None:
            raise InvalidInput(_("No period is set for this kind of data."))
        rules.check_days(rule.kind, rule.days)
        if RetentionRun.objects.select_for_update().filter(kind=key, state__in=IN_HAND).exists():
            raise Conflict(_("A run of this kind is in hand already."))
        with changes.operation(actor=actor, name="privacy.preview_retention") as op:
            made: RetentionRun = op.create(
                RetentionRun(
                    kind=key,
                    days=rule.days,
                    before=rules.cutoff(rule.kind, rule.days),
                    legal=[
                        {"key": one.key, "value": one.value, "valid_from": one.valid_from.isoformat()}
                        for one in rules.minimums(rule.kind)
                    ],
                    by_id=actor.user_id,
                    by_name=actor.name[:150],
                    asked_at=clock.now(),
                    due_at=due_at,
                )
            )
        return made


def order(*, actor: Actor, key: str) -> RetentionRun:
    """Have a preview made, by somebody who may end data; the caller sees to it that a job counts."""
    access.require(actor, "privacy", "manage")
    return begin(actor=actor, key=key)


def past(part: Part, run: RetentionRun) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """The rows of a part past the period of a run: those that end, and those that a hold keeps."""
    rows = part.rows(run.before)
    if not part.customer:
        return rows, rows.none()
    condition = Q()
    for path in part.customer.split():
        condition |= holds.held(path)
    return rows.exclude(condition), rows.filter(condition)


def upper(part: Part, run: RetentionRun) -> int:
    """The last number that the preview of a run saw."""
    return int(run.parts.get(part.model_label, {}).get("last_id", 0))


def count(run: RetentionRun) -> RetentionRun:
    """Look at everything past the period; nothing of the data is written."""
    kind = rules.kind_of(run.kind)
    parts: dict[str, Any] = {}
    sample: list[list[Any]] = []
    for part in kind.parts:
        jobs.check()
        last = part.model._base_manager.aggregate(last=Max("pk"))["last"] or 0
        ends, held = (rows.filter(pk__lte=last).order_by() for rows in past(part, run))
        told = ends.aggregate(number=Count("pk"), oldest=Min(part.at), newest=Max(part.at))
        jobs.check()
        parts[part.model_label] = {
            "last_id": last,
            "count": told["number"],
            "held": held.values("pk").distinct().count() if part.customer else 0,
            "all": part.model._base_manager.filter(pk__lte=last).count(),
            "oldest": changes.as_json(told["oldest"]),
            "newest": changes.as_json(told["newest"]),
        }
        if told["number"]:
            first = list(ends.order_by("pk").values_list("pk", flat=True)[:SAMPLED])
            latest = list(ends.order_by("-pk").values_list("pk", flat=True)[:SAMPLED])
            sample += [[part.model_label, number] for number in sorted({*first, *latest})]
    with transaction.atomic():
        row: RetentionRun = RetentionRun.objects.select_for_update().get(pk=run.pk)
        if row.state != RetentionState.COUNTING:
            return row
        with changes.operation(actor=system_actor("job"), name="privacy.preview_retention") as op:
            op.update(
                row,
                parts=parts,
                sample=sample,
                expected_count=sum(found["count"] for found in parts.values()),
                held_count=sum(found["held"] for found in parts.values()),
                previewed_at=clock.now(),
                state=RetentionState.PREVIEWED,
            )
        tell(row)
    return row


def tell(run: RetentionRun) -> None:
    """Open pages about the run read it anew."""
    live.notify(f"retention:{run.pk}", {"run": run.pk})
