"""Reminders when they are due, mail when it is time."""

from django.conf import settings

from guanxi.core import clock
from guanxi.core.jobs import check, cron, policy, task
from guanxi.core.models import User
from guanxi.core.records import RecordRef
from guanxi.tasks import mailing
from guanxi.tasks.choices import Digest, TaskState
from guanxi.tasks.models import NotificationChoice, Task
from guanxi.tasks.services.notifications import notify

CHUNK = 500


@cron("tasks.remind", "* * * * *")
@task(queue_name="now")
@policy(is_atomic=True)
def remind() -> int:
    """Tell people of their tasks whose reminder is due; how many."""
    now = clock.now()
    due = Task.objects.filter(remind_at__lte=now, reminded_at__isnull=True, state=TaskState.OPEN)
    rows = list(due.select_for_update().order_by("remind_at")[:CHUNK])
    for row in rows:
        notify(user_ids=[row.assignee_id], sort="task.due", by=None, about=RecordRef("task", row.pk))
    Task.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=now)  # house: writes: that it was told
    return len(rows)


@cron("tasks.mail", "3,33 * * * *")
@task(queue_name="outside")
def mail() -> int:
    """Mail those whose turn it is; how many mails went out."""
    if settings.CONFIG.mail is None:
        return 0
    sent = 0
    now = clock.now()
    choices = NotificationChoice.objects.in_bulk()
    for user in User.objects.filter(is_active=True).exclude(email="").order_by("pk").iterator(CHUNK):
        check()
        choice = choices.get(user.pk) or NotificationChoice(user_id=user.pk, digest=Digest.DAILY)
        if not mailing.is_due(choice, user, now):
            continue
        if mailing.send(user, now):
            sent += 1
        else:
            continue
        NotificationChoice.objects.update_or_create(  # house: writes: when mail went out
            user=user, defaults={"mailed_at": now}, create_defaults={"mailed_at": now, "digest": choice.digest}
        )
    return sent
