"""What modules above may use of people."""

from guanxi.core.actor import Actor
from guanxi.people import queries
from guanxi.people.queries import department_choices
from guanxi.people.services import create_user, set_password
from guanxi.people.signing_in.confirming import confirmed_recently, confirmed_to_write

__all__ = [
    "confirmed_recently",
    "confirmed_to_write",
    "create_user",
    "department_choices",
    "people_choices",
    "set_password",
]


def people_choices(actor: Actor, text: str = "") -> list[tuple[int, str]]:
    """Active users to choose an owner from, `(id, name)`."""
    return queries.active_people(text)
