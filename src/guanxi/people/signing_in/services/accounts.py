"""Letting people in again: waiting times lifted, a locked-out owner recovered from the console."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext

from guanxi.core import access, changes, clock
from guanxi.core.actor import Actor
from guanxi.core.errors import NotFound
from guanxi.core.models import Role, User
from guanxi.people import services
from guanxi.people.models import Throttle
from guanxi.people.signing_in.services import sessions, throttling


def is_waiting(user_id: int) -> bool:
    """Whether failed attempts keep a user waiting now, from anywhere."""
    now = clock.now()
    return Throttle.objects.filter(user_id=user_id, until__gt=now, until__lte=now + throttling.LONGEST_WAIT).exists()


@transaction.atomic
def unlock(*, actor: Actor, user_id: int) -> int:
    """Free a user from all waiting after failed attempts; how many counts were dropped."""
    access.require(actor, "user", "manage")
    user = _found(user_id)
    count = throttling.forget(user.pk, user.username)
    if count:
        with changes.operation(actor=actor, name="people.unlock_user") as op:
            op.record(kind="user", record_id=user.pk, act=changes.DONE, field="waiting", before=count, after=0)
    return count


def _found(user_id: int) -> User:
    """A user, locked for the change."""
    user = User.objects.select_for_update().select_related("role").filter(pk=user_id).first()
    if user is None:
        raise NotFound(gettext("There is no such user."))
    return user


@dataclass(frozen=True)
class Recovered:
    """What was done to let somebody in again."""

    password: str
    ended_sessions: int
    dropped_factors: int
    is_owner_again: bool
    is_active_again: bool


@transaction.atomic
def recover(*, actor: Actor, user_id: int, password: str | None = None) -> Recovered:
    """Let a locked-out user in again: new password, no second factors, no waiting, active; owner where nobody is."""
    access.require(actor, "user", "manage")
    user = _found(user_id)
    was_active = user.is_active
    if not was_active:
        services.set_active(actor=actor, user_id=user.pk, is_active=True)
    has_owner = User.objects.filter(role__key=services.OWNER, is_active=True).exists()
    if not has_owner:
        services.update_user(actor=actor, user_id=user.pk, role=Role.objects.get(key=services.OWNER).pk)
    dropped = drop_factors(actor=actor, user_id=user.pk)
    unlock(actor=actor, user_id=user.pk)
    ended = sessions.end_sessions(actor=actor, user_id=user.pk)
    secret = services.set_password(actor=actor, user_id=user.pk, password=password)
    return Recovered(secret, ended, dropped, not has_owner, not was_active)


@transaction.atomic
def reset_factors(*, actor: Actor, user_id: int) -> int:
    """Take a user's second factors away and sign them out: whoever holds the lost telephone is out too."""
    count = drop_factors(actor=actor, user_id=user_id)
    sessions.end_sessions(actor=actor, user_id=user_id)
    throttling.forget(user_id, _found(user_id).username)
    return count


@transaction.atomic
def drop_factors(*, actor: Actor, user_id: int) -> int:
    """Take all second factors and recovery codes of a user away; how many there were."""
    access.require(actor, "user", "manage")
    found = Authenticator.objects.filter(user_id=user_id)
    count = found.count()
    if count:
        with changes.operation(actor=actor, name="people.reset_second_factors") as op:
            found.delete()
            op.record(kind="user", record_id=user_id, act=changes.DONE, field="second_factors", before=count, after=0)
    return count
