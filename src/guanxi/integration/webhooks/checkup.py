"""Whether other systems hear what they are to be told."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.core import clock
from guanxi.core.checkup import Check, Finding, Level, register
from guanxi.core.checkup.registry import Facts
from guanxi.integration.webhooks.models import WebhookEndpoint

LONG = timedelta(hours=1)
TOO_LONG = timedelta(days=1)
NAMED = 20


def look_at_webhooks() -> Facts:
    """The webhooks that have failed for long, and those that were stopped for it."""
    now = clock.now()
    rows = WebhookEndpoint.objects.all()
    failing = rows.filter(is_active=True, failing_since__lt=now - LONG).order_by("failing_since")[:NAMED]
    stopped = rows.filter(is_active=False).exclude(stopped_because="").order_by("pk")[:NAMED]
    return {
        "failing": [
            _told(row, int((now - row.failing_since).total_seconds() // 3600)) for row in failing if row.failing_since
        ],
        "stopped": [_told(row, 0) for row in stopped],
    }


def _told(row: WebhookEndpoint, hours: int) -> dict[str, Any]:
    """One webhook."""
    return {"label": row.label, "hours": hours}


def tell_of_webhooks(facts: Facts) -> Iterator[Finding]:
    """Do the receivers of webhooks take what they are told?"""
    page = "integration:webhooks"
    why = _("The other system does not learn what happens here; after three days messages are given up.")
    remedy = _("See its log for the reason, put the receiver right, and send the failed messages again.")
    for one in facts["failing"]:
        text = _("The webhook “%(label)s” has failed for %(hours)d hours.") % one
        level = Level.PROBLEM if one["hours"] >= TOO_LONG.total_seconds() // 3600 else Level.WARNING
        yield Finding("webhooks", level, text, why, remedy, page)
    for one in facts["stopped"]:
        text = _("The webhook “%(label)s” was stopped because it kept failing.") % one
        yield Finding("webhooks", Level.WARNING, text, why, remedy, page)
    if not facts["failing"] and not facts["stopped"]:
        yield Finding("webhooks", Level.OK, _("Webhooks are delivered."))


register(Check("webhooks", gettext_lazy("Webhooks"), look_at_webhooks, tell_of_webhooks), order=130)
