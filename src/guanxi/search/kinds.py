"""What can be found: kinds of record, filled in by the modules that own them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from guanxi.core.registry import Registry

OTHER_RANK = 4


@dataclass(frozen=True)
class Entry:
    """What one record is found by and how it shows among hits."""

    record_id: int
    title: str
    subtitle: str = ""
    spoken: Sequence[str] = ()
    names: Sequence[str] = ()
    words: Sequence[str] = ()
    phones: Sequence[str] = ()
    exact: Sequence[str] = ()
    owner_id: int | None = None
    department_id: int | None = None
    rank: int = OTHER_RANK


@dataclass(frozen=True)
class SearchKind:
    """One kind of record: its label, where hits lead, and how its entries are read."""

    key: str
    label: Promise | str
    icon: str
    entries: Callable[[list[int]], Iterable[Entry]]
    ids: Callable[[int, int], list[int]]
    url: Callable[[int], str]
    permission: str = ""

    @property
    def policy_kind(self) -> str:
        """The kind whose view permission decides who finds these records."""
        return self.permission or self.key


kinds: Registry[SearchKind] = Registry("search kinds")
