"""A set of customers in which it is known who is whom; its file, its truth, and how well a list of pairs does on it."""

import csv
import math
import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from guanxi.core.errors import InvalidInput
from guanxi.customers import identifiers
from guanxi.customers.duplicates.records import Record
from guanxi.project.bench.planted.duplicates import DUPLICATES, LOOKALIKES
from guanxi.project.bench.planted.people import Entity, World

COLUMNS = ("customer_id", "kind", "name", "phone", "email", "tax_id", "address", "city")


@dataclass
class PlantedSet:
    """Customers by their ids; the pairs that are one, with the kind of each; the pairs that only look alike."""

    customers: dict[str, Entity] = field(default_factory=dict)
    truth: dict[tuple[str, str], str] = field(default_factory=dict)
    lookalikes: dict[tuple[str, str], str] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write the customers as a file that can be imported."""
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            for key, one in self.customers.items():
                writer.writerow([key, one.kind, one.name, one.phone, one.email, one.tax_id, one.address, one.city])

    def records(self) -> list[Record]:
        """The customers as the engine reads them; the place in the list is the id."""
        return [_record(number, one) for number, one in enumerate(self.customers.values())]


def _record(number: int, one: Entity) -> Record:
    """One customer as an import would store it."""
    return Record(
        number, one.kind, one.name, one.tax_id.upper(), one.city,
        phones=_told(identifiers.phone_as_told, one.phone), emails=_told(identifiers.normalise_email, one.email), addresses=(one.address,) if one.address else (),
    )  # fmt: skip


def _told(read: Callable[[str], str], value: str) -> tuple[str, ...]:
    """A contact point as an import keeps it; nothing where it cannot."""
    try:
        return (read(value),) if value.strip() else ()
    except InvalidInput:
        return ()


def make(
    seed: int,
    *,
    customers: int = 20_000,
    duplicates: int = 2_000,
    lookalikes: int = 1_500,
    names: Path | None = None,
    missing: float = 0.2,
) -> PlantedSet:
    """Plant a set; the same seed gives the same one."""
    world = World(seed, names=names, missing=missing)
    rows: list[tuple[Entity, int, str]] = []  # whom, which one they really are, kind
    pairs: list[tuple[int, int, str]] = []
    alike: list[tuple[int, int, str]] = []
    makers: dict[str, Callable[[], Entity]] = {
        "person": world.person,
        "firm": world.firm,
        "foreigner": world.foreigner,
        "company": world.company,
    }
    for number in range(duplicates):
        kind = list(DUPLICATES)[number % len(DUPLICATES)]
        twin, sources, needs = DUPLICATES[kind]
        first = makers[world.pick(sources)]()
        second = twin(world, first)
        rest = {
            name
            for name in ("phone", "email", "tax_id", "address")
            if name not in needs and world.lot.random() < missing
        }
        rows += [(first.but(**dict.fromkeys(rest, "")), len(rows), kind), (second, len(rows), kind)]
        pairs.append((len(rows) - 2, len(rows) - 1, kind))
    count = 0
    while count < lookalikes:
        kind = list(LOOKALIKES)[count % len(LOOKALIKES)]
        group = LOOKALIKES[kind](world)
        places = range(len(rows), len(rows) + len(group))
        rows += [(one, place, kind) for one, place in zip(group, places, strict=True)]
        alike += [(one, other, kind) for one, other in combinations(places, 2)]
        count += 1
    rows += [(world.somebody(), place, "") for place in range(len(rows), customers)]
    return _shuffled(rows, pairs, alike, world.lot)


def _shuffled(
    rows: list[tuple[Entity, int, str]],
    pairs: Iterable[tuple[int, int, str]],
    alike: Iterable[tuple[int, int, str]],
    lot: random.Random,
) -> PlantedSet:
    """Put the rows in an order that gives nothing away."""
    order = list(range(len(rows)))
    lot.shuffle(order)
    key_of = {place: f"K{position:06d}" for position, place in enumerate(order)}
    made = PlantedSet({key_of[place]: rows[place][0] for place in order})
    made.truth = {_sorted(key_of[a], key_of[b]): kind for a, b, kind in pairs}
    made.lookalikes = {_sorted(key_of[a], key_of[b]): kind for a, b, kind in alike}
    return made


def _sorted(one: str, other: str) -> tuple[str, str]:
    """A pair in its order."""
    return (one, other) if one < other else (other, one)


@dataclass(frozen=True)
class Quality:
    """How well pairs were found: over all, per kind of duplicate found, per kind of lookalike taken for one."""

    found: int
    right: int
    planted: int
    per_kind: dict[str, tuple[int, int]]
    mistaken: dict[str, int]

    @property
    def recall(self) -> float:
        """The share of the planted pairs that were found."""
        return self.right / self.planted

    @property
    def precision(self) -> float:
        """The share of the found pairs that were planted."""
        return self.right / self.found if self.found else 1.0

    def told(self) -> str:
        """Recall and precision, each with the bounds between which it lies with 95 %."""
        recall, precision = interval(self.right, self.planted), interval(self.right, self.found)
        return (
            f"recall {self.recall:.4f} ({recall[0]:.4f} to {recall[1]:.4f}), "
            f"precision {self.precision:.4f} ({precision[0]:.4f} to {precision[1]:.4f})"
        )


def interval(hits: int, of: int, *, z: float = 1.96) -> tuple[float, float]:
    """Wilson's interval (1927) of a share; 0 to 1 where nothing was tried."""
    if not of:
        return 0.0, 1.0
    share, room = hits / of, z * z / of
    middle, half = share + room / 2, z * math.sqrt((share * (1 - share) + room / 4) / of)
    return max(0.0, (middle - half) / (1 + room)), min(1.0, (middle + half) / (1 + room))


def quality(of: PlantedSet, pairs: Iterable[tuple[str, str]]) -> Quality:
    """Compare found pairs with the truth."""
    found = {_sorted(*pair) for pair in pairs}
    hit = Counter(of.truth[pair] for pair in found if pair in of.truth)
    planted = Counter(of.truth.values())
    wrong = Counter(of.lookalikes.get(pair, "others") for pair in found if pair not in of.truth)
    return Quality(
        len(found),
        sum(hit.values()),
        len(of.truth),
        {kind: (hit[kind], planted[kind]) for kind in planted},
        dict(wrong),
    )
