"""How long it is kept what programs were told and answered."""

from django.utils.translation import gettext_lazy as _

from guanxi.core.retention import Ending, Kind, Part, kinds
from guanxi.integration.models import KeptAnswer
from guanxi.integration.webhooks.models import WebhookMessage

kinds.add(
    "webhook_log",
    Kind(
        label=_("Log of webhooks"),
        counted=_("the end of delivery"),
        ending=Ending.DELETE,
        what_happens=_("Messages that were delivered or given up go, with every try. What waits stays."),
        days=30,
        is_log=True,
        parts=(
            Part(
                "integration.WebhookMessage",
                rows=lambda before: WebhookMessage.objects.filter(ended_at__lt=before),
                at="ended_at",
            ),
        ),
    ),
    order=330,
)
kinds.add(
    "kept_answers",
    Kind(
        label=_("Answers kept for requests sent twice"),
        counted=_("the first request"),
        ending=Ending.DELETE,
        what_happens=_("A request sent again under its Idempotency-Key then acts again."),
        days=1,
        is_log=True,
        parts=(Part("integration.KeptAnswer", rows=lambda before: KeptAnswer.objects.filter(at__lt=before), at="at"),),
    ),
    order=340,
)
