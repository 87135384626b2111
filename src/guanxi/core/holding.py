"""The one order in which rows are locked that several paths write (`docs/explanation/house.md` tells it).

    holding.kinds.add("case", HeldKind("service.Case", along=conversations_of), order=30)      # registrations.py

    holding.hold(case=[7, 9])      # in a transaction: their conversations by number, then the cases by number

Whoever writes rows of several kinds, or several rows of one kind, takes them first, here or by hand in the same order:
then nobody who has what another waits for waits for what that one has. Keys are not locked: what points at a row that is
held may be written meanwhile.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from django.apps import apps
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from guanxi.core import records, references
from guanxi.core.errors import Conflict
from guanxi.core.models import Change, Operation
from guanxi.core.registry import Registry

CHUNK = 2_000
# How often it is begun anew when rows were arranged otherwise just before they were locked.
TRIES = 5
Numbers = dict[str, set[int]]


def _nothing(numbers: Collection[int]) -> Mapping[str, Iterable[int]]:
    """Of a kind whose rows are written alone."""
    return {}


@dataclass(frozen=True)
class HeldKind:
    """One kind of row; its place in the order is that of its entry.

    `along`: kind -> the numbers of rows that are written with rows of these numbers; `acted_on`: of those that acts on
    several of them at once may write besides. `is_row`: whether rows of the kind are locked themselves, or only what goes
    with them.
    """

    model_label: str
    along: Callable[[Collection[int]], Mapping[str, Iterable[int]]] = _nothing
    acted_on: Callable[[Collection[int]], Mapping[str, Iterable[int]]] = _nothing
    is_row: bool = True

    @property
    def model(self) -> type[models.Model]:
        """Whose rows."""
        return apps.get_model(self.model_label)


kinds: Registry[HeldKind] = Registry("held kinds")


class _Moved(Exception):
    """Rows were arranged otherwise between the look at them and the lock."""


def hold(**wanted: Iterable[int]) -> None:
    """Lock these rows, by kind, and what is written with them, until the caller's transaction ends."""
    given = {kind: set(numbers) for kind, numbers in wanted.items() if kind in kinds}
    if any(kinds[kind].along is not _nothing for kind in given):
        _hold(partial(_with_company, given))
    elif connection.features.has_select_for_update:
        _lock_all(given)


def hold_to_act(**wanted: Iterable[int]) -> None:
    """The same before several rows of a kind are acted upon in one transaction, with whatever that may write."""
    given = {kind: set(numbers) for kind, numbers in wanted.items() if kind in kinds}

    def whole() -> Numbers:
        """As it stands now."""
        found = _with_company(given)
        for kind in list(found):
            for other, numbers in kinds[kind].acted_on(found[kind]).items():
                found.setdefault(other, set()).update(numbers)
        return found

    if given:
        _hold(whole)


def hold_rows(model: type[models.Model], numbers: Iterable[int]) -> None:
    """The same for rows of a model; nothing for one that has no place in the order."""
    hold(**{records.kind_of(model): numbers})


def hold_changed(changes: Iterable[Change]) -> None:
    """The same for all that these entries of the journal are about: read backwards, it has an order of its own.

    What a row points at before or after is held as well, where it stands earlier in the order.
    """
    rows: Numbers = {}
    leads: dict[str, dict[str, str]] = {}
    for change in changes:
        rows.setdefault(change.kind, set()).add(change.record_id)
        columns = leads.get(change.kind)
        if columns is None:
            columns = leads[change.kind] = _leads_of(change.kind)
        for value in (change.before, change.after):
            told = value if isinstance(value, dict) else {change.field: value}
            for column in columns.keys() & told.keys():
                number = told[column]
                if isinstance(number, int):
                    rows.setdefault(columns[column], set()).add(number)
    hold(**rows)


def _leads_of(kind: str) -> dict[str, str]:
    """The columns of a kind that point at rows earlier in the order, and at which."""
    order = kinds.keys()
    if kind not in order:
        return {}
    earlier = {kinds[one].model: one for one in order[: order.index(kind)] if kinds[one].is_row}
    columns = kinds[kind].model._meta.concrete_fields
    return {f.attname: earlier[f.related_model] for f in columns if f.is_relation and f.related_model in earlier}


def hold_operations(numbers: Iterable[int]) -> None:
    """Lock operations that are to be undone together: before all that they wrote."""
    rows = Operation.objects.filter(pk__in=list(numbers)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def hold_with_all_of(target: str, numbers: Collection[int]) -> None:
    """Lock records of a kind with every row of held kinds that points at them: they are about to change hands."""
    labels = {kinds[kind].model_label: kind for kind in kinds.keys() if kinds[kind].is_row}  # noqa: SIM118

    def whole() -> Numbers:
        """As it stands now."""
        found: Numbers = {target: set(numbers)}
        for reference in references.moving(target).values():
            if reference.model_label in labels:
                rows = reference.rows(*numbers).values_list("pk", flat=True)
                found.setdefault(labels[reference.model_label], set()).update(rows)
        return _with_company(found)

    _hold(whole)


def _hold(look: Callable[[], Numbers]) -> None:
    """Lock what a look finds; begun anew when a look afterwards finds more."""
    if not connection.features.has_select_for_update:
        return
    for _turn in range(TRIES):
        found = look()
        try:
            # A try that is given up gives up its locks.
            with transaction.atomic():
                _lock_all(found)
                if any(rows - found.get(kind, set()) for kind, rows in look().items() if kinds[kind].is_row):
                    raise _Moved
        except _Moved:
            continue
        return
    raise Conflict(_("Somebody else is arranging this anew; try again in a moment."))


def _lock_all(found: Numbers) -> None:
    """Lock rows, one kind after the other."""
    for kind in kinds.keys():  # noqa: SIM118
        if kinds[kind].is_row:
            _lock(kinds[kind].model, found.get(kind, ()))


def _with_company(given: Numbers) -> Numbers:
    """These rows and those that are written with them: later kinds name earlier ones."""
    whole = {kind: set(numbers) for kind, numbers in given.items()}
    for kind in reversed(kinds.keys()):
        if whole.get(kind):
            for other, numbers in kinds[kind].along(whole[kind]).items():
                if other in kinds:
                    whole.setdefault(other, set()).update(numbers)
    return {kind: numbers for kind, numbers in whole.items() if numbers}


def _lock(model: type[models.Model], numbers: Iterable[int]) -> None:
    """Lock rows in the order of their numbers."""
    ordered = sorted(numbers)
    for start in range(0, len(ordered), CHUNK):
        rows = model._base_manager.filter(pk__in=ordered[start : start + CHUNK]).order_by("pk")
        list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
