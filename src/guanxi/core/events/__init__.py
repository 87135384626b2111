"""What happened, told to whoever must react: typed events, an outbox, handlers that see each event once.

`publish(OrdersChanged(order_id=7))` writes a row in the caller's transaction; a worker (or `deliver_pending()`) then
runs every handler. A handler runs in one transaction with the mark that it has seen the event, so whatever it writes
to the database happens exactly once; anything slow or outside belongs in a job that it enqueues.
"""

from guanxi.core.events.delivery import MAX_TRIES, deliver_pending, forget_old, given_up, next_due
from guanxi.core.events.outbox import publish
from guanxi.core.events.passing import heard_event_id, passed, passing
from guanxi.core.events.types import Event, event_class, subscribe

__all__ = [
    "MAX_TRIES",
    "Event",
    "deliver_pending",
    "event_class",
    "forget_old",
    "given_up",
    "heard_event_id",
    "next_due",
    "passed",
    "passing",
    "publish",
    "subscribe",
]
