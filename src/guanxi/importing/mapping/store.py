"""Finds a mapping by name: a JSON file, one saved here, or one shipped with the product."""

import json
from pathlib import Path

from django.db.models import Q

from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.core.sentences import gettext as _
from guanxi.importing.mapping.definition import MappingDefinition
from guanxi.importing.models import Mapping

SHIPPED = Path(__file__).resolve().parent.parent / "shipped"
LARGEST_FILE = 1 << 20


def shipped_mappings(target: str) -> list[MappingDefinition]:
    """The mappings that come with the product."""
    found = []
    for path in sorted(SHIPPED.glob("*.json")):
        given = json.loads(path.read_text(encoding="utf-8"))
        if given["target"] == target:
            found.append(MappingDefinition.from_json(given, name=path.stem, target=target))
    return found


def saved_mappings(target: str, actor: Actor) -> list[Mapping]:
    """The mappings saved here that this actor may use: shared ones and their own."""
    return list(Mapping.objects.visible_to(actor).filter(target=target))


def find_mapping(name_or_file: str, *, target: str, actor: Actor) -> MappingDefinition:
    """The mapping meant by a name or a file name."""
    saved = Mapping.objects.visible_to(actor).filter(Q(name=name_or_file), target=target).first()
    if saved:
        return MappingDefinition.from_json(saved.definition, name=saved.name, target=target)
    shipped = {mapping.name: mapping for mapping in shipped_mappings(target)}
    if name_or_file in shipped:
        return shipped[name_or_file]
    path = Path(name_or_file)
    if path.is_file():
        return _from_file(path, target)
    names = sorted({*shipped, *(mapping.name for mapping in saved_mappings(target, actor))})
    raise InvalidInput(
        _("There is no mapping or file “%(name)s”; there are: %(names)s.")
        % {"name": name_or_file, "names": ", ".join(names) or "—"}
    )


def _from_file(path: Path, target: str) -> MappingDefinition:
    """A mapping out of a JSON file."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ValueError
        given = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        raise InvalidInput(_("The mapping file “%(name)s” is not valid JSON.") % {"name": path.name}) from None
    return MappingDefinition.from_json(given, name=path.stem, target=target)
