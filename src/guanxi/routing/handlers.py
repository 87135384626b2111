"""What follows from work and presence: what waits is given out a moment later, whoever signed out is offline."""

from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from guanxi.core import clock, signed_in
from guanxi.core.events import subscribe
from guanxi.core.models import User
from guanxi.routing import jobs, queries
from guanxi.routing.choices import PresenceState
from guanxi.routing.events import (
    CapacityChanged,
    LoadChanged,
    PresenceChanged,
    QueueChanged,
    WorkAssigned,
    WorkReleased,
    WorkWaiting,
)
from guanxi.routing.services.presence import sign_out


# The job is enqueued after the commit, by whoever delivers the event: in the transaction itself everybody who lets
# something enter would wait for one another at the one job that stands for all.
@subscribe(WorkWaiting)
def give_out(event: WorkWaiting) -> None:
    """Something waits: see whether somebody is free."""
    jobs.give_out_soon()
    jobs.look_later(event.queue_id)


@subscribe(WorkReleased)
def give_more(event: WorkReleased) -> None:
    """Somebody has room again."""
    _for_person(event.user_id)


@subscribe(LoadChanged)
def give_to_whoever_answered(event: LoadChanged) -> None:
    """What was answered weighs nothing while we wait for the other side."""
    _for_person(event.user_id)


@subscribe(WorkAssigned)
def watch_acceptance(event: WorkAssigned) -> None:
    """Look again when the time to accept it is over."""
    jobs.look_again(event.queue_id)


@subscribe(PresenceChanged)
def give_to_whoever_came(event: PresenceChanged) -> None:
    """Somebody is there."""
    if event.state == PresenceState.ONLINE:
        _for_person(event.user_id)


@subscribe(CapacityChanged)
def give_by_new_capacity(event: CapacityChanged) -> None:
    """Somebody, or everybody, can have more."""
    if event.user_id is not None:
        _for_person(event.user_id)
    else:
        jobs.give_out_soon()


@subscribe(QueueChanged)
def give_by_new_rules(event: QueueChanged) -> None:
    """A queue has other rules or members."""
    jobs.give_out_soon()


def _for_person(user_id: int) -> None:
    """Give out what waits, where anything waits for this person."""
    if queries.queues_waiting_for(user_id):
        jobs.give_out_soon()


@receiver(user_logged_out, dispatch_uid="routing.sign_out")
def leave(user: User | None, request: HttpRequest, **_rest: Any) -> None:
    """Whoever signs out at the last place where they were signed in is there no more."""
    if user is None:
        return
    key = getattr(getattr(request, "session", None), "session_key", None)
    others = signed_in.open_sessions(clock.now()).filter(user=user).exclude(pk=key or "")
    if not others.exists():
        sign_out(user_id=user.pk)
