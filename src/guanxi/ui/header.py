"""Signs at the top right of every page that modules register; each page fetches them once it stands.

    header.register("presence", "routing:sign", order=10, permission=("work_item", "change"))

The address answers with the sign, or with nothing where there is none for whoever asks.
"""

from dataclasses import dataclass

from django.urls import reverse

from guanxi.core.actor import Actor
from guanxi.core.registry import Registry
from guanxi.ui.menu import Permission, is_open


@dataclass(frozen=True)
class Part:
    """One sign, by the name of the address that draws it."""

    key: str
    url_name: str
    permission: Permission = None

    @property
    def url(self) -> str:
        """Where it is fetched."""
        return reverse(self.url_name)


parts: Registry[Part] = Registry("signs at the top of pages")


def register(key: str, url_name: str, *, order: int = 100, permission: Permission = None) -> Part:
    """Add a sign."""
    return parts.add(key, Part(key, url_name, permission), order=order)


def visible(actor: Actor) -> list[Part]:
    """The signs that an actor may ask for; none while somebody looks with the rights of another."""
    return [part for part in parts if actor.private_id is not None and is_open(part.permission, actor)]
