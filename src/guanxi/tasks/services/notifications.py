"""Telling people, and what they have read."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from guanxi.core import changes, clock, live
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.core.models import User
from guanxi.core.records import RecordRef
from guanxi.tasks.choices import Digest
from guanxi.tasks.models import Notification, NotificationChoice
from guanxi.tasks.sorts import sorts

# Changes of one record within so long are one notification while it is unread.
TOGETHER = timedelta(hours=1)


def notify(
    *,
    user_ids: Iterable[int],
    sort: str,
    by: int | None,
    about: RecordRef | None = None,
    data: Mapping[str, Any] | None = None,
    gathers: bool = False,
) -> int:
    """Tell people something, all but whoever did it and those who do not want to hear of its sort; how many were told.

    `data` holds codes and numbers only. `gathers`: what comes again about the same record while it is unread counts up.
    """
    if sort not in sorts:
        raise ValueError(f"no sort of notification is called {sort!r}")
    wanted = {number for number in user_ids if number != by}
    if not wanted:
        return 0
    muted = NotificationChoice.objects.filter(user__in=wanted).values_list("user_id", "muted")
    wanted -= {number for number, sorts_ in muted if sort in sorts_}
    wanted &= set(User.objects.filter(pk__in=wanted, is_active=True).values_list("pk", flat=True))
    now = clock.now()
    kind, number = (about.kind, about.id) if about is not None else ("", None)
    with transaction.atomic():
        told = set(wanted)
        if gathers:
            waiting = Notification.objects.filter(
                user__in=wanted,
                sort=sort,
                about_kind=kind,
                about_id=number,
                read_at__isnull=True,
                at__gt=now - TOGETHER,
            )
            known = set(waiting.values_list("user_id", flat=True))
            waiting.update(count=F("count") + 1, at=now, actor=by, data=dict(data or {}))
            told -= known
        Notification.objects.bulk_create(
            Notification(
                user_id=user_id, sort=sort, actor_id=by, about_kind=kind, about_id=number, data=dict(data or {}), at=now
            )
            for user_id in sorted(told)
        )
        for user_id in sorted(wanted):
            live.notify(f"notifications:{user_id}")
    return len(wanted)


def mark_read(*, actor: Actor, notification_ids: Iterable[int] | None = None, is_read: bool = True) -> int:
    """Mark one's own notifications as read (or unread again); None: all of them. How many differed."""
    if actor.is_read_only:
        raise NotFound(_("There is no such notification."))
    rows = Notification.objects.visible_to(actor).filter(read_at__isnull=is_read)
    if notification_ids is not None:
        rows = rows.filter(pk__in=list(notification_ids))
    count = rows.update(read_at=clock.now() if is_read else None)
    if count:
        live.notify(f"notifications:{actor.user_id}")
    return count


def mark_read_about(*, actor: Actor, about: RecordRef) -> int:
    """Mark one's own notifications about a record as read, because one has it open; how many differed."""
    if actor.private_id is None:
        return 0
    rows = Notification.objects.filter(
        user=actor.private_id, about_kind=about.kind, about_id=about.id, read_at__isnull=True
    )
    count = rows.update(read_at=clock.now())
    if count:
        live.notify(f"notifications:{actor.user_id}")
    return count


def choose(*, actor: Actor, muted: Iterable[str], digest: str) -> NotificationChoice:
    """Say what one does not want to hear of, and how often one wants mail."""
    if actor.user_id is None or actor.is_read_only:
        raise NotFound(_("There is no such user."))
    unknown = set(muted) - set(sorts.keys())
    if unknown or digest not in Digest.values:
        raise InvalidInput(_("“%(value)s” is not one of the choices.") % {"value": sorted(unknown or {digest})[0][:40]})
    values = {"muted": [key for key in sorts.keys() if key in set(muted)], "digest": digest}  # noqa: SIM118
    with changes.operation(actor=actor, name="tasks.choose_notifications") as op:
        row = NotificationChoice.objects.select_for_update().filter(user=actor.user_id).first()
        if row is None:
            row = op.create(NotificationChoice(user_id=actor.user_id, **values))
        else:
            op.update(row, **values)
    found: NotificationChoice = row
    return found
