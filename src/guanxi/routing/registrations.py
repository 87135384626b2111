"""What routing registers on the floors below it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.core import live, records, references
from guanxi.core.actor import Actor
from guanxi.core.api import add_router
from guanxi.core.holding import HeldKind, kinds
from guanxi.core.ids import public_id
from guanxi.routing import history
from guanxi.routing.api import presence, queues, work
from guanxi.routing.telling import PRESENCE, QUEUES
from guanxi.ui import header, menu, settings_area

__all__ = ["history"]


def queue_url(queue_id: int) -> str:
    """The page of a queue."""
    return reverse("routing:queue", args=[public_id("que", queue_id)])


def _may_hear_of_presence(actor: Actor, key: str) -> bool:
    """One's own state, and everybody's for whoever may see it."""
    return key == str(actor.user_id) or actor.scope("presence", "view") == "all"


records.register(
    records.RecordKind(
        kind="queue",
        model_label="routing.Queue",
        prefix="que",
        label=_("queue"),
        label_plural=_("queues"),
        title=str,
        url=queue_url,
        icon="inbox",
    )
)
records.register(
    records.RecordKind(
        kind="work_item",
        model_label="routing.WorkItem",
        prefix="wki",
        label=_("work item"),
        label_plural=_("work items"),
        title=str,
        icon="list-check",
    )
)
kinds.add("agentpresence", HeldKind("routing.AgentPresence"), order=55)
kinds.add("work_item", HeldKind("routing.WorkItem"), order=60)
references.register(references.Reference("customer", "routing.WorkItem", "customer_id"))
references.register(references.Reference("customer", "routing.WorkItem", "record_id", kind_column="record_kind"))
live.register(QUEUES, may_listen=lambda actor, _key: actor.can("queue", "view"))
live.register("queue", may_listen=lambda actor, _key: actor.can("queue", "view"), is_whole=True)
live.register(PRESENCE, may_listen=_may_hear_of_presence)
for _kind in ("capacity", "presencereason"):
    live.register(_kind, may_listen=lambda actor, _key: actor.scope("queue", "change") == "all", is_whole=True)
add_router("queues", queues.router, area="queues", order=80)
add_router("work-items", work.router, area="queues", order=81)
add_router("presence", presence.router, area="queues", order=82)
header.register("presence", "routing:sign", order=10, permission=("work_item", "change"))
menu.register(
    "queues",
    _("Queues"),
    "routing:queues",
    icon="inbox",
    section="service",
    order=50,
    permission=("queue", "view"),
    shortcut="G Q",
)
settings_area.register(
    "queues", _("Queues"), "routing:settings_queues", icon="inbox", group="channels", order=10,
    permission=("queue", "create"),
)  # fmt: skip
settings_area.register(
    "presence", _("Capacity and presence"), "routing:settings_rules", icon="headset", group="channels", order=20,
    permission=("queue", "create"),
)  # fmt: skip
