"""Work outside the request: django-tasks' API over leased rows in the database.

    @task(queue_name="long")
    @policy(max_tries=3)
    def recompute(period_id: int) -> None: ...

    recompute.enqueue(period_id=7)                                   # in the caller's transaction
    recompute.using(unique_key=f"recompute:{period_id}").enqueue(7)  # waits at most once

A job is done at least once: a worker that dies loses its lease and another one starts the job again. Make jobs safe to
repeat, or `@policy(is_atomic=True)`, which puts the job's writes and the mark that it is done in one transaction.
"""

from django_tasks import task

from guanxi.core.jobs.policy import GiveUp, HandBack, Policy, policy
from guanxi.core.jobs.running import check, run_pending
from guanxi.core.jobs.schedules import cron

__all__ = ["GiveUp", "HandBack", "Policy", "check", "cron", "policy", "run_pending", "task"]
