"""What happens while a large base is made."""

from dataclasses import dataclass

from guanxi.core.events import Event


@dataclass(frozen=True)
class CustomersSeeded(Event):
    """One block of invented customers was written, with orders; the ids follow one another."""

    operation_id: int
    first_customer_id: int
    last_customer_id: int
