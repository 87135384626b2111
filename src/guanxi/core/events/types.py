"""Event classes and the handlers subscribed to them."""

import dataclasses
import types
import typing
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar

# Ids, short codes and dates only: an event is copied to many places and must not carry personal data.
_PLAIN = (int, str, bool, date, datetime)

E = TypeVar("E", bound="Event")


@dataclasses.dataclass(frozen=True)
class Event:
    """Base of every event: a frozen dataclass named in the past tense whose fields are ids and codes."""

    event_name: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Give the class its name, `module.ClassName`, and make it known."""
        super().__init_subclass__(**kwargs)
        parts = cls.__module__.split(".")
        module = parts[1] if parts[0] == "guanxi" and len(parts) > 1 else parts[0]
        cls.event_name = f"{module}.{cls.__name__}"
        known = _classes.get(cls.event_name)
        if known is not None and known.__module__ != cls.__module__:
            raise RuntimeError(f"two events are called {cls.event_name}")
        _classes[cls.event_name] = cls

    def payload(self) -> dict[str, Any]:
        """The fields as JSON."""
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}

    @classmethod
    def from_payload(cls: type[E], payload: dict[str, Any]) -> E:
        """The event back from JSON; fields that the code no longer has are left out."""
        hints = _hints(cls)
        names = {f.name for f in dataclasses.fields(cls)}
        return cls(**{name: _restored(hints[name], value) for name, value in payload.items() if name in names})


@dataclasses.dataclass(frozen=True)
class Subscription:
    """One handler of one event class; `name` is what its deliveries are recorded under."""

    name: str
    event: type[Event]
    handler: Callable[[Any], None]
    is_inline: bool
    is_last: bool = False


_classes: dict[str, type[Event]] = {}
_known_hints: dict[type[Event], dict[str, Any]] = {}
_checked: set[type[Event]] = set()
_subscriptions: dict[str, list[Subscription]] = {}


def event_class(name: str) -> type[Event] | None:
    """The class of an event's name, None when the code no longer has it."""
    return _classes.get(name)


def subscribe(
    event: type[E], *, inline: bool = False, is_last: bool = False
) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Run the decorated function for every event of this class.

    `inline=True` runs it inside the publisher's transaction, and only where both must succeed or fail as one. All others
    hear an event in one transaction; `is_last`: after the rest, for what is written when the records themselves are
    locked (`core.holding`), such as entries of the search.
    """
    _check_fields(event)

    def add(handler: Callable[[E], None]) -> Callable[[E], None]:
        """Keep the handler."""
        name = f"{handler.__module__}.{handler.__qualname__}"
        standing = _subscriptions.setdefault(event.event_name, [])
        standing[:] = [entry for entry in standing if entry.name != name]
        standing.append(Subscription(name, event, handler, inline, is_last))
        standing.sort(key=lambda entry: entry.is_last)
        return handler

    return add


def subscriptions(name: str, *, inline: bool) -> list[Subscription]:
    """The handlers of an event, inline or delivered."""
    return [entry for entry in _subscriptions.get(name, []) if entry.is_inline == inline]


def _hints(event: type[Event]) -> dict[str, Any]:
    """The types of an event's fields, read once."""
    if event not in _known_hints:
        _known_hints[event] = typing.get_type_hints(event)
    return _known_hints[event]


def _check_fields(event: type[Event]) -> None:
    """Refuse an event class that is not frozen or whose fields could hold more than ids and codes; each is looked at once."""
    if event in _checked:
        return
    if not dataclasses.is_dataclass(event) or not event.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        raise TypeError(f"{event.__name__} must be a frozen dataclass")
    for name, hint in _hints(event).items():
        if typing.get_origin(hint) is not ClassVar and not _is_plain(hint):
            raise TypeError(f"{event.__name__}.{name}: events carry ids, short codes and dates only, not {hint}")
    _checked.add(event)


def _is_plain(hint: Any) -> bool:
    """Whether a field of this type holds ids, codes or dates."""
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        return all(part is type(None) or _is_plain(part) for part in typing.get_args(hint))
    if typing.get_origin(hint) is tuple:
        return all(part is Ellipsis or _is_plain(part) for part in typing.get_args(hint))
    return hint in _PLAIN


def _restored(hint: Any, value: Any) -> Any:
    """A field's value as its type wants it, JSON having turned tuples into lists and dates into text."""
    if isinstance(value, list):
        return tuple(value)
    if not isinstance(value, str):
        return value
    wanted = typing.get_args(hint) if typing.get_origin(hint) is types.UnionType else (hint,)
    kind = next((kind for kind in (datetime, date) if kind in wanted), None)
    return value if kind is None else kind.fromisoformat(value)
