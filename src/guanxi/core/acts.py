"""Acts of modules' own that a role may be given besides viewing, changing and the like, and what they are called."""

from dataclasses import dataclass

from django.utils.functional import Promise

from guanxi.core.registry import Registry


@dataclass(frozen=True)
class OwnAct:
    """One act on one kind of record, with its word as it stands after the kind: `customers: merge`."""

    kind: str
    action: str
    label: Promise | str


acts: Registry[OwnAct] = Registry("acts of their own")


def register(kind: str, action: str, label: Promise | str) -> OwnAct:
    """Offer an act on the page of roles."""
    return acts.add(f"{kind}.{action}", OwnAct(kind, action, label))
