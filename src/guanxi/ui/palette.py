"""The command palette: where to go, what to do, what to find."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from guanxi.core.actor import Actor
from guanxi.core.registry import Registry
from guanxi.ui import menu, settings_area
from guanxi.ui.menu import Permission, is_open


@dataclass(frozen=True)
class Hit:
    """One record found."""

    title: str
    url: str
    kind: str | Promise = ""
    subtitle: str = ""
    icon: str = "file"


@dataclass(frozen=True)
class Command:
    """One act that the palette offers: an address to open or an event of the page."""

    key: str
    label: str | Promise
    url_name: str = ""
    event: str = ""
    icon: str = "zap"
    shortcut: str = ""
    permission: Permission = None


Search = Callable[[Actor, str, int], Iterable[Hit]]

commands: Registry[Command] = Registry("palette commands")
searches: Registry[Search] = Registry("palette searches")
_results: dict[str, str] = {}


def register_action(
    key: str,
    label: str | Promise,
    url_name: str = "",
    *,
    event: str = "",
    icon: str = "zap",
    shortcut: str = "",
    order: int = 100,
    permission: Permission = None,
) -> Command:
    """Offer an act in the palette; a single-key shortcut works on every page."""
    return commands.add(key, Command(key, label, url_name, event, icon, shortcut, permission), order=order)


def register_search(key: str, search: Search, *, order: int = 100, results_url_name: str = "") -> Search:
    """Let the palette find records as one types; `results_url_name` is the page with all results (`?q=`)."""
    if results_url_name:
        _results["url_name"] = results_url_name
    return searches.add(key, search, order=order)


def results_url() -> str:
    """The page that lists everything found, '' when no module brings one."""
    return _reverse(_results.get("url_name", ""))


def _reverse(name: str) -> str:
    """An address, '' while nothing answers there."""
    try:
        return reverse(name) if name else ""
    except NoReverseMatch:
        return ""


def items_for(actor: Actor) -> list[dict[str, Any]]:
    """Everything fixed that the palette offers an actor: pages, settings, acts."""
    found = [_item("go", e.key, e.label, e.url, e.icon, e.shortcut) for e in menu.visible(actor)]
    for _label, entries in settings_area.groups_for(actor):
        found += [_item("settings", e.key, e.label, e.url, e.icon, "") for e in entries]
    for command in commands:
        if is_open(command.permission, actor):
            item = _item("act", command.key, command.label, _reverse(command.url_name), command.icon, command.shortcut)
            found.append({**item, "event": command.event})
    return [item for item in found if item["url"] or item.get("event")]


def _item(group: str, key: str, label: str | Promise, url: str, icon: str, shortcut: str) -> dict[str, Any]:
    """One line of the palette as the page takes it."""
    return {"group": group, "key": key, "label": str(label), "url": url, "icon": icon, "shortcut": shortcut}


def find(actor: Actor, text: str, limit: int = 8) -> list[Hit]:
    """What all searches find."""
    found: list[Hit] = []
    for search in searches:
        found.extend(search(actor, text, limit))
    return found
