"""Where modules take part in the erasure of a person, beyond the rows that their statements of personal data name.

    erasers.add("importing.updates", Eraser(_("what imports changed"), count=..., erase=...))

`erase` is called again when the work was interrupted: it takes away what is left. Who keeps words that no program can
judge (free texts that mention the person) says so by `mentions`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from guanxi.core.changes import OperationInHand
from guanxi.core.registry import Registry

SHORTEST_NAME, SHORTEST_ID = 2, 4


@dataclass(frozen=True)
class Person:
    """Whom an erasure or a pack is about: the customer, those merged into it, and the words it is known by."""

    customer_ids: tuple[int, ...]
    name: str
    # Telephone numbers, addresses, ids: texts that mean this person wherever they stand.
    identifiers: tuple[str, ...]

    @property
    def customer_id(self) -> int:
        """The customer itself."""
        return self.customer_ids[0]

    def words(self) -> tuple[str, ...]:
        """The name and the identifiers that are long enough to mean somebody."""
        names = (self.name,) if len(self.name) >= SHORTEST_NAME else ()
        return (*names, *(text for text in self.identifiers if len(text) >= SHORTEST_ID))


@dataclass(frozen=True)
class Eraser:
    """One further place: what it is called, how many rows it holds of a person, and taking them away.

    `erase(op, person)` writes what it journals into the erasure's one operation.
    """

    label: str | Promise
    count: Callable[[Person], int]
    erase: Callable[[OperationInHand, Person], int]


@dataclass(frozen=True)
class Mention:
    """One record that names the person in words and that somebody must look at."""

    what: str
    title: str
    url: str = ""
    # The label of the record's model where the title is only its number.
    label: str = ""


erasers: Registry[Eraser] = Registry("further places of personal data")
mentions: Registry[Callable[[Person], Sequence[Mention]]] = Registry("mentions of people")
