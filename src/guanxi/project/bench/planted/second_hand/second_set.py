"""The second planted set: what is made, thinned out and shuffled."""

import re
import unicodedata
from itertools import combinations

from guanxi.project.bench.planted.people import Entity
from guanxi.project.bench.planted.planted_set import PlantedSet
from guanxi.project.bench.planted.second_hand.duplicates import DUPLICATES, WAYS
from guanxi.project.bench.planted.second_hand.lookalikes import LOOKALIKES
from guanxi.project.bench.planted.second_hand.people import Maker


def make(
    seed: int, *, customers: int = 20_000, duplicates: int = 2_000, lookalikes: int = 1_500, missing: float = 0.2
) -> PlantedSet:
    """Plant a set; the same seed gives the same one."""
    maker = Maker(seed, is_large=customers > 50_000)
    groups: list[tuple[str, list[Entity]]] = []
    for number in range(duplicates):
        kind = list(DUPLICATES)[number % len(DUPLICATES)]
        groups.append((kind, list(_pair(maker, kind, missing))))
    for number in range(lookalikes):
        kind = list(LOOKALIKES)[number % len(LOOKALIKES)]
        groups.append((kind, [_thinned(maker, one, missing) for one in LOOKALIKES[kind](maker)]))
    planted = sum(len(group) for _kind, group in groups)
    groups += [("", [maker.anybody()]) for _one in range(customers - planted)]
    rows = [(place, one) for place, (_kind, group) in enumerate(groups) for one in group]
    maker.lot.shuffle(rows)
    made = PlantedSet({f"S{number:06d}": one for number, (_place, one) in enumerate(rows)})
    keys: dict[int, list[str]] = {}
    for number, (place, _one) in enumerate(rows):
        keys.setdefault(place, []).append(f"S{number:06d}")
    for place, (kind, group) in enumerate(groups):
        if len(group) > 1:
            known = made.truth if kind in DUPLICATES else made.lookalikes
            known.update(dict.fromkeys(combinations(keys[place], 2), kind))
    return made


def _pair(maker: Maker, kind: str, missing: float) -> tuple[Entity, Entity]:
    """A customer and the same once more."""
    twin, whom, regions = DUPLICATES[kind]
    region = maker.pick(regions)
    first = maker.person(region) if maker.pick(whom) == "p" else maker.firm(region)
    if region != "west" and first.tax_id and maker.chance(0.4):
        first = first.but(tax_id="")
    made = twin(maker, first)
    one, other = made if isinstance(made, tuple) else (first, made)
    # A field goes on one side only where enough is left that both have.
    for way in WAYS:
        shared = [name for name in WAYS if _agree(one, other, name)]
        if maker.chance(missing) and len([name for name in shared if name != way]) >= min(2, len(shared) or 1):
            one = one.but(**{way: ""})
    return (one, other) if maker.chance(0.5) else (other, one)


def _agree(one: Entity, other: Entity, way: str) -> bool:
    """Whether a field says the same on both, whoever wrote it."""
    mine, yours = (unicodedata.normalize("NFKC", getattr(of, way)).strip().lower() for of in (one, other))
    if way in {"phone", "address"}:
        mine, yours = (re.sub(r"\D", "", text) for text in (mine, yours))
        return bool(mine) and (mine[-6:] == yours[-6:] or mine[:10] == yours[:10])
    return bool(mine) and mine == yours


def _thinned(maker: Maker, one: Entity, missing: float) -> Entity:
    """With some fields empty; the number of the state more often."""
    empty = [way for way in WAYS if maker.chance(missing * (1.5 if way == "tax_id" else 0.6))]
    return maker.without(one, empty)
