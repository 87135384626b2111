"""Ending sessions: the row goes, and with it every page and stream that stood on it."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext

from guanxi.core import access, changes, live
from guanxi.core.actor import Actor, system_actor
from guanxi.core.errors import NotFound
from guanxi.core.models import Session
from guanxi.people.models import Identity, IdentityProvider
from guanxi.people.signing_in.digests import digest

# Which provider a session began through.
PROVIDER = "guanxi_provider"


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


def end_by_provider(*, provider: IdentityProvider, subject: str, is_meant: Callable[[dict[str, Any]], bool]) -> int:
    """End the sessions that somebody began through a provider and that it means; how many there were."""
    known = Identity.objects.filter(provider=provider, subject=subject).first()
    if known is None:
        return 0
    keys = []
    for row in Session.objects.filter(user_id=known.user_id):
        data = row.get_decoded()
        if data.get(PROVIDER) == provider.slug and is_meant(data):
            keys.append(row.session_key)
    if keys:
        _end(system_actor(means="sso", name=provider.label), known.user_id, keys)
    return len(keys)


def _end(actor: Actor, user_id: int, keys: list[str]) -> None:
    """Drop the rows; the journal says how many, never which keys."""
    with changes.operation(actor=actor, name="people.end_sessions") as op:
        Session.objects.filter(session_key__in=keys).delete()
        live.tell_ended(keys)
        op.record(kind="user", record_id=user_id, act=changes.DONE, field="sessions", before=len(keys), after=0)
