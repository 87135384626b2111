"""The settings area: its left menu, filled by modules."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guanxi.core.actor import Actor
from guanxi.core.registry import Registry
from guanxi.ui.menu import Entry, Permission, is_open

GROUPS = {
    "personal": _("Personal"),
    "workspace": _("Workspace"),
    "data_model": _("Data model"),
    "channels": _("Channels"),
    "roles": _("Roles"),
    "automation": _("Automation"),
    "developers": _("Developers"),
}

entries: Registry[Entry] = Registry("settings pages")


def register(
    key: str,
    label: str | Promise,
    url_name: str,
    icon: str = "settings",
    group: str = "workspace",
    order: int = 100,
    permission: Permission = None,
) -> Entry:
    """Add a page to the settings."""
    return entries.add(key, Entry(key, label, url_name, icon, group, permission), order=order)


def nearest(pages: Iterable[Entry], path: str) -> Entry | None:
    """The page that an address is, or lies below."""
    above = [one for one in pages if path == one.url or path.startswith(f"{one.url.rstrip('/')}/")]
    return max(above, key=lambda one: len(one.url), default=None)


def groups_for(actor: Actor) -> list[tuple[str | Promise, list[Entry]]]:
    """The menu as an actor may see it, without empty groups."""
    found: list[tuple[str | Promise, list[Entry]]] = []
    for key, label in GROUPS.items():
        pages = [e for e in entries if e.section == key and is_open(e.permission, actor) and e.url]
        if pages:
            found.append((label, pages))
    return found
