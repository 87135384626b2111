"""What happens to cases."""

from dataclasses import dataclass

from guanxi.core.events import Event


@dataclass(frozen=True)
class CaseOpened(Event):
    """A case was opened."""

    case_id: int


@dataclass(frozen=True)
class CaseChanged(Event):
    """Fields of a case changed, its state not among them."""

    case_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class CaseStateChanged(Event):
    """A case moved from one state to another."""

    case_id: int
    before: str
    after: str


@dataclass(frozen=True)
class CasesChanged(Event):
    """Many cases changed in one operation; the journal names them."""

    operation_id: int


@dataclass(frozen=True)
class PromiseBroken(Event):
    """The moment of a promise passed and it was not kept."""

    promise_id: int
    case_id: int | None
    customer_id: int | None
