"""What integration registers on the floors below."""

from django.utils.translation import gettext_lazy as _

from guanxi.core import live, records
from guanxi.core.actor import Actor
from guanxi.core.api import add_router
from guanxi.integration.about_api import router as about
from guanxi.integration.token_api import router as token
from guanxi.integration.webhooks import api as webhook_api
from guanxi.integration.webhooks import checkup
from guanxi.integration.webhooks.models import WebhookEndpoint
from guanxi.ui import settings_area

__all__ = ["checkup"]


def _may_listen(actor: Actor, key: str) -> bool:
    """Whoever sees a webhook sees its log grow."""
    return key.isdecimal() and WebhookEndpoint.objects.visible_to(actor).filter(pk=int(key)).exists()


records.register(
    records.RecordKind(
        kind="token",
        model_label="integration.ApiToken",
        prefix="tok",
        label=_("API token"),
        label_plural=_("API tokens"),
        icon="key",
    )
)
settings_area.register("api", _("API"), "integration:api_guide", icon="code", group="developers", order=5)
settings_area.register("tokens", _("API tokens"), "integration:tokens", icon="key", group="developers", order=10)
add_router("", about, area="", order=900)
add_router("token", token, order=890)
records.register(
    records.RecordKind(
        kind="webhook",
        model_label="integration.WebhookEndpoint",
        prefix="whk",
        label=_("webhook"),
        label_plural=_("webhooks"),
        icon="send",
    )
)
settings_area.register(
    "webhooks",
    _("Webhooks"),
    "integration:webhooks",
    icon="send",
    group="developers",
    order=20,
    permission=("webhook", "view"),
)
live.register("webhook", may_listen=_may_listen)
add_router("webhooks", webhook_api.router, order=80)
