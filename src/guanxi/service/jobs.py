"""Work of service outside the request; clocks and complaints have files of their own."""

from guanxi.core.jobs import check, policy, task
from guanxi.service.clocks import jobs as clock_jobs
from guanxi.service.complaints import periodic
from guanxi.service.services import tiers

__all__ = ["clock_jobs", "follow_tiers", "periodic"]


@task(queue_name="default")
@policy(max_tries=5, first_pause_seconds=10)
def follow_tiers(customer_ids: list[int] | None = None) -> int:
    """Give open cases (all, or those of some customers) the tier that their customer has now; how many had another."""
    total = 0
    for numbers in tiers.strayed(customer_ids):
        total += tiers.follow_tiers(numbers)
        check()
    return total
