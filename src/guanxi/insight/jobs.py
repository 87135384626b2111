"""Work of insight outside the request."""

from guanxi.core.jobs import cron, policy, task
from guanxi.insight.value.services import bring_standings_up_to_date

NIGHTLY = "nightly"


@task(queue_name="default")
@policy(max_tries=3)
def refresh_standings(reason: str) -> int | None:
    """Measure the value of all customers anew if anything has changed; the run's number."""
    run = bring_standings_up_to_date(reason=reason)
    return run.pk if run else None


@cron("insight.standings", "30 2 * * *")
@task(queue_name="default")
@policy(max_tries=3)
def refresh_standings_nightly() -> int | None:
    """The same every night, for whatever came in during the day."""
    run = bring_standings_up_to_date(reason=NIGHTLY)
    return run.pk if run else None
