"""Which changes a reader may see: all for those who hold the whole history, else those of records they may see."""

from collections.abc import Sequence
from typing import Any

from guanxi.core import access, masking, records
from guanxi.core.actor import Actor
from guanxi.core.models import Change
from guanxi.ui.history.telling import about, every_row, is_secret
from guanxi.ui.history.words import Withheld, words_of

KIND = "history"


def sees_all(actor: Actor) -> bool:
    """Whether the actor holds the whole history."""
    return actor.scope(KIND, "view") == "all"


def visible(actor: Actor, changes: Sequence[Change]) -> list[Change]:
    """The changes, of these, that the actor may see."""
    if sees_all(actor):
        return list(changes)
    wanted: dict[str, set[int]] = {}
    for change in changes:
        kind, number = about(change)
        wanted.setdefault(kind, set()).add(number)
    open_to = {kind: may_see(actor, kind, numbers) for kind, numbers in wanted.items()}
    return [change for change in changes if about(change)[1] in open_to[about(change)[0]]]


def may_see(actor: Actor, kind: str, numbers: set[int]) -> set[int]:
    """The records of a kind, of these, that the actor may see."""
    own = {number for number in numbers if kind == "user" and number == actor.user_id}
    model = records.model_of(kind)
    policy = access.policy_or_none(model) if model is not None else None
    if model is None or policy is None or own == numbers:
        return own
    rows = policy.filter(every_row(model).filter(pk__in=numbers), actor, "view")
    return own | set(rows.values_list("pk", flat=True))


def plain_values(actor: Actor, change: Change, withheld: Withheld) -> tuple[Any, Any]:
    """Before and after for programs and files: as the journal has them, as far as the actor may see.

    `withheld` is what `words.withheld_among` says of these changes.
    """
    kept_back = withheld.get((change.kind, change.record_id), frozenset())
    return _plain(actor, change, change.before, kept_back), _plain(actor, change, change.after, kept_back)


def _plain(actor: Actor, change: Change, value: Any, kept_back: frozenset[str]) -> Any:
    """One of the two."""
    words = words_of(change.kind)
    if words.is_secret or is_secret(change.field) or value is None or change.field in kept_back:
        return None
    if change.act in {"create", "delete"} and isinstance(value, dict):
        row = masking.shown_row(actor, change.kind, value, words.sort(value))
        return {
            name: masking.masked(change.kind, name, item) if name in words.always_masked and item else item
            for name, item in row.items()
            if not is_secret(name) and name not in kept_back
        }
    if change.field in words.always_masked:
        return masking.masked(change.kind, change.field, value)
    return masking.shown(actor, change.kind, change.field, value)
