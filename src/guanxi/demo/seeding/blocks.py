"""A seed cut into blocks: each can be made anew at any time, in any process, from a few numbers."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guanxi.demo.seeding.loading import Circumstances
from guanxi.demo.seeding.people import People, choose_persons, make_people
from guanxi.demo.seeding.trade import Catalogue, Trade, make_catalogue, make_trade

KINDS, PEOPLE, TRADE, KEYS = range(4)


@dataclass(frozen=True)
class Plan:
    """Everything that decides what a seed makes."""

    seed: int
    customers: int
    each: int
    block: int
    first_id: int
    around: Circumstances

    def spans(self) -> Iterator[tuple[int, int]]:
        """Yield (place of its first customer, how many) of each block."""
        for start in range(0, self.customers, self.block):
            yield start, min(self.block, self.customers - start)

    def chance(self, start: int, part: int) -> np.random.Generator:
        """Return the chances of one part of one block, the same each time."""
        return np.random.default_rng((self.seed, start, part))

    def ids(self, start: int, count: int) -> NDArray[np.int64]:
        """Return the ids of a block's customers."""
        return np.arange(self.first_id + start, self.first_id + start + count, dtype=np.int64)

    def catalogue(self) -> Catalogue:
        """Return the products."""
        return make_catalogue(np.random.default_rng(self.seed))

    def _persons(self, start: int, count: int) -> NDArray[np.bool_]:
        """Return which customers of a block are persons."""
        return choose_persons(self.chance(start, KINDS), count)

    def people(self, start: int, count: int) -> People:
        """Return the customers of a block."""
        return make_people(self.chance(start, PEOPLE), start + 1, self._persons(start, count))

    def trade(self, start: int, count: int, catalogue: Catalogue) -> Trade:
        """Return what the customers of a block bought."""
        companies = ~self._persons(start, count)
        return make_trade(self.chance(start, TRADE), catalogue, companies, self.each, self.around.zone)
