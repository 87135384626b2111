"""Delivering: each message until it is heard, for three days; those about one record in their order."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from guanxi.core import clock, jobs, live, outbound
from guanxi.core.secret_box import SealedElsewhereError, unseal
from guanxi.integration.webhooks import signing
from guanxi.integration.webhooks.hearing import MANY, hearer
from guanxi.integration.webhooks.models import MessageState, WebhookAttempt, WebhookEndpoint, WebhookMessage
from guanxi.integration.webhooks.sending import Outcome, post

KEPT_TRYING = timedelta(days=3)
PAUSES = tuple(
    timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 7200, 4 * 3600, 8 * 3600, 12 * 3600)
)
# So many different messages refused in a row, and the receiver as a whole is given a rest.
REFUSALS_BEFORE_REST = 10
AT_ONCE = 200
USER_AGENT = "Guanxi-Webhooks/1"


@dataclass(frozen=True)
class Round:
    """What one round with an endpoint came to: how many were heard, and when there is something to do again."""

    heard: int
    next_at: datetime | None


def pause_after(tries: int) -> timedelta:
    """How long to wait after that many tries of a message."""
    return PAUSES[min(tries, len(PAUSES)) - 1]


def deliverable(endpoint: WebhookEndpoint) -> QuerySet[WebhookMessage]:
    """The messages whose turn it is: none passes an earlier one about the same record that waits.

    One about many records waits for every earlier one, and every later one waits for it.
    """
    earlier = WebhookMessage.objects.filter(endpoint=endpoint, state=MessageState.WAITING, pk__lt=OuterRef("pk"))
    waiting = WebhookMessage.objects.filter(endpoint=endpoint, state=MessageState.WAITING)
    return waiting.exclude(Exists(earlier.filter(Q(about=OuterRef("about")) | Q(about=MANY)))).exclude(
        Q(about=MANY) & Exists(earlier)
    )


def deliver(endpoint_id: int, *, most: int = AT_ONCE) -> Round:
    """Send what is due to one endpoint, message by message."""
    heard = 0
    for _number in range(most):
        jobs.check()
        endpoint = WebhookEndpoint.objects.select_related("user").filter(pk=endpoint_id, is_active=True).first()
        if endpoint is None:
            return Round(heard, None)
        now = clock.now()
        # A rest beyond the longest was begun before the clock was set back.
        if endpoint.rests_until is not None and now < endpoint.rests_until < now + KEPT_TRYING:
            return Round(heard, endpoint.rests_until)
        message = deliverable(endpoint).filter(due_at__lte=now).order_by("pk").first()
        if message is None:
            following = deliverable(endpoint).order_by("due_at").values_list("due_at", flat=True).first()
            return Round(heard, following)
        heard += attempt(endpoint, message)
    return Round(heard, clock.now())


def attempt(endpoint: WebhookEndpoint, message: WebhookMessage) -> bool:
    """Try once to tell an endpoint of a message, and keep what came of it; whether it was heard."""
    outcome = _call(endpoint, message)
    with transaction.atomic():
        # While it was called the webhook may have been changed, stopped or removed.
        rows = WebhookMessage.objects.select_for_update(of=("endpoint",)).select_related("endpoint")
        found = rows.filter(pk=message.pk).first()
        if found is None:
            return outcome.is_heard
        message, endpoint = found, found.endpoint
        WebhookAttempt.objects.create(  # house: writes: the log of tries
            message=message,
            at=clock.now(),
            took_ms=outcome.took_ms,
            status=outcome.status,
            problem=outcome.problem,
            answer=outcome.answer,
        )
        _keep(endpoint, message, outcome)
        live.notify(f"webhook:{endpoint.pk}")
    return outcome.is_heard


def body_of(endpoint: WebhookEndpoint, message: WebhookMessage) -> bytes | None:
    """The body: ids, and the details as they are now where the endpoint asks for them and may see them.

    None when the user in whose name it would be told may not sign in any more.
    """
    actor = hearer(endpoint)
    if actor is None:
        return None
    data = dict(message.data)
    kind, _colon, number = message.about.partition(":")
    look = outbound.details.get(kind) if endpoint.with_details else None
    if look is not None and number.isdecimal():
        data["details"] = look(actor, int(number))
    told = {"type": message.type, "timestamp": message.happened_at.isoformat(), "data": data}
    return orjson.dumps(told)


def _call(endpoint: WebhookEndpoint, message: WebhookMessage) -> Outcome:
    """Sign and send; what stands in the way on our side is an outcome too."""
    body = body_of(endpoint, message)
    if body is None:
        return Outcome(0, problem="user")
    now = clock.now()
    try:
        keys = [unseal(endpoint.secret)]
        if endpoint.old_secret and endpoint.old_secret_until is not None and endpoint.old_secret_until > now:
            keys.append(unseal(endpoint.old_secret))
    except SealedElsewhereError:
        return Outcome(0, problem="secret")
    signed = signing.headers(keys, message_id=message.message_id, timestamp=int(now.timestamp()), body=body)
    return post(
        endpoint.url, body, {"Content-Type": "application/json; charset=utf-8", "User-Agent": USER_AGENT, **signed}
    )


def _keep(endpoint: WebhookEndpoint, message: WebhookMessage, outcome: Outcome) -> None:
    """Write how message and endpoint stand after a try."""
    now = clock.now()
    message.tries += 1
    message.first_tried_at = message.first_tried_at or now
    if outcome.is_heard:
        message.state, message.due_at, message.ended_at = MessageState.DELIVERED, None, now
        endpoint.rests_until, endpoint.failing_since, endpoint.failures_in_row = None, None, 0
        endpoint.last_delivered_at = now
    else:
        _keep_failure(endpoint, message, outcome, now)
    WebhookMessage.objects.filter(pk=message.pk).update(  # house: writes: how delivery stands
        tries=message.tries,
        first_tried_at=message.first_tried_at,
        state=message.state,
        due_at=message.due_at,
        ended_at=message.ended_at,
    )
    kept = ("rests_until", "failing_since", "failures_in_row", "last_delivered_at", "is_active", "stopped_because")
    standing = {name: getattr(endpoint, name) for name in kept}
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(**standing)  # house: writes: how delivery stands


def _keep_failure(endpoint: WebhookEndpoint, message: WebhookMessage, outcome: Outcome, now: datetime) -> None:
    """Put the message off or give it up; rest a receiver that is away; stop one that was away for three days."""
    endpoint.failures_in_row += 1
    endpoint.failing_since = endpoint.failing_since or now
    pause = max(pause_after(message.tries), timedelta(seconds=outcome.retry_after_seconds or 0))
    if message.first_tried_at is not None and now + pause - message.first_tried_at > KEPT_TRYING:
        message.state, message.due_at, message.ended_at = MessageState.FAILED, None, now
    else:
        message.due_at = now + pause
    is_away = outcome.is_away or endpoint.failures_in_row >= REFUSALS_BEFORE_REST
    if is_away:
        endpoint.rests_until = now + pause
    gone = outcome.status == 410
    if gone or outcome.problem in {"user", "secret"} or (is_away and now - endpoint.failing_since > KEPT_TRYING):
        # 410: the receiver says that it is gone for good.
        endpoint.is_active = False
        endpoint.stopped_because = "gone" if gone else outcome.problem
