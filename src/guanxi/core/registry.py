"""A registry: owned by a lower floor, filled by higher ones."""

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Items by key, in order; a key taken twice is a mistake of ours."""

    def __init__(self, name: str) -> None:
        """Name it, for the error."""
        self.name = name
        self._items: dict[str, tuple[int, T]] = {}

    def add(self, key: str, item: T, *, order: int = 100) -> T:
        """Register an item."""
        if key in self._items and self._items[key][1] is not item:
            raise RuntimeError(f"{self.name}: {key!r} is registered twice")
        self._items[key] = (order, item)
        return item

    def get(self, key: str) -> T | None:
        """The item, or None."""
        found = self._items.get(key)
        return found[1] if found else None

    def __getitem__(self, key: str) -> T:
        """The item, or KeyError."""
        return self._items[key][1]

    def __contains__(self, key: object) -> bool:
        """Whether the key is taken."""
        return key in self._items

    def keys(self) -> list[str]:
        """The keys in order."""
        return [key for key, _item in sorted(self._items.items(), key=lambda pair: pair[1][0])]

    def items(self) -> list[tuple[str, T]]:
        """Keys with their items, in order."""
        return [(key, self._items[key][1]) for key in self.keys()]

    def __iter__(self) -> Iterator[T]:
        """The items in order."""
        return (self._items[key][1] for key in self.keys())

    def __len__(self) -> int:
        """How many."""
        return len(self._items)
