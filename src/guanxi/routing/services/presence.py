"""Who is there for work: states that people choose, and those that follow when their pages are gone."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from guanxi.core import access, clock
from guanxi.core.actor import Actor
from guanxi.core.errors import Forbidden, InvalidInput, NotFound
from guanxi.core.events import publish
from guanxi.core.models import User
from guanxi.routing.channel_kinds import away_minutes, offline_minutes, when_gone
from guanxi.routing.choices import AssignmentEnd, PresenceCause, PresenceState, WhenGone, WorkState
from guanxi.routing.events import PresenceChanged
from guanxi.routing.models import AgentPresence, PresenceReason, PresenceSpan, WorkItem
from guanxi.routing.services.work import return_to_queue
from guanxi.routing.telling import tell_people, tell_queues

# A page says this often that it is open; no oftener is it written.
BEAT_SECONDS = 60
WRITTEN_EVERY = timedelta(seconds=BEAT_SECONDS * 3 // 4)


def set_presence(
    *, actor: Actor, state: str, reason_id: int | None = None, user_id: int | None = None
) -> AgentPresence:
    """Say in which state one is and why; `user_id` is somebody else, for those whose role reaches them."""
    if actor.is_read_only:
        raise Forbidden(_("You are looking with the rights of somebody else: nothing can be changed."))
    whose = actor.user_id if user_id is None else user_id
    if whose is None:
        raise Forbidden(_("Only people are there or not."))
    if whose != actor.user_id:
        _require_reach(actor, whose)
    if state not in PresenceState.values:
        raise InvalidInput(_("“%(value)s” is not one of the choices.") % {"value": state[:40]}, column="state")
    reason = None
    if reason_id is not None:
        reason = PresenceReason.objects.filter(pk=reason_id, state=state, is_active=True).first()
        if reason is None:
            raise InvalidInput(_("There is no such reason for this state."), column="reason")
    is_own = whose == actor.user_id
    with transaction.atomic():
        return change_state(
            user_id=whose,
            state=state,
            reason=reason,
            cause=PresenceCause.SELF if is_own else PresenceCause.OTHER,
            by=None if is_own else actor.user_id,
        )


def change_state(
    *,
    user_id: int,
    state: str,
    cause: str,
    reason: PresenceReason | None = None,
    by: int | None = None,
    returns_to: str = "",
) -> AgentPresence:
    """Put somebody into a state, in the caller's transaction; what they had goes back where the rules say so."""
    now = clock.now()
    AgentPresence.objects.get_or_create(user_id=user_id, defaults={"since": now})
    row = AgentPresence.objects.select_for_update(no_key=True).get(pk=user_id)
    is_same = (row.state, row.reason_id) == (state, reason.pk if reason else None)
    if cause in {PresenceCause.SELF, PresenceCause.OTHER, PresenceCause.RETURNED}:
        row.seen_at = now
    if is_same and PresenceSpan.objects.filter(user=user_id, to_at__isnull=True).exists():
        # Chosen anew: from now on it is their own word.
        row.cause, row.returns_to = cause, returns_to
        row.save(update_fields=["cause", "returns_to", "seen_at"])
        return row
    row.state, row.reason, row.cause, row.since, row.returns_to = state, reason, cause, now, returns_to
    row.save()
    PresenceSpan.objects.filter(user=user_id, to_at__isnull=True).update(to_at=now)
    PresenceSpan.objects.create(user_id=user_id, state=state, reason=reason, cause=cause, by_id=by, from_at=now)
    if state == PresenceState.OFFLINE or (state == PresenceState.AWAY and cause == PresenceCause.UNSEEN):
        _let_go(user_id)
    publish(PresenceChanged(user_id, state))
    tell_people(user_id)
    tell_queues()
    return row


def beat(*, user_id: int) -> None:
    """Note that a page of somebody's is open; whoever was away only because none was comes back."""
    now = clock.now()
    row = AgentPresence.objects.filter(pk=user_id).first()
    if row is None or row.state == PresenceState.OFFLINE:
        return
    if row.returns_to and row.cause == PresenceCause.UNSEEN:
        with transaction.atomic():
            change_state(user_id=user_id, state=row.returns_to, cause=PresenceCause.RETURNED)
    elif row.seen_at is None or not timedelta(0) <= now - row.seen_at < WRITTEN_EVERY:
        AgentPresence.objects.filter(pk=user_id).update(seen_at=now)


def note_unseen(now: datetime) -> int:
    """Whoever has had no page open for some minutes is away, after more of them offline; how many changed."""
    away, offline = now - timedelta(minutes=away_minutes()), now - timedelta(minutes=offline_minutes())
    rows = AgentPresence.objects.exclude(state=PresenceState.OFFLINE).annotate(seen=Coalesce("seen_at", "since"))
    found = list(rows.filter(seen__lt=max(away, offline)).order_by("pk").values_list("pk", "state", "seen"))
    changed = 0
    for user_id, state, seen in found:
        with transaction.atomic():
            row = AgentPresence.objects.select_for_update(no_key=True).get(pk=user_id)
            if row.state != state or (row.seen_at or row.since) != seen:
                continue
            if seen < offline:
                change_state(user_id=user_id, state=PresenceState.OFFLINE, cause=PresenceCause.UNSEEN)
            elif state in {PresenceState.ONLINE, PresenceState.BUSY}:
                change_state(user_id=user_id, state=PresenceState.AWAY, cause=PresenceCause.UNSEEN, returns_to=state)
            else:
                continue
            changed += 1
    return changed


def sign_out(*, user_id: int) -> None:
    """Whoever signed out everywhere is offline."""
    row = AgentPresence.objects.filter(pk=user_id).exclude(state=PresenceState.OFFLINE).first()
    if row is not None:
        with transaction.atomic():
            change_state(user_id=user_id, state=PresenceState.OFFLINE, cause=PresenceCause.SIGNED_OUT)


def _let_go(user_id: int) -> None:
    """Have what somebody has go back to its queue where the rule of its channel says so."""
    held = WorkItem.objects.select_for_update(no_key=True).filter(assignee=user_id, state=WorkState.ASSIGNED)
    for item in held.order_by("pk"):
        rule = when_gone(item.channel_kind)
        if rule == WhenGone.RETURN or (rule == WhenGone.RETURN_WAITING and item.needs_answer):
            return_to_queue(item=item, because=AssignmentEnd.GONE)


def _require_reach(actor: Actor, user_id: int) -> None:
    """Raise unless the actor's role reaches the state of that person."""
    scope = access.require(actor, "presence", "change")
    is_reached = scope == "all" or user_id in actor.reach("presence", "change")[0]
    if not is_reached or not User.objects.filter(pk=user_id, is_active=True).exists():
        raise NotFound(_("There is no such user."))
