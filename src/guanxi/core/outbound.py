"""What other systems may be told of: a public name for each kind of event, and the records it is about.

Modules register what they tell in `registrations.py`; integration listens and sends. Names are part of the public
contract: `customer.created`, `import.committed`. What is told are ids; details only for those who ask for them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from guanxi.core.actor import Actor
from guanxi.core.events import Event, subscribe
from guanxi.core.registry import Registry


@dataclass(frozen=True)
class Told:
    """One thing to tell: the record it is about (none where it is about many or about none) and what is said."""

    data: Mapping[str, Any]
    kind: str = ""
    record_id: int | None = None
    # Where it is about many: the operation whose journal names them, and their kind.
    operation_id: int | None = None
    many_of: str = ""


@dataclass(frozen=True)
class OutboundEvent:
    """One kind of event that other systems may be told of.

    `tell(event)` gives what is to be said, `permission` what one must be allowed to hear of it.
    """

    key: str
    label: str | Promise
    event: type[Event]
    tell: Callable[[Any], Iterable[Told]]
    permission: tuple[str, str]


@dataclass
class _Listeners:
    """Who is told; filled by the floor that sends."""

    calls: list[Callable[[OutboundEvent, Event], None]] = field(default_factory=list)


outbound_events: Registry[OutboundEvent] = Registry("outbound events")
# kind -> what a reader may be told of one record: None when it is not for them.
details: Registry[Callable[[Actor, int], Mapping[str, Any] | None]] = Registry("outbound details")
_listeners = _Listeners()


def register(outbound: OutboundEvent) -> OutboundEvent:
    """Let other systems be told of a kind of event."""
    is_first = outbound.event not in {known.event for known in outbound_events}
    outbound_events.add(outbound.key, outbound)
    if is_first:
        subscribe(outbound.event)(tell_listeners)
    return outbound


def listen(call: Callable[[OutboundEvent, Event], None]) -> None:
    """Be called for each event that other systems may be told of, in the transaction of its delivery."""
    if call not in _listeners.calls:
        _listeners.calls.append(call)


def tell_listeners(event: Event) -> None:
    """Hand an event to whoever sends."""
    for outbound in outbound_events:
        if isinstance(event, outbound.event):
            for call in _listeners.calls:
                call(outbound, event)
