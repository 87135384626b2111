"""The sidebar: entries that modules register, shown to those who may use them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.core.actor import Actor
from guanxi.core.registry import Registry

SECTIONS = {
    "work": _("Work"),
    "service": pgettext_lazy("menu", "Service"),
    "trade": _("Customers and trade"),
    "insight": _("Insight"),
    "settings": _("Administration"),
}
Permission = tuple[str, str] | None


@dataclass(frozen=True)
class Entry:
    """One entry of a menu."""

    key: str
    label: str | Promise
    url_name: str
    icon: str = "circle"
    section: str = "work"
    permission: Permission = None
    shortcut: str = ""
    badge: Callable[[HttpRequest], str] | None = None
    pages: frozenset[str] = frozenset()

    @property
    def url(self) -> str:
        """The address, '' while nothing answers there."""
        return _address(self.url_name, get_urlconf() or settings.ROOT_URLCONF)


@cache
def _address(url_name: str, urlconf: str) -> str:
    """The address of that name, '' while nothing answers there; every page asks for those of the whole menu."""
    try:
        return reverse(url_name, urlconf=urlconf)
    except NoReverseMatch:
        return ""


entries: Registry[Entry] = Registry("menu entries")


def register(
    key: str,
    label: str | Promise,
    url_name: str,
    icon: str = "circle",
    section: str = "work",
    order: int = 100,
    permission: Permission = None,
    shortcut: str = "",
    badge: Callable[[HttpRequest], str] | None = None,
    pages: Iterable[str] = (),
) -> Entry:
    """Add an entry to the sidebar; `pages` names those that belong to it although their address lies elsewhere."""
    entry = Entry(key, label, url_name, icon, section, permission, shortcut, badge, frozenset(pages))
    return entries.add(key, entry, order=order)


def is_open(permission: Permission, actor: Actor) -> bool:
    """Whether a permission is held, or none is asked for."""
    return permission is None or actor.scope(*permission) is not None


def visible(actor: Actor) -> list[Entry]:
    """The entries that an actor may use, in order."""
    return [entry for entry in entries if is_open(entry.permission, actor) and entry.url]
