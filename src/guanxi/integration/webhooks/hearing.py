"""Who hears of what: an endpoint hears with the rights of the user it belongs to."""

from guanxi.core import records
from guanxi.core.actor import Actor, actor_of
from guanxi.core.outbound import Told
from guanxi.integration.webhooks.models import WebhookEndpoint

MANY = "*"


def about(told: Told) -> str:
    """The key under which messages keep their order."""
    return MANY if not told.kind else f"{told.kind}:{told.record_id}"


def wants(endpoint: WebhookEndpoint, event_type: str) -> bool:
    """Whether the endpoint asked for this type; without any it asked for all."""
    return not endpoint.types or event_type in endpoint.types


def hearer(endpoint: WebhookEndpoint) -> Actor | None:
    """In whose name the endpoint hears; None once its user may not sign in any more."""
    return actor_of(endpoint.user, means="webhook") if endpoint.user.is_active else None


def may_hear(actor: Actor, told: Told, permission: tuple[str, str]) -> bool:
    """Whether the record is open to the actor; what is about many or is gone is for those who see all."""
    if actor.scope(*permission) == "all":
        return True
    model = records.model_of(told.kind) if told.kind else None
    if model is None:
        return False
    return bool(model._default_manager.visible_to(actor).filter(pk=told.record_id).exists())  # type: ignore[attr-defined]
