"""What can be found: kinds of record, filled in by the modules that own them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from guanxi.core.actor import Actor
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
    """One kind of record: its label, where hits lead, and how its entries are read.

    A kind that is found only by a number which its own table indexes has no entries: it gives `find` instead, which
    answers with the records of that very number that the actor may see.
    """

    key: str
    label: Promise | str
    icon: str
    url: Callable[[int], str]
    entries: Callable[[list[int]], Iterable[Entry]] | None = None
    ids: Callable[[int, int], list[int]] | None = None
    find: Callable[[Actor, str, int], Iterable[Entry]] | None = None
    permission: str = ""
    # Where a role may see fields masked or not at all: the entries made of what the actor sees in full, the kinds of
    # record whose fields may be missing in them, and the field (kind, field) whose values are telephone numbers.
    seen_entries: Callable[[list[int], Actor], Iterable[Entry]] | None = None
    guarded_kinds: frozenset[str] = frozenset()
    numbers: tuple[str, str] | None = None
    # Where words may be outdated (`forget_words`): the records after a number, at most so many, that may hold them.
    holding: Callable[[str, int, int], list[int]] | None = None

    @property
    def is_indexed(self) -> bool:
        """Whether its records have entries in the index."""
        return self.entries is not None

    @property
    def policy_kind(self) -> str:
        """The kind whose view permission decides who finds these records."""
        return self.permission or self.key


kinds: Registry[SearchKind] = Registry("search kinds")
