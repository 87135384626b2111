"""Who may read a stored file."""

from typing import Any

from django.db.models import Q, QuerySet

from guanxi.core import access, records
from guanxi.core.actor import Actor
from guanxi.files.models import StoredFile


class StoredFilePolicy(access.Policy):
    """Whoever sees the record sees its files; a file without a record is its uploader's, and those who see all files."""

    kind = "file"

    def filter(self, queryset: QuerySet[Any], actor: Actor, action: str) -> QuerySet[Any]:
        """Rows stored by the actor, or all for a scope of all; records are checked one by one in `may_read`."""
        if actor.scope(self.kind, action) == "all":
            return queryset
        return queryset.filter(Q(by_id=actor.user_id) | Q(record_id__isnull=False))


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
