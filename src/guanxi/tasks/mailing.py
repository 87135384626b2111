"""The mail that tells a person what they have not read, and what is due today: subjects and links, in their language."""

import logging
import smtplib
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.core import clock
from guanxi.core.actor import actor_of
from guanxi.core.models import User
from guanxi.tasks import queries
from guanxi.tasks.choices import Digest
from guanxi.tasks.models import Notification, NotificationChoice
from guanxi.tasks.presenting import lines

logger = logging.getLogger("guanxi.tasks")
MORNING_HOUR = 8
MOST_LINES = 50


def zone_of(user: User) -> ZoneInfo:
    """The time zone a person lives in."""
    return ZoneInfo(user.timezone or settings.TIME_ZONE)


def is_due(choice: NotificationChoice, user: User, now: datetime) -> bool:
    """Whether it is time for a person's mail: every hour, or once from eight in the morning on."""
    if choice.digest == Digest.OFF or not user.email:
        return False
    if choice.digest == Digest.HOURLY:
        pause = timedelta(minutes=55)
        return choice.mailed_at is None or not -pause < now - choice.mailed_at < pause
    local = now.astimezone(zone_of(user))
    morning = local.replace(hour=MORNING_HOUR, minute=0, second=0, microsecond=0)
    # Mailed at a time a day ahead: the clock was set back since.
    is_ahead = choice.mailed_at is not None and choice.mailed_at > now + timedelta(days=1)
    return local >= morning and (choice.mailed_at is None or choice.mailed_at < morning or is_ahead)


def message_for(user: User, now: datetime) -> tuple[EmailMessage, list[int]] | None:
    """The mail for a person and the notifications it tells; None when there is nothing to tell."""
    actor = actor_of(user, means="mail")
    unread = Notification.objects.filter(user=user, read_at__isnull=True, mailed_at__isnull=True)
    rows = list(unread.select_related("actor").order_by("-at", "-id")[:MOST_LINES])
    with translation.override(user.language or settings.LANGUAGE_CODE), timezone.override(zone_of(user)):
        due = queries.due_before(user.pk, queries.today_ends(now))
        if not rows and not due:
            return None
        told = [f"• {line.words}\n  {_link(line.url)}".rstrip() for line in lines(actor, rows)]
        tasks = ngettext("%(count)s task is due by today.", "%(count)s tasks are due by today.", due) % {"count": due}
        parts = [_("Good day, %(name)s,") % {"name": user.display_name}, ""]
        if due:
            parts += [f"{tasks}\n{_link('/tasks/')}".rstrip(), ""]
        if told:
            parts += [_("You have not read yet:"), *told, ""]
        parts.append(_("How often you get this mail: %(link)s") % {"link": _link("/settings/notifications")})
        subject = (
            ngettext("%(count)s new notification", "%(count)s new notifications", len(rows)) % {"count": len(rows)}
            if rows
            else tasks
        )
        mail = EmailMessage(
            subject=f"Guanxi: {subject}",
            body="\n".join(parts),
            to=[user.email],
            headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
        )
    return mail, [row.pk for row in rows]


def _link(path: str) -> str:
    """A whole address where the installation knows its own; else nothing."""
    return f"{settings.CONFIG.address}{path}" if settings.CONFIG.address and path else ""


def send(user: User, now: datetime | None = None) -> bool:
    """Mail a person what is new; whether a mail went out. What could not be sent is tried at the next turn."""
    now = now or clock.now()
    found = message_for(user, now)
    if found is None:
        return False
    mail, told = found
    try:
        mail.send()
    except (smtplib.SMTPException, OSError) as error:
        # Never the server's whole answer: it may repeat what it was sent.
        logger.warning("the mail for user %s could not be sent: %s", user.pk, type(error).__name__)
        return False
    Notification.objects.filter(pk__in=told).update(mailed_at=now)  # house: writes: that it was told
    return True
