"""The calendar feed: one person's open tasks as iCalendar (RFC 5545), for any calendar program."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from guanxi.core import changes, clock
from guanxi.core.actor import Actor, actor_of
from guanxi.core.errors import NotFound
from guanxi.tasks import queries
from guanxi.tasks.mailing import zone_of
from guanxi.tasks.models import CalendarFeed, Task
from guanxi.tasks.presenting import tasks_with_subjects

MOST = 2_000
NOTED_EVERY = timedelta(hours=1)
# iCalendar counts 1 as highest, 5 as normal, 9 as lowest.
PRIORITIES = {3: 1, 2: 5, 1: 9}


def digest_of(secret: str) -> str:
    """What is stored of a secret address; it has 256 random bits, so a plain digest cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def feed_of(secret: str) -> CalendarFeed | None:
    """The feed behind a secret address, of a user who may sign in; None for any other text."""
    found = CalendarFeed.objects.select_related("user").filter(digest=digest_of(secret), user__is_active=True).first()
    if found is not None:
        now = clock.now()
        if found.last_used_at is None or not timedelta(0) <= now - found.last_used_at <= NOTED_EVERY:
            CalendarFeed.objects.filter(pk=found.pk).update(last_used_at=now)  # house: writes: when it was read
    return found


def open_feed(*, actor: Actor, with_titles: bool = True) -> str:
    """Give oneself a new secret address, returned this once; one that stood before answers no more."""
    if actor.user_id is None or actor.is_read_only:
        raise NotFound(_("There is no such user."))
    secret = secrets.token_urlsafe(32)
    values = {"digest": digest_of(secret), "with_titles": with_titles, "created_at": clock.now(), "last_used_at": None}
    with changes.operation(actor=actor, name="tasks.open_feed") as op:
        _made, is_new = CalendarFeed.objects.update_or_create(  # house: writes: one's own key, journaled below
            user_id=actor.user_id, defaults=values
        )
        _note(op, actor.user_id, not is_new, True)
    return secret


def close_feed(*, actor: Actor) -> None:
    """Let one's secret address answer no more."""
    if actor.user_id is None or actor.is_read_only:
        raise NotFound(_("There is no such user."))
    with changes.operation(actor=actor, name="tasks.close_feed") as op:
        rows = CalendarFeed.objects.filter(user=actor.user_id)
        gone, _counts = rows.delete()  # house: writes: one's own key, journaled below
        if gone:
            _note(op, actor.user_id, True, False)


def _note(op: changes.OperationInHand, user_id: int, before: bool, after: bool) -> None:
    """Write down that a secret address came or went, never which."""
    op.record(
        kind="user", record_id=user_id, act=changes.DONE, field="calendar_feed",
        before="open" if before else "", after="open" if after else "",
    )  # fmt: skip


def written(feed: CalendarFeed) -> bytes:
    """The feed as a calendar program reads it."""
    import icalendar  # takes a moment to load and most requests never need it

    user = feed.user
    zone = zone_of(user)
    with translation.override(user.language or settings.LANGUAGE_CODE), timezone.override(zone):
        calendar = icalendar.Calendar()
        calendar.add("prodid", "-//Guanxi//Tasks//EN")
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        calendar.add("x-wr-calname", _("Guanxi tasks"))
        calendar.add("refresh-interval", icalendar.vDuration(timedelta(minutes=30)), parameters={"VALUE": "DURATION"})
        rows = queries.open_tasks_of(user.pk).filter(due_at__isnull=False)[:MOST]
        for task, subject in tasks_with_subjects(actor_of(user, means="calendar"), rows):
            calendar.add_component(_entry(task, subject.title if subject else "", feed, zone))
    return bytes(calendar.to_ical())


def _entry(task: Task, about: str, feed: CalendarFeed, zone: Any) -> Any:
    """One task as an entry: at its moment for half an hour, or for its whole day."""
    import icalendar  # as above

    entry = icalendar.Event()
    entry.add("uid", f"{task.public_id}@guanxi")
    entry.add("dtstamp", task.updated_at)
    entry.add("last-modified", task.updated_at)
    # Grows with each change, so that calendars drop what they kept of the one before.
    entry.add("sequence", max(int((task.updated_at - task.created_at).total_seconds()), 0))
    due: datetime = (task.due_at or task.created_at).astimezone(zone)
    if task.is_all_day:
        entry.add("dtstart", due.date())
        entry.add("dtend", due.date() + timedelta(days=1))
    else:
        # As universal time: a local one would need the rules of its zone beside it.
        entry.add("dtstart", due.astimezone(UTC))
        entry.add("dtend", due.astimezone(UTC) + timedelta(minutes=30))
    title = f"{task.title} · {about}" if about else task.title
    entry.add("summary", title if feed.with_titles else _("A task is due"))
    entry.add("priority", PRIORITIES[task.priority])
    entry.add("transp", "TRANSPARENT")
    if settings.CONFIG.address:
        entry.add("url", f"{settings.CONFIG.address}/tasks/{task.public_id}/")
    if task.remind_at is not None:
        alarm = icalendar.Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", title if feed.with_titles else _("A task is due"))
        alarm.add("trigger", task.remind_at.astimezone(UTC), parameters={"VALUE": "DATE-TIME"})
        entry.add_component(alarm)
    return entry
