"""Ending sessions: the row goes, and with it every page and stream that stood on it."""

from django.utils.translation import gettext

from guanxi.core import access, changes
from guanxi.core.actor import Actor
from guanxi.core.errors import NotFound
from guanxi.core.models import Session
from guanxi.people.signing_in.digests import digest


def end_session(*, actor: Actor, user_id: int, number: str) -> None:
    """End one session of a user: one's own, or anybody's for those who manage users."""
    if actor.user_id != user_id:
        access.require(actor, "user", "manage")
    found = next((s for s in Session.objects.filter(user_id=user_id) if digest(s.session_key) == number), None)
    if found is None:
        raise NotFound(gettext("This session has ended already."))
    _end(actor, user_id, [found.session_key])


def end_sessions(*, actor: Actor, user_id: int, keep: str = "") -> int:
    """End all sessions of a user but one; how many there were."""
    if actor.user_id != user_id:
        access.require(actor, "user", "manage")
    found = Session.objects.filter(user_id=user_id).exclude(session_key=keep)
    keys = list(found.values_list("session_key", flat=True))
    if keys:
        _end(actor, user_id, keys)
    return len(keys)


def _end(actor: Actor, user_id: int, keys: list[str]) -> None:
    """Drop the rows; the journal says how many, never which keys."""
    with changes.operation(actor=actor, name="people.end_sessions") as op:
        Session.objects.filter(session_key__in=keys).delete()
        op.record(kind="user", record_id=user_id, act=changes.DONE, field="sessions", before=len(keys), after=0)
