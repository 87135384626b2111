"""What happens to complaints and promises by itself, in time."""

from django.utils import timezone

from guanxi.core import clock
from guanxi.core.jobs import check, cron, task
from guanxi.service.complaint_choices import PromiseState
from guanxi.service.complaints.services import lateness, looking_back, promises
from guanxi.service.models import Promise, RecurrenceCheck

AT_ONCE = 1_000


@cron("service.promises", "* * * * *")
@task(queue_name="default")
def look_at_promises() -> int:
    """Break the promises whose moment has passed, and tell of steps that are late; how many."""
    now, count = clock.now(), 0
    passed = Promise.objects.filter(state=PromiseState.OPEN, due_at__lt=now).order_by("due_at", "pk")
    for number in list(passed.values_list("pk", flat=True)[:AT_ONCE]):
        check()
        count += promises.break_promise(promise_id=number)
    for number in lateness.late_steps(now):
        check()
        count += lateness.tell_late(step_id=number)
    for number in lateness.authorities_waiting(now):
        check()
        count += lateness.tell_of_authority(case_id=number)
    return count


@cron("service.recurrence", "30 5 * * *")
@task(queue_name="default")
def look_back_at_complaints() -> int:
    """Look back at the complaints whose 30th or 90th day after closing has come; how many had come again."""
    today, count = timezone.localtime(clock.now()).date(), 0
    due = RecurrenceCheck.objects.filter(looked_at__isnull=True, due_on__lte=today).order_by("due_on", "pk")
    for number in list(due.values_list("pk", flat=True)[:AT_ONCE]):
        check()
        count += looking_back.look_back(check_id=number, today=today)
    return count
