"""Mappings that are kept: saved, shared, renamed, removed."""

from django.utils.translation import gettext as _

from guanxi.core import changes, clock
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, InvalidInput, NotFound
from guanxi.importing.mapping import MappingDefinition, shipped_mappings
from guanxi.importing.models import Mapping

NAME_LENGTH = 60


def check_name(name: str, target: str) -> str:
    """A usable name that no shipped mapping has."""
    text = " ".join(name.split())
    if not text or len(text) > NAME_LENGTH or not text.isprintable():
        raise InvalidInput(_("A name has 1 to %(limit)d characters.") % {"limit": NAME_LENGTH}, column="name")
    if text in {mapping.name for mapping in shipped_mappings(target)}:
        raise Conflict(_("“%(name)s” is the name of a mapping that comes with Guanxi.") % {"name": text}, column="name")
    return text


def save_mapping(*, actor: Actor, definition: MappingDefinition, is_shared: bool) -> Mapping:
    """Save a mapping under its name; one's own of that name is replaced, somebody else's is not."""
    name = check_name(definition.name, definition.target)
    now = clock.now()
    with changes.operation(actor=actor, name="importing.save_mapping") as operation:
        standing = Mapping.objects.select_for_update().filter(name=name).first()
        if standing is None:
            made: Mapping = operation.create(
                Mapping(
                    name=name,
                    target=definition.target,
                    definition=definition.as_json(),
                    is_shared=is_shared,
                    owner_id=actor.user_id,
                    created_at=now,
                    updated_at=now,
                )
            )
            return made
        if not Mapping.objects.visible_to(actor, "change").filter(pk=standing.pk).exists():
            raise Conflict(_("A mapping called “%(name)s” is there already.") % {"name": name}, column="name")
        operation.update(
            standing, target=definition.target, definition=definition.as_json(), is_shared=is_shared, updated_at=now
        )
        return standing


def change_mapping(*, actor: Actor, mapping_id: int, name: str, is_shared: bool) -> Mapping:
    """Rename a mapping or share it."""
    mapping = _own(actor, mapping_id)
    text = check_name(name, mapping.target)
    if Mapping.objects.filter(name=text).exclude(pk=mapping.pk).exists():
        raise Conflict(_("A mapping called “%(name)s” is there already.") % {"name": text}, column="name")
    with changes.operation(actor=actor, name="importing.change_mapping") as operation:
        operation.update(mapping, name=text, is_shared=is_shared, updated_at=clock.now())
    return mapping


def remove_mapping(*, actor: Actor, mapping_id: int) -> int:
    """Remove a mapping; the number of the operation, for undo."""
    mapping = _own(actor, mapping_id)
    with changes.operation(actor=actor, name="importing.remove_mapping") as operation:
        operation.delete(mapping)
    return operation.id


def _own(actor: Actor, mapping_id: int) -> Mapping:
    """A mapping that the actor may change."""
    mapping = Mapping.objects.visible_to(actor, "change").filter(pk=mapping_id).first()
    if mapping is None:
        raise NotFound(_("There is no such mapping, or it is not yours to change."))
    return mapping
