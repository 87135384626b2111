"""What a row of the matrix says: an address, what it takes to be let in, what to send.

    Page("/customers/{customer}/edit", get=may("customer", "change", "customer"), post=..., body={"name": "Anders"})

`{customer}` stands for the record of that name in `belongings.py`, which belongs to the keeper; `{customer:pk}` for its bare
number. Everybody in `rights.PEOPLE` tries the address; who is let in follows from the need and from the rights that
`rights.py` gives them, and from nothing in the product.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Need:
    """What it takes: a right to an act on a kind, on a record (whose holder the scope must reach) or for the company."""

    kind: str = ""
    action: str = ""
    of: str = ""
    # Names of people who are let in whatever their role; "*": whoever has signed in, "anybody": strangers too.
    people: frozenset[str] = frozenset()
    either: tuple["Need", ...] = ()
    both: tuple["Need", ...] = ()

    def __or__(self, other: "Need") -> "Need":
        """Either will do."""
        return Need(either=(self, other))

    def __and__(self, other: "Need") -> "Need":
        """Both are needed."""
        return Need(both=(self, other))


def may(kind: str, action: str, of: str = "") -> Need:
    """The right to an act; `of` names a record, "company" asks for a scope of all, nothing takes any scope."""
    return Need(kind, action, of)


def only(*people: str) -> Need:
    """Some people by name."""
    return Need(people=frozenset(people))


SIGNED_IN = only("*")
ANYBODY = only("anybody")
NOBODY = only()


@dataclass(frozen=True)
class Page:
    """One address of the screens."""

    address: str
    get: Need | None = None
    post: Need | None = None
    body: Mapping[str, Any] = field(default_factory=dict)
    # What a stranger gets: the sign-in page, unless the page is for programs.
    stranger: str = "sign-in"
    # The POST of `prover` with this body writes something (proof that the body is a real one).
    changes: bool = True
    prover: str = "owner"
    # Its POST shows in full what the role sees masked, with a reason; and who is kept out by what they do not see.
    reveals: bool = False
    hides: tuple[str, ...] = ()
    # Answers that say "let in" although there was nothing to show.
    also: tuple[int, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    # Why it is in no need of trying, for addresses that other tests walk.
    untried: str = ""
    # A file to send along, by field: (name, content).
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)


@dataclass(frozen=True)
class Operation:
    """One operation of the API."""

    method: str
    address: str
    need: Need
    body: Any = None
    changes: bool = True
    # Answers that say "let in" although nothing was done, such as 412 or 428.
    also: tuple[int, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    is_public: bool = False


def is_named(name: str, text: str) -> bool:
    """Whether a text leaves a place for the record of this name, or for its number."""
    return f"{{{name}}}" in text or f"{{{name}:" in text


HERE = Path(__file__).parent / "modules"


def _rows(name: str) -> list[Any]:
    """The rows that the files of the modules list under a name."""
    found: list[Any] = []
    for path in sorted(HERE.glob("*.py")):
        if path.stem != "__init__":
            rows: Sequence[Any] = getattr(import_module(f"tests.matrix.modules.{path.stem}"), name, ())
            found += rows
    return found


def pages() -> list[Page]:
    """All addresses."""
    return _rows("PAGES")


def operations() -> list[Operation]:
    """All operations."""
    return _rows("OPERATIONS")
