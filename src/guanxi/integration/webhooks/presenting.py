"""Webhooks in words for people and as plain data for programs."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guanxi.integration.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookMessage

PROBLEMS: dict[str, Promise] = {
    "timeout": _("It did not answer within ten seconds."),
    "connection": _("The connection failed or broke off."),
    "name": _("Its name is not known to the name servers."),
    "certificate": _("Its certificate is not valid for its name."),
    "inside": _("The name leads into the own network; such addresses are not called."),
    "redirect": _("It answered with a redirect; redirects are not followed. Set the new address."),
    "status": _("It answered with an error."),
    "user": _("The user in whose name it hears may not sign in any more."),
    "secret": _("The secret was stored under another secret key of the installation. Change the secret."),
    "gone": _("It answered that it is gone for good (410)."),
}


def problem_words(code: str) -> str:
    """A problem in a sentence."""
    return str(PROBLEMS.get(code, "")) if code else ""


def endpoint_data(row: WebhookEndpoint) -> dict[str, Any]:
    """A webhook for programs; never its secret."""
    return {
        "id": row.public_id,
        "label": row.label,
        "url": row.url,
        "types": row.types,
        "with_details": row.with_details,
        "active": row.is_active,
        "stopped_because": row.stopped_because or None,
        "user": row.user.username,
        "created_at": row.created_at.isoformat(),
        "failing_since": row.failing_since.isoformat() if row.failing_since else None,
        "last_delivered_at": row.last_delivered_at.isoformat() if row.last_delivered_at else None,
    }


def message_data(row: WebhookMessage) -> dict[str, Any]:
    """A message with its tries, for programs."""
    return {
        "id": row.message_id,
        "type": row.type,
        "data": row.data,
        "happened_at": row.happened_at.isoformat(),
        "state": row.state,
        "due_at": row.due_at.isoformat() if row.due_at else None,
        "tries": [attempt_data(attempt) for attempt in row.attempts.all()],
    }


def attempt_data(row: WebhookAttempt) -> dict[str, Any]:
    """One try, for programs."""
    return {
        "at": row.at.isoformat(),
        "took_ms": row.took_ms,
        "status": row.status,
        "problem": row.problem or None,
        "answer": row.answer,
    }
