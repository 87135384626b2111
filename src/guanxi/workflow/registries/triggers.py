"""What may set a rule going: an event that happened, or a moment that a record holds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from guanxi.core.events import Event, subscribe
from guanxi.core.registry import Registry

# What each event class says: the numbers of the records it is about, or the fields that changed.
Told = Mapping[type[Event], Callable[[Any], Iterable[Any]]]


@dataclass(frozen=True)
class Trigger:
    """Something that happens to records of one kind, heard as events.

    `label` follows "When": "a task is set". `heard` gives for each event class the ids of the records it is about;
    `fields` for those that say so which fields changed, `field_labels` what these are called. An inline trigger is
    heard in the publisher's transaction, so that what its rules do stands or falls with what happened.
    """

    key: str
    label: str | Promise
    kind: str
    heard: Told
    fields: Told = field(default_factory=dict)
    field_labels: Mapping[str, str | Promise] = field(default_factory=dict)
    is_inline: bool = False
    icon: str = "bolt"

    def record_ids(self, event: Event) -> list[int]:
        """The records that an event is about, each once."""
        return list(dict.fromkeys(self.heard[type(event)](event)))

    def changed_fields(self, event: Event) -> list[str]:
        """The fields that the event says were changed, as far as they have names."""
        told = self.fields.get(type(event))
        return [name for name in told(event) if name in self.field_labels] if told is not None else []


@dataclass(frozen=True)
class Moment:
    """A moment that records of one kind hold; a rule may start so many minutes before or after it.

    `label` follows "before" and "after": "a task is due". `between(after, until)` gives the records whose moment lies
    later than the one and not later than the other, with it; those for whom it means nothing any more are left out.
    """

    key: str
    label: str | Promise
    kind: str
    between: Callable[[datetime, datetime], Iterable[tuple[int, datetime]]]
    icon: str = "clock"


triggers: Registry[Trigger] = Registry("triggers")
moments: Registry[Moment] = Registry("moments")
_hearers: list[tuple[Callable[[Any], None], bool]] = []
_subscribed: set[tuple[type[Event], bool]] = set()


def register_trigger(trigger: Trigger, *, order: int = 100) -> Trigger:
    """Offer a trigger to rules."""
    if trigger.key in moments:
        raise RuntimeError(f"triggers: {trigger.key!r} is a moment already")
    triggers.add(trigger.key, trigger, order=order)
    for event in trigger.heard:
        _subscribe(event, trigger.is_inline)
    return trigger


def register_moment(moment: Moment, *, order: int = 100) -> Moment:
    """Offer a moment to rules."""
    if moment.key in triggers:
        raise RuntimeError(f"moments: {moment.key!r} is a trigger already")
    return moments.add(moment.key, moment, order=order)


def hear_with(call: Callable[[Any], None], *, inline: bool) -> None:
    """Let this hear the events of all triggers, inline or delivered; for the engine alone."""
    _hearers.append((call, inline))
    for event, is_inline in sorted(_subscribed, key=lambda pair: (pair[0].event_name, pair[1])):
        if is_inline == inline:
            subscribe(event, inline=inline)(call)


def _subscribe(event: type[Event], is_inline: bool) -> None:
    """Hear an event, once for all its triggers."""
    if (event, is_inline) in _subscribed:
        return
    _subscribed.add((event, is_inline))
    for call, inline in _hearers:
        if inline == is_inline:
            subscribe(event, inline=inline)(call)


def of_event(event: type[Event], *, inline: bool) -> Sequence[Trigger]:
    """The triggers that hear an event class."""
    return [trigger for trigger in triggers if event in trigger.heard and trigger.is_inline == inline]


def label_of(key: str) -> str:
    """What a trigger or a moment is called; its key where the code no longer has it."""
    found = triggers.get(key) or moments.get(key)
    return str(found.label) if found is not None else key


def kind_of(key: str) -> str | None:
    """The kind of record that a trigger or a moment is about, None where the code no longer has it."""
    found = triggers.get(key) or moments.get(key)
    return found.kind if found is not None else None
