"""Who changed a right of a role last: rights are rows of their own, which come and go."""

from collections.abc import Sequence
from typing import Any

from guanxi.core import records
from guanxi.core.models import Change, Role, RoleField, RolePermission
from guanxi.ui.together import Hand
from guanxi.ui.together.who import MOST_READ

# What the form calls the rows, and which two columns name one.
_PARTS: tuple[tuple[str, Any, str], ...] = (("may", RolePermission, "action"), ("sees", RoleField, "field"))


def hands(role: Role, names: Sequence[str]) -> dict[str, Hand]:
    """Whose hand it was for each of these (`may:customer:view`), as far as the journal's latest entries reach."""
    found: dict[str, Hand] = {}
    for start, model, second in _PARTS:
        if any(name.startswith(f"{start}:") for name in names):
            found |= _of_rows(role, start, model, second)
    return {name: hand for name, hand in found.items() if name in names}


def _of_rows(role: Role, start: str, model: Any, second: str) -> dict[str, Hand]:
    """The latest hand on each row of one of the two tables."""
    numbers = {row.pk: f"{start}:{row.kind}:{getattr(row, second)}" for row in model.objects.filter(role=role)}
    found: dict[str, Hand] = {}
    rows = (
        Change.objects.filter(kind=records.kind_of(model)).select_related("operation").order_by("-operation_id", "-id")
    )
    for change in rows[: MOST_READ * 5]:
        whole = change.after or change.before
        if not change.field and isinstance(whole, dict):
            name = f"{start}:{whole['kind']}:{whole[second]}" if whole.get("role_id") == role.pk else ""
        else:
            name = numbers.get(change.record_id, "")
        if name:
            found.setdefault(name, Hand(change.operation.actor_id, change.operation.actor_name, change.operation.at))
    return found
