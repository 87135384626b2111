"""What happens to customers, told to whoever must react."""

from dataclasses import dataclass

from guanxi.core.events import Event


@dataclass(frozen=True)
class CustomerCreated(Event):
    """A customer was entered by hand or through the API."""

    customer_id: int


@dataclass(frozen=True)
class CustomerChanged(Event):
    """Fields of a customer changed."""

    customer_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class CustomersChanged(Event):
    """Many customers changed in one operation; the journal names them."""

    operation_id: int


@dataclass(frozen=True)
class CustomersMerged(Event):
    """A customer absorbed others that turned out to be the same."""

    survivor_id: int
    absorbed_ids: tuple[int, ...]


@dataclass(frozen=True)
class CustomersUnmerged(Event):
    """A merge was taken back: both customers stand for themselves again."""

    survivor_id: int
    absorbed_id: int


@dataclass(frozen=True)
class StandingsRecorded(Event):
    """Standings were measured anew; movements carry this run."""

    run: int


@dataclass(frozen=True)
class ConsentRecorded(Event):
    """A customer gave, refused or withdrew consent for a purpose."""

    customer_id: int
    purpose: str
    state: str


@dataclass(frozen=True)
class CustomerErased(Event):
    """A person was erased; an empty record stays."""

    customer_id: int
