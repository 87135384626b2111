"""Work of insight outside the request."""

from datetime import date

from guanxi.core.jobs import cron, policy, task
from guanxi.insight.value.services import add_earlier_date, bring_standings_up_to_date

NIGHTLY = "nightly"
STANDINGS_KEY = "insight.standings"


@task(queue_name="default")
@policy(max_tries=3)
def refresh_standings(reason: str) -> int | None:
    """Measure the value of all customers anew if anything has changed; the run's number."""
    run = bring_standings_up_to_date(reason=reason)
    return run.pk if run else None


@task(queue_name="default")
@policy(max_tries=3)
def measure_earlier_date(day: str) -> None:
    """Work out the tiers as of the end of an earlier day, for a base too large to wait for."""
    add_earlier_date(day=date.fromisoformat(day))


@cron("insight.standings", "30 2 * * *")
@task(queue_name="default")
@policy(max_tries=3)
def refresh_standings_nightly() -> int | None:
    """The same every night, for whatever came in during the day."""
    run = bring_standings_up_to_date(reason=NIGHTLY)
    return run.pk if run else None
