"""Saying how much people can have in hand, what becomes of work when they are gone, and the company's own reasons."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from guanxi.core import access, changes, parameters
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from guanxi.core.events import publish
from guanxi.core.models import User
from guanxi.routing import channel_kinds as held
from guanxi.routing.channel_kinds import LARGEST, channel_kinds
from guanxi.routing.choices import PresenceState, WhenGone
from guanxi.routing.events import CapacityChanged
from guanxi.routing.models import Capacity, PresenceReason, PresenceSpan
from guanxi.routing.telling import tell_people

# Minutes: no longer than a day.
LONGEST_MINUTES = 24 * 60


def save_rules(
    *,
    actor: Actor,
    total: int,
    weights: Mapping[str, int],
    most: Mapping[str, int],
    when_gone: Mapping[str, str],
    away_minutes: int,
    offline_minutes: int,
) -> None:
    """Set what holds for everybody: capacity, weights, items at once, and what happens when somebody is gone."""
    _require(actor)
    _check_number(total, 1, LARGEST, "total")
    for name, numbers, least in (("weights", weights, 0), ("most", most, 0)):
        for key, number in numbers.items():
            _check_kind(key)
            _check_number(number, least, LARGEST, f"{name}_{key}")
            if name == "weights" and number > total:
                raise InvalidInput(
                    _("An item heavier than what one can have in all would never be given to anybody."),
                    column=f"weights_{key}",
                )
    for key, rule in when_gone.items():
        _check_kind(key)
        if rule not in WhenGone.values:
            raise InvalidInput(_("“%(value)s” is not one of the choices.") % {"value": rule[:40]}, column=f"gone_{key}")
    _check_number(away_minutes, 2, LONGEST_MINUTES, "away_minutes")
    _check_number(offline_minutes, away_minutes, LONGEST_MINUTES, "offline_minutes")
    usual = {
        held.WEIGHTS: {one.key: one.weight for one in channel_kinds},
        held.MOST: {one.key: one.most for one in channel_kinds},
        held.GONE: {one.key: str(one.when_gone) for one in channel_kinds},
    }
    with changes.operation(actor=actor, name="routing.save_rules") as op:
        parameters.put(op, held.TOTAL, total, before=held.USUAL_TOTAL)
        for key, values in ((held.WEIGHTS, weights), (held.MOST, most), (held.GONE, when_gone)):
            parameters.put(op, key, dict(values), before=usual[key])
        parameters.put(op, held.AWAY_MINUTES, away_minutes, before=held.USUAL_AWAY_MINUTES)
        parameters.put(op, held.OFFLINE_MINUTES, offline_minutes, before=held.USUAL_OFFLINE_MINUTES)
        publish(CapacityChanged(None))


def set_capacity(*, actor: Actor, user_id: int, total: int | None, most: Mapping[str, int]) -> None:
    """Say how much one user can have where it differs from the usual; nothing at all makes it usual again."""
    _require(actor)
    if total is not None:
        _check_number(total, 0, LARGEST, "total")
    for key, number in most.items():
        _check_kind(key)
        _check_number(number, 0, LARGEST, f"most_{key}")
    if not User.objects.filter(pk=user_id, is_active=True).exists():
        raise NotFound(_("There is no such user."))
    with changes.operation(actor=actor, name="routing.set_capacity") as op:
        row = Capacity.objects.select_for_update().filter(pk=user_id).first()
        if total is None and not most:
            if row is not None:
                op.delete(row)
        elif row is None:
            op.create(Capacity(user_id=user_id, total=total, most=dict(most)))
        else:
            op.update(row, total=total, most=dict(most))
        if not op.pending:
            op.row.delete()
            return
        publish(CapacityChanged(user_id))
        tell_people(user_id)


def save_reason(*, actor: Actor, reason_id: int | None, values: Mapping[str, Any]) -> PresenceReason:
    """Make a reason for being in a state, or change one."""
    _require(actor)
    clean: dict[str, Any] = {}
    for name in ("name_en", "name_zh"):
        if name in values:
            clean[name] = " ".join(str(values[name] or "").replace("\x00", "").split())
            if not 1 <= len(clean[name]) <= 60:
                raise InvalidInput(_("A name has 1 to 60 characters."), column=name)
    if "state" in values:
        clean["state"] = str(values["state"])
        if clean["state"] not in PresenceState.values:
            raise InvalidInput(_("Choose for which state it is."), column="state")
    if "is_active" in values:
        clean["is_active"] = bool(values["is_active"])
    if "order" in values:
        _check_number(values["order"], 0, 9_999, "order")
        clean["order"] = values["order"]
    with changes.operation(actor=actor, name="routing.save_reason") as op:
        if reason_id is None:
            if not {"name_en", "name_zh", "state"} <= clean.keys():
                raise InvalidInput(_("A reason needs a state and a name in both languages."), column="name_en")
            made: PresenceReason = op.create(PresenceReason(**clean))
            return made
        row = _reason(reason_id)
        if clean.get("state", row.state) != row.state and PresenceSpan.objects.filter(reason=row).exists():
            raise Conflict(_("It was used for another state already. Make a new one."), column="state")
        if not op.update(row, **clean):
            op.row.delete()
        return row


def remove_reason(*, actor: Actor, reason_id: int) -> int:
    """Remove a reason that nobody ever gave; one that was given is set out of use instead. The operation's number."""
    _require(actor)
    try:
        with transaction.atomic(), changes.operation(actor=actor, name="routing.remove_reason") as op:
            op.delete(_reason(reason_id))
    except ProtectedError:
        raise Conflict(_("Somebody gave this reason. Set it out of use instead.")) from None
    return op.id


def _reason(reason_id: int) -> PresenceReason:
    """A reason, locked."""
    row = PresenceReason.objects.select_for_update().filter(pk=reason_id).first()
    if row is None:
        raise NotFound(_("There is no such reason."))
    return row


def _require(actor: Actor) -> None:
    """Only those who shape every queue shape what holds for all."""
    if access.require(actor, "queue", "change") != "all":
        raise Forbidden(_("Your role does not allow this."))


def _check_kind(key: str) -> None:
    """Raise for a kind of channel that nobody registered."""
    if key not in channel_kinds:
        raise InvalidInput(_("There is no channel “%(name)s”.") % {"name": key[:40]}, column=key)


def _check_number(value: Any, least: int, most: int, column: str) -> None:
    """Raise for anything but a whole number within limits."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InvalidInput(
            _("Use a whole number from %(least)s to %(most)s.") % {"least": least, "most": most}, column=column
        )
