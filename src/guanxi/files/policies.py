"""Who may read a stored file."""

from typing import Any

from django.db.models import Q, QuerySet

from guanxi.core import access, records
from guanxi.core.actor import Actor
from guanxi.core.registry import Registry
from guanxi.files.models import StoredFile

# Kinds of records that files belong to, each registered by the module that stores them.
file_holders: Registry[str] = Registry("kinds of records that hold files")


class StoredFilePolicy(access.Policy):
    """Whoever sees the record sees its files; a file without a record is its uploader's, and those who see all files."""

    kind = "file"

    def filter(self, queryset: QuerySet[Any], actor: Actor, action: str) -> QuerySet[Any]:
        """Rows stored by the actor and those of records that the actor sees, or all for a scope of all."""
        if actor.scope(self.kind, action) == "all":
            return queryset
        mine = Q(by_id=actor.user_id) if actor.user_id is not None else Q(pk__in=[])
        for kind in file_holders:
            model = records.model_of(kind)
            if model is not None:
                rows = access.policy_of(model).filter(model._default_manager.all(), actor, "view")
                mine |= Q(record_kind=kind, record_id__in=rows.values("pk"))
        return queryset.filter(mine)


def may_read(actor: Actor, stored: StoredFile) -> bool:
    """Whether the actor may see the record that the file belongs to."""
    if stored.record_id is None:
        return True
    model = records.model_of(stored.record_kind)
    if model is None:
        return False
    manager = model._default_manager
    return bool(access.policy_of(model).filter(manager.filter(pk=stored.record_id), actor, "view").exists())


access.register(StoredFile, StoredFilePolicy())
