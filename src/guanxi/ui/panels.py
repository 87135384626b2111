"""Cards on a record's page that modules register for a kind of record."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise

from guanxi.core.actor import Actor
from guanxi.core.errors import NotFound
from guanxi.core.registry import Registry
from guanxi.ui.html import safe
from guanxi.ui.menu import Permission, is_open

logger = logging.getLogger("guanxi.panels")


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


@dataclass(frozen=True)
class Card:
    """The body of a card as it is drawn; `has_failed` where that was not possible."""

    panel: Panel
    body: str = ""
    count: int | None = None
    has_failed: bool = False


def drawn(panel: Panel, request: HttpRequest, record_id: int) -> Card:
    """One card among others, which stand also when this one fails; NotFound where the record is gone."""
    actor = request.actor  # type: ignore[attr-defined]
    try:
        count = panel.count(actor, record_id) if panel.count else None
        return Card(panel, safe(panel.render(request, record_id)), count)
    except NotFound:
        raise
    except Exception:  # whatever a module's card does
        logger.exception("The card %s of %s %s failed", panel.key, request.path, record_id)
        return Card(panel, has_failed=True)
