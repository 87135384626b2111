"""Tasks, notifications and followers as pages ask for them."""

from datetime import datetime, timedelta

from django.db.models import Case, Count, F, IntegerField, QuerySet, When
from django.utils import timezone

from guanxi.core import clock, ids
from guanxi.core.actor import Actor
from guanxi.core.compiled import Compiled
from guanxi.core.models import User
from guanxi.core.records import RecordRef
from guanxi.tasks.choices import TaskState
from guanxi.tasks.models import CalendarFeed, Follow, Notification, NotificationChoice, Task

MOST_COUNTED = 99


def task_of(actor: Actor, public_id: str, action: str = "view") -> Task:
    """One task by its public id; NotFound when it is missing or not for this actor."""
    rows = Task.objects.select_related("assignee", "author")
    found: Task = rows.get_visible(actor, action, pk=ids.parse("tsk", public_id) or 0)
    return found


def open_tasks_of(user_id: int) -> QuerySet[Task]:
    """What one person has to do, the most pressing first."""
    rows = Task.objects.filter(assignee=user_id, state=TaskState.OPEN)
    return rows.order_by(F("due_at").asc(nulls_last=True), "-priority", "id").select_related("assignee", "author")


_ABOUT = Compiled(
    lambda kind, number: Task.objects.filter(about_kind=kind, about_id=number).order_by().values_list("pk")[:1],
    str,
    int,
)


def is_task_about(about: RecordRef) -> bool:
    """Whether there is any task about a record, whoever may see it: mostly there is none, and no more need be asked."""
    return _ABOUT.first(about.kind, about.id) is not None


def tasks_about(actor: Actor, about: RecordRef) -> QuerySet[Task]:
    """The tasks about a record that are open to the actor, those still to be done first."""
    rows = Task.objects.visible_to(actor).filter(about_kind=about.kind, about_id=about.id)
    is_over = Case(When(state=TaskState.OPEN, then=0), default=1, output_field=IntegerField())
    return rows.select_related("assignee").order_by(is_over, F("due_at").asc(nulls_last=True), "-id")


def due_before(user_id: int, moment: datetime) -> int:
    """How many open tasks of a person are due before a moment."""
    return Task.objects.filter(assignee=user_id, state=TaskState.OPEN, due_at__lt=moment).count()


def people() -> list[tuple[int, str]]:
    """Active people to choose from."""
    rows = User.objects.filter(is_active=True).order_by("name", "username")
    return [(user.pk, user.display_name) for user in rows[:2000]]


def may_see_task(actor: Actor, key: str) -> bool:
    """Whether a task (by its number) is open to the actor."""
    return key.isdecimal() and Task.objects.visible_to(actor).filter(pk=int(key[:18])).exists()


_UNREAD = Compiled(
    lambda user_id: (
        Notification.objects.filter(user=user_id, read_at__isnull=True)
        .values("user")
        .annotate(n=Count("pk"))
        .values_list("n")
        .order_by()
    ),
    int,
)


def unread_count(actor: Actor) -> int:
    """How many notifications the actor has not read."""
    row = _UNREAD.first(actor.private_id) if actor.private_id is not None else None
    return int(row[0]) if row else 0


def notifications(actor: Actor, *, unread_only: bool = False) -> QuerySet[Notification]:
    """The actor's notifications, the newest first."""
    rows = Notification.objects.visible_to(actor).select_related("actor").order_by("-at", "-id")
    return rows.filter(read_at__isnull=True) if unread_only else rows


_FOLLOWED = Compiled(
    lambda user_id, kind, number: Follow.objects.filter(user=user_id, about_kind=kind, about_id=number).values_list(
        "pk"
    ),
    int,
    str,
    int,
)


def is_followed(actor: Actor, about: RecordRef) -> bool:
    """Whether the actor follows a record."""
    return actor.private_id is not None and _FOLLOWED.first(actor.private_id, about.kind, about.id) is not None


def choice_of(user_id: int) -> NotificationChoice:
    """What a person wants to be told; the usual where they never chose."""
    return NotificationChoice.objects.filter(user=user_id).first() or NotificationChoice(user_id=user_id)


def today_ends(moment: datetime | None = None) -> datetime:
    """The end of the day in the time zone that is active."""
    local = timezone.localtime(moment or clock.now())
    return local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def person_named(name: str) -> User | None:
    """The active person who signs in with this name."""
    return User.objects.filter(username=name, is_active=True).first()


def mail_address_of(user_id: int) -> str:
    """Where a person is mailed, '' for nowhere."""
    return User.objects.filter(pk=user_id).values_list("email", flat=True).first() or ""


def feed_of_person(user_id: int) -> CalendarFeed | None:
    """A person's calendar feed, if they have opened one."""
    return CalendarFeed.objects.filter(user=user_id).first()
