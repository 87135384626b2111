"""What goes along with events and jobs from whoever caused them to whoever hears or does them, and which event is being heard.

`with passing("rules", [3, 7]): publish(...)`: every event published and every job enqueued meanwhile carries it; while a
handler or a job runs, `passed("rules")` gives it, and what these publish and enqueue carries it on. Codes and ids only.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_passed: ContextVar[Mapping[str, Any] | None] = ContextVar("passed", default=None)
_heard: ContextVar[int | None] = ContextVar("heard", default=None)


def passed(key: str, default: Any = None) -> Any:
    """What goes along under a key."""
    return (_passed.get() or {}).get(key, default)


def everything_passed() -> dict[str, Any] | None:
    """All that goes along, None for nothing."""
    return dict(_passed.get() or {}) or None


def heard_event_id() -> int | None:
    """The number of the event whose handler runs, None outside of handlers."""
    return _heard.get()


@contextmanager
def passing(key: str, value: Any) -> Iterator[None]:
    """Let this go along with every event that is published, and every job that is enqueued, meanwhile."""
    token = _passed.set({**(_passed.get() or {}), key: value})
    try:
        yield
    finally:
        _passed.reset(token)


@contextmanager
def carrying(values: Mapping[str, Any] | None) -> Iterator[None]:
    """While something runs that was caused earlier: all that came along with it, and nothing else."""
    token = _passed.set(values)
    try:
        yield
    finally:
        _passed.reset(token)


@contextmanager
def hearing(event_id: int, values: Mapping[str, Any] | None) -> Iterator[None]:
    """While the handler of an event runs: its number, and what came along with it."""
    token = _heard.set(event_id)
    try:
        with carrying(values):
            yield
    finally:
        _heard.reset(token)
