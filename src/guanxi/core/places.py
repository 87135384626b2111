"""Whose place a deputy took when they wrote: the absent owner of the records that changed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from guanxi.core import access, records
from guanxi.core.actor import Actor

if TYPE_CHECKING:
    from guanxi.core.models import Change

MOST_ASKED = 500


def place_taken(actor: Actor, changed: dict[str, set[int]], deleted: "Iterable[Change]") -> int | None:
    """The user for whom the actor stood in with these changes, None where the records were nobody's of theirs."""
    absent = {one.user_id for one in actor.standing_in}
    for change in deleted:
        row: dict[str, Any] = change.before or {}
        if row.get("owner_id") in absent:
            return int(row["owner_id"])
    for kind, numbers in changed.items():
        model = records.model_of(kind)
        policy = access.policy_or_none(model) if model is not None else None
        if model is None or policy is None or not policy.owner:
            continue
        asked = sorted(numbers)[:MOST_ASKED]
        found = model._base_manager.filter(pk__in=asked, **{f"{policy.owner}__in": absent})
        owner = found.values_list(policy.owner, flat=True).first()
        if owner is not None:
            return int(owner)
    return None
