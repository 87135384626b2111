"""What happens to approvals, told to whoever asked for them."""

from dataclasses import dataclass

from guanxi.core.events import Event


@dataclass(frozen=True)
class ApprovalAsked(Event):
    """Somebody asked for an approval that others must decide."""

    approval_id: int
    sort: str
    record_kind: str
    record_id: int


@dataclass(frozen=True)
class ApprovalDecided(Event):
    """An approval came to its end: `state` is approved, refused, withdrawn or lapsed."""

    approval_id: int
    sort: str
    record_kind: str
    record_id: int
    state: str
