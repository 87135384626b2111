"""What happens to cases."""

from dataclasses import dataclass
from datetime import datetime

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
    """A case moved from one state to another, at the moment of the operation."""

    case_id: int
    before: str
    after: str
    at: datetime | None = None


@dataclass(frozen=True)
class CasesChanged(Event):
    """Many cases changed in one operation; the journal names them."""

    operation_id: int


@dataclass(frozen=True)
class ComplaintOpened(Event):
    """A case is handled as a complaint from now on."""

    case_id: int


@dataclass(frozen=True)
class ComplaintGraded(Event):
    """A complaint got another grade."""

    case_id: int
    grade: str


@dataclass(frozen=True)
class ComplaintStepDone(Event):
    """A step of a complaint is over."""

    case_id: int
    step: str


@dataclass(frozen=True)
class ComplaintClosed(Event):
    """A complaint lacked nothing and was closed."""

    case_id: int


@dataclass(frozen=True)
class PromiseMade(Event):
    """Something was promised to a customer by a moment."""

    promise_id: int
    case_id: int | None
    customer_id: int | None


@dataclass(frozen=True)
class PromiseKept(Event):
    """A promise was kept, in time or late."""

    promise_id: int
    case_id: int | None
    customer_id: int | None
    is_late: bool


@dataclass(frozen=True)
class PromiseReleased(Event):
    """The customer released us from a promise."""

    promise_id: int
    case_id: int | None
    customer_id: int | None


@dataclass(frozen=True)
class PromiseBroken(Event):
    """The moment of a promise passed and it was not kept, or we said before that it would not be."""

    promise_id: int
    case_id: int | None
    customer_id: int | None
