"""What routing registers on the floors below it."""

from django.utils.translation import gettext_lazy as _

from guanxi.core import live, records, references
from guanxi.core.actor import Actor
from guanxi.routing.telling import PRESENCE, QUEUES


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
references.register(references.Reference("customer", "routing.WorkItem", "customer_id"))
references.register(references.Reference("customer", "routing.WorkItem", "record_id", kind_column="record_kind"))
live.register(QUEUES, may_listen=lambda actor, _key: actor.can("queue", "view"))
live.register("queue", may_listen=lambda actor, _key: actor.can("queue", "view"), is_whole=True)
live.register(PRESENCE, may_listen=_may_hear_of_presence)
