"""Making, changing, testing and removing webhooks; sending messages again. Every act is in the journal, no secret is."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.core import access, changes, clock
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, InvalidInput, NotFound
from guanxi.core.models import User
from guanxi.core.outbound import outbound_events
from guanxi.core.secret_box import seal
from guanxi.integration.webhooks import addresses, signing
from guanxi.integration.webhooks.jobs import wake
from guanxi.integration.webhooks.models import MessageState, WebhookEndpoint, WebhookMessage
from guanxi.integration.webhooks.spreading import new_message_id

# Both secrets hold for so long after a change, so that the receiver can change at leisure.
OVERLAP = timedelta(days=1)
LABEL_LIMIT = 80
TEST = "guanxi.test"
MOST_ENDPOINTS = 50
REPLAYED_AT_ONCE = 10_000


def create_endpoint(
    *, actor: Actor, label: str, url: str, types: Sequence[str] = (), with_details: bool = False
) -> tuple[WebhookEndpoint, str]:
    """Make a webhook that hears with the rights of whoever makes it; the row and its secret, which is shown this once."""
    access.require(actor, "webhook", "create")
    user = User.objects.filter(pk=actor.user_id, is_active=True).first() if actor.user_id else None
    if user is None:
        raise InvalidInput(_("A webhook belongs to a user."))
    if WebhookEndpoint.objects.count() >= MOST_ENDPOINTS:
        raise Conflict(_("There are %(count)s webhooks already; remove one first.") % {"count": MOST_ENDPOINTS})
    secret = signing.new_secret()
    with changes.operation(actor=actor, name="integration.create_webhook") as op:
        made: WebhookEndpoint = op.create(
            WebhookEndpoint(
                user=user,
                label=_label(label),
                url=addresses.check(url),
                types=_types(types),
                with_details=with_details,
                secret=seal(secret),
                created_at=clock.now(),
            )
        )
    return made, secret


def update_endpoint(*, actor: Actor, endpoint_id: int, **values: Any) -> int | None:
    """Change label, address, types, details or whether it is active; the operation's number, None when nothing differs."""
    with transaction.atomic():
        row = _locked(actor, endpoint_id)
        clean: dict[str, Any] = {}
        if "label" in values:
            clean["label"] = _label(values["label"])
        if "url" in values:
            clean["url"] = addresses.check(values["url"])
        if "types" in values:
            clean["types"] = _types(values["types"])
        for name in ("with_details", "is_active"):
            if name in values:
                clean[name] = bool(values[name])
        if clean.get("is_active") and not row.is_active:
            clean |= {"stopped_because": "", "rests_until": None, "failing_since": None, "failures_in_row": 0}
        with changes.operation(actor=actor, name="integration.update_webhook") as op:
            changed = op.update(row, **clean)
            if not changed:
                op.row.delete()
                return None
        if "is_active" in changed and row.is_active:
            # Whoever lets it run again has mended the receiver: nothing waits for its old turn.
            WebhookMessage.objects.filter(endpoint=row, state=MessageState.WAITING).update(due_at=clock.now())
        if row.is_active:
            wake(row.pk)
        return op.id


def change_secret(*, actor: Actor, endpoint_id: int) -> str:
    """Give a webhook another secret, returned this once; the old one signs too for another day."""
    secret = signing.new_secret()
    with transaction.atomic():
        row = _locked(actor, endpoint_id)
        with changes.operation(actor=actor, name="integration.change_webhook_secret") as op:
            op.update(row, old_secret=row.secret, old_secret_until=clock.now() + OVERLAP, secret=seal(secret))
    return secret


def remove_endpoint(*, actor: Actor, endpoint_id: int) -> None:
    """Take a webhook away with its log."""
    with transaction.atomic():
        row = _locked(actor, endpoint_id, "delete")
        with changes.operation(actor=actor, name="integration.remove_webhook") as op:
            op.delete(row)


def send_test(*, actor: Actor, endpoint_id: int) -> WebhookMessage:
    """Tell a webhook that this is a test; it is signed and logged like every message."""
    with transaction.atomic():
        row = _locked(actor, endpoint_id)
        if not row.is_active:
            raise Conflict(_("This webhook is stopped. Let it run again first."))
        now = clock.now()
        message_id = new_message_id()
        # About itself alone, so that it waits for no other.
        made = WebhookMessage.objects.create(
            endpoint=row, message_id=message_id, type=TEST, about=f"test:{message_id}"[:60],
            data={"webhook": row.public_id}, happened_at=now, due_at=now,
        )  # fmt: skip
        WebhookEndpoint.objects.filter(pk=row.pk).update(rests_until=None)
        _note(actor, row, "integration.test_webhook", made.message_id)
        wake(row.pk)
    return made


def replay(*, actor: Actor, endpoint_id: int, message_ids: Sequence[str] = (), failed_only: bool = False) -> int:
    """Send messages again under their ids: those named, or all that failed; how many. What waits anyway is left alone.

    NotFound when one of those named is no message of this webhook.
    """
    with transaction.atomic():
        row = _locked(actor, endpoint_id)
        mine = WebhookMessage.objects.filter(endpoint=row)
        if failed_only:
            mine = mine.filter(state=MessageState.FAILED)
        else:
            named = set(message_ids)
            mine = mine.filter(message_id__in=named)
            if mine.count() < len(named):
                raise NotFound(_("There is no such record, or it is not open to you."))
        found = mine.exclude(state=MessageState.WAITING)
        ids = list(found.order_by("pk").values_list("pk", flat=True)[:REPLAYED_AT_ONCE])
        if ids:
            WebhookMessage.objects.filter(pk__in=ids).update(
                state=MessageState.WAITING, due_at=clock.now(), first_tried_at=None, ended_at=None, tries=0
            )
            WebhookEndpoint.objects.filter(pk=row.pk).update(rests_until=None)
            _note(actor, row, "integration.replay_webhook", len(ids))
            wake(row.pk)
    return len(ids)


def _note(actor: Actor, row: WebhookEndpoint, name: str, what: object) -> None:
    """Journal an act that changes no field of the webhook."""
    with changes.operation(actor=actor, name=name) as op:
        op.record(kind="webhook", record_id=row.pk, act=changes.LOOK, field="messages", before=None, after=what)


def _locked(actor: Actor, endpoint_id: int, action: str = "change") -> WebhookEndpoint:
    """The webhook, locked for the change; NotFound when it is not for this actor."""
    found: WebhookEndpoint = WebhookEndpoint.objects.get_visible(actor, action, pk=endpoint_id)
    return WebhookEndpoint.objects.select_for_update().get(pk=found.pk)


def _label(text: str) -> str:
    """Who uses it."""
    clean = " ".join(str(text or "").replace("\x00", "").split())
    if not clean or len(clean) > LABEL_LIMIT:
        raise InvalidInput(_("A name of 1 to 80 characters is needed."), column="label")
    return clean


def _types(types: Sequence[str]) -> list[str]:
    """Types of events that exist, in their order; none stands for all."""
    unknown = sorted(set(types) - set(outbound_events.keys()))
    if unknown:
        raise InvalidInput(_("There is no event “%(type)s”.") % {"type": str(unknown[0])[:60]}, column="types")
    return [key for key in outbound_events.keys() if key in set(types)]  # noqa: SIM118  a registry gives its keys in order
