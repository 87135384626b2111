"""Who may see imports and mappings."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.core import access
from guanxi.core.actor import Actor
from guanxi.importing.models import Import, Mapping
from guanxi.importing.targets import targets


class ImportPolicy(access.Policy):
    """Imports are seen by those who may import (or undo imports of) the kind of record they bring."""

    kind = "import"

    def filter(self, queryset: QuerySet[Any], actor: Actor, action: str) -> QuerySet[Any]:
        """Rows of the targets this actor may use."""
        act = action if action in {"import", "undo"} else "import"
        if action == "view" and actor.scope("import", "view") == "all":
            return queryset
        keys = [target.key for target in targets if actor.scope(target.kind, act) == "all"]
        return queryset.filter(target__in=keys)


class MappingPolicy(access.Policy):
    """Everybody who imports uses shared mappings and their own; only their own are changed, or all by managers."""

    kind = "mapping"
    owned = _("one's own mappings, where one imports; shared ones to use")

    def filter(self, queryset: QuerySet[Any], actor: Actor, action: str) -> QuerySet[Any]:
        """Shared or own rows to see, own rows to change."""
        keys = [target.key for target in targets if actor.scope(target.kind, "import") == "all"]
        mine = queryset.filter(target__in=keys)
        if actor.user_id is None:
            return mine
        if action == "view":
            return mine.filter(Q(is_shared=True) | Q(owner=actor.user_id))
        return mine if actor.scope("mapping", action) == "all" else mine.filter(owner=actor.user_id)


access.register(Import, ImportPolicy())
access.register(Mapping, MappingPolicy())
