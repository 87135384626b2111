"""What pages ask about mappings."""

from collections.abc import Sequence

from guanxi.core.actor import Actor
from guanxi.importing.models import Mapping


def open_mappings(actor: Actor) -> Sequence[Mapping]:
    """The mappings that an actor may use, by name."""
    return list(Mapping.objects.visible_to(actor).select_related("owner"))


def own_mapping_ids(actor: Actor) -> set[int]:
    """The mappings that an actor may change."""
    return set(Mapping.objects.visible_to(actor, "change").values_list("pk", flat=True))


def mapping_with(actor: Actor, mapping_id: int, action: str = "view") -> Mapping:
    """One mapping, or NotFound when it is missing or not for this actor."""
    mapping: Mapping = Mapping.objects.get_visible(actor, action, pk=mapping_id)
    return mapping
