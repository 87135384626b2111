"""Cards on a record's page that modules register for a kind of record."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise

from guanxi.core.actor import Actor
from guanxi.core.registry import Registry
from guanxi.ui.menu import Permission, is_open


@dataclass(frozen=True)
class Panel:
    """One card; `render(request, record_id)` gives safe HTML. A wide one stands in the middle, the others at the side."""

    key: str
    label: str | Promise
    render: Callable[[HttpRequest, int], str]
    order: int = 100
    icon: str = "square"
    count: Callable[[Actor, int], int | None] | None = None
    add_url: Callable[[int], str] | None = None
    all_url: Callable[[int], str] | None = None
    permission: Permission = None
    add_permission: Permission = None
    live_topic: Callable[[int], str] | None = None
    is_eager: bool = False
    is_wide: bool = False


_kinds: dict[str, Registry[Panel]] = {}


def register(kind: str, panel: Panel) -> Panel:
    """Add a card to the page of a kind of record."""
    registry = _kinds.setdefault(kind, Registry(f"panels of {kind}"))
    return registry.add(panel.key, panel, order=panel.order)


def panels_for(kind: str, actor: Actor) -> list[Panel]:
    """The cards that an actor may see."""
    return [panel for panel in _kinds.get(kind, ()) if is_open(panel.permission, actor)]


def find(kind: str, key: str, actor: Actor) -> Panel | None:
    """One card, if the actor may see it."""
    return next((panel for panel in panels_for(kind, actor) if panel.key == key), None)
