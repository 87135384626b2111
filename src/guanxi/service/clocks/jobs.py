"""What is due of clocks, each minute; all open cases anew when a policy or a calendar changed."""

from guanxi.core.jobs import check, cron, policy, task
from guanxi.service.choices import LIVE_STATES
from guanxi.service.clocks.services.acting import act_on_due
from guanxi.service.clocks.services.keeping import ensure_stamp, recompute_by_id
from guanxi.service.models import Case

CHUNK = 200


@cron("service.clocks", "* * * * *")
@task(queue_name="now")
@policy(max_tries=1)
def act() -> int:
    """Warnings, breaches and escalations that are due; how many clocks they were of."""
    ensure_stamp()
    total = 0
    while done := act_on_due():
        total += done
        check()
    return total


@task(queue_name="long")
@policy(max_tries=5, first_pause_seconds=10)
def recompute_all(because: dict[str, object], customer_id: int = 0) -> int:
    """Reckon every live case, or every one of a customer, by the rules as they stand now; how many."""
    total, last = 0, 0
    while True:
        rows = Case.objects.filter(state__in=LIVE_STATES, pk__gt=last).order_by("pk")
        rows = rows.filter(customer=customer_id) if customer_id else rows
        ids = list(rows.values_list("pk", flat=True)[:CHUNK])
        if not ids:
            return total
        recompute_by_id(case_ids=ids, because=because, is_quiet=True)
        total, last = total + len(ids), ids[-1]
        check()
