"""The django-tasks backend: jobs are rows, written in the caller's transaction."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string
from django_tasks import TaskResult, TaskResultStatus
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError
from django_tasks.exceptions import TaskResultDoesNotExist
from django_tasks.signals import task_enqueued
from django_tasks.utils import normalize_json

from guanxi.core import clock
from guanxi.core.events.passing import everything_passed
from guanxi.core.jobs.policy import policy_of
from guanxi.core.models.jobs import Job, JobStatus
from guanxi.core.wake import wake_workers


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedTask(Task[Any, Any]):
    """A task of ours: `using(unique_key=...)` keeps it from waiting twice under one key."""

    unique_key: str | None = None

    def using(
        self,
        *,
        priority: int | None = None,
        queue_name: str | None = None,
        run_after: datetime | None = None,
        backend: str | None = None,
        unique_key: str | None = None,
    ) -> Self:
        """A copy of the task with some settings changed."""
        given: dict[str, Any] = {
            "priority": priority,
            "queue_name": queue_name,
            "run_after": run_after,
            "backend": backend,
            "unique_key": unique_key,
        }
        return replace(self, **{name: value for name, value in given.items() if value is not None})


class LeasedBackend(BaseTaskBackend):
    """Keeps jobs in the database, where leased workers take them."""

    task_class = LeasedTask
    supports_defer = True
    supports_async_task = True
    supports_get_result = True
    supports_priority = True

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        """Write the job; one that waits already under the same unique key stands for both."""
        self.validate_task(task)
        now = clock.now()
        job = Job(
            task=task.module_path,
            queue=task.queue_name,
            priority=task.priority,
            args=normalize_json(list(args)),
            kwargs=normalize_json(kwargs),
            unique_key=getattr(task, "unique_key", None),
            run_after=task.run_after or now,
            enqueued_at=now,
            max_tries=policy_of(task.func).max_tries,
            passed=everything_passed(),
        )
        job = self._write(job)
        result = result_of(job, task=task, backend=self.alias)
        task_enqueued.send(type(self), task_result=result)
        return result

    def _write(self, job: Job) -> Job:
        """Insert the job or find the one that waits under its unique key."""
        if job.unique_key is None:
            job.save(force_insert=True)
        else:
            standing = _waiting(job)
            if standing is not None:
                return standing
            try:
                with transaction.atomic():
                    job.save(force_insert=True)
            except IntegrityError:
                standing = _waiting(job)
                if standing is None:
                    raise
                return standing
        wake_workers()
        return job

    def get_result(self, result_id: str) -> TaskResult[Any]:
        """A job's result by its id."""
        job = Job.objects.filter(id=result_id).first()
        if job is None:
            raise TaskResultDoesNotExist(result_id)
        return result_of(job, task=import_string(job.task), backend=self.alias)


def _waiting(job: Job) -> Job | None:
    """The job that waits under the same unique key, brought forward if the new one is due earlier.

    What goes along with the new one goes along with it too, so that nothing is lost by which a loop is known.
    """
    standing = Job.objects.filter(unique_key=job.unique_key, status=JobStatus.READY).first()
    if standing is not None and job.passed and job.passed != standing.passed:
        standing.passed = {**(standing.passed or {}), **job.passed}
        Job.objects.filter(id=standing.id, status=JobStatus.READY).update(passed=standing.passed)
    if standing is not None and job.run_after < standing.run_after:
        Job.objects.filter(id=standing.id, status=JobStatus.READY).update(run_after=job.run_after)
        wake_workers()
    return standing


def result_of(job: Job, *, task: Task[Any, Any], backend: str) -> TaskResult[Any]:
    """A job as django-tasks shows it."""
    result: TaskResult[Any] = TaskResult(
        task=task,
        id=job.id,
        status=TaskResultStatus[job.status],
        enqueued_at=job.enqueued_at,
        started_at=job.started_at,
        last_attempted_at=job.last_attempted_at,
        finished_at=job.finished_at,
        args=job.args,
        kwargs=job.kwargs,
        backend=backend,
        errors=[TaskError(**error) for error in job.errors],
        worker_ids=job.worker_ids,
    )
    object.__setattr__(result, "_return_value", job.return_value)
    return result
