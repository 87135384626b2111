"""Row by row: what changes hands in a merge, and goes back when it is undone.

Every row that moved, or was set aside, is noted for the merge (`MergedRow`). Undoing a merge gives the absorbed customer
its rows from wherever later merges have carried them, and takes them off those merges.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from guanxi.core import bulk, changes, records, references
from guanxi.core.references import CHUNK, Reference
from guanxi.customers.models import ContactPoint, Merge, MergedRow, Relation
from guanxi.customers.references import SYMMETRIC

POINTS = "customers.contactpoint.customer_id"
RELATIONS = ("customers.relation.subject_id", "customers.relation.object_id")
_COLUMNS = ("merge_id", "reference", "record_id", "is_aside")


def carry(op: changes.OperationInHand, merge: Merge, reference: Reference, only: Iterable[int] | None = None) -> int:
    """Point the rows of the absorbed customer (or only these of them) at the one that absorbed it; how many moved."""
    source, target = merge.absorbed_id, merge.keep_id
    rows = reference.rows(source)
    wanted = rows if only is None else rows.filter(pk__in=sorted(only))
    numbers = list(wanted.order_by("pk").values_list("pk", flat=True))
    if not numbers:
        return 0
    aside = reference.set_aside(source, target, None if only is None else numbers)
    moving = [number for number in numbers if number not in aside]
    primary = _primary_kinds(target) if reference.key == POINTS else set()
    reference.point_at(target, moving, now_at=[source])
    journal(op, reference, moving, source, target)
    note(merge, reference, moving, aside)
    if primary:
        _keep_one_primary(op, moving, primary)
    return len(moving)


def note(merge: Merge, reference: Reference, moved: Iterable[int], aside: Iterable[int]) -> None:
    """Note which rows a merge moved and set aside, for its undo."""
    rows = [(merge.pk, reference.key, number, False) for number in moved]
    rows += [(merge.pk, reference.key, number, True) for number in aside]
    if rows:
        bulk.insert(MergedRow, _COLUMNS, rows, on_conflict="update", keys=("merge_id", "reference", "record_id"))


def journal(op: changes.OperationInHand, reference: Reference, numbers: Iterable[int], before: int, after: int) -> None:
    """Journal that rows point at another customer now; in the history of the rows, not in that of the customers."""
    kind = records.kind_of(reference.model)
    for number in numbers:
        op.record(kind=kind, record_id=number, field=reference.column, before=before, after=after)


def _primary_kinds(customer_id: int) -> set[str]:
    """The kinds of contact point of which a customer has a first one."""
    points = ContactPoint.everything.filter(customer=customer_id, is_primary=True)
    return set(points.values_list("kind", flat=True))


def _keep_one_primary(op: changes.OperationInHand, numbers: Sequence[int], kinds: set[str]) -> None:
    """The survivor's first telephone stays the first one."""
    for point in ContactPoint.everything.filter(pk__in=numbers, is_primary=True, kind__in=kinds):
        op.update(point, is_primary=False)


def ensure_primary(op: changes.OperationInHand, customer_ids: Iterable[int]) -> None:
    """Of every kind of contact point that a customer has, exactly one is the first."""
    for number in customer_ids:
        seen: set[str] = set()
        for point in ContactPoint.everything.filter(customer=number).order_by("-is_primary", "position", "pk"):
            if point.is_primary != (point.kind not in seen):
                op.update(point, is_primary=not point.is_primary)
            seen.add(point.kind)


def chain_of(customer_id: int) -> list[Merge]:
    """The merges by which a customer is part of another one now, from the nearest to the last."""
    found: list[Merge] = []
    current = customer_id
    while merge := Merge.objects.filter(absorbed=current, undone_at__isnull=True).first():
        found.append(merge)
        current = merge.keep_id
    return found


def below(customer_id: int) -> list[int]:
    """The customers that are part of this one by merges that stand, at any distance."""
    found: list[int] = []
    frontier = [customer_id]
    while frontier:
        standing = Merge.objects.filter(keep__in=frontier, undone_at__isnull=True)
        frontier = list(standing.values_list("absorbed_id", flat=True))
        found += frontier
    return found


def survivor_of(customer_id: int) -> int:
    """Who stands for a customer now: itself, or the last of its chain."""
    chain = chain_of(customer_id)
    return chain[-1].keep_id if chain else customer_id


def blocked_at(reference: Reference, customer_id: int, survivor_id: int, numbers: Iterable[int]) -> set[int]:
    """Which rows of an absorbed customer the survivor cannot show, because it has their like or is their other end."""
    rows = set(numbers)
    found = reference.set_aside(customer_id, survivor_id, rows) if rows else set()
    if reference.key in RELATIONS and rows - found:
        family = [survivor_id, *below(survivor_id)]
        other = {"subject_id": "object__in", "object_id": "subject__in"}[reference.column]
        found.update(reference.every_row().filter(pk__in=rows, **{other: family}).values_list("pk", flat=True))
    return found


def settle(op: changes.OperationInHand, reference: Reference, customer_id: int, numbers: Iterable[int]) -> int:
    """Carry rows that point at an absorbed customer to its survivor, noted for each merge between; how many moved.

    A row whose like stands there is set aside where it is: lower than the rows that later merges give back.
    """
    chain = chain_of(customer_id)
    wanted = list(reference.rows(customer_id).filter(pk__in=sorted(numbers)).values_list("pk", flat=True))
    if not chain or not wanted:
        return 0
    survivor = chain[-1].keep_id
    aside = blocked_at(reference, customer_id, survivor, wanted)
    moving = [number for number in wanted if number not in aside]
    primary = _primary_kinds(survivor) if reference.key == POINTS else set()
    reference.point_at(survivor, moving, now_at=[customer_id])
    journal(op, reference, moving, customer_id, survivor)
    for place, merge in enumerate(chain):
        note(merge, reference, moving, aside if place == 0 else ())
    if primary:
        _keep_one_primary(op, moving, primary)
    return len(moving)


@dataclass
class Returned:
    """What of one kind of row went back, and what did not."""

    back: int = 0
    stayed: int = 0
    gone: int = 0


@dataclass
class WaitingRows:
    """Rows set aside by other merges because of rows that are about to leave: they count again once those are gone.

    What was removed by hand does not come back that way: only what something stands in the way of before, and nothing
    after. Relations are tried again whatever stood in their way: it may be at their other end.
    """

    waiting: list[tuple[Merge, Reference, set[int]]] = field(default_factory=list)

    def look(self, merges: Iterable[Merge]) -> None:
        """Find those that something stands in the way of now, of the merges nearest to the survivor first."""
        moving = references.moving("customer")
        for merge in sorted(merges, key=lambda merge: len(chain_of(merge.absorbed_id))):
            noted: dict[str, list[int]] = {}
            for key, number in merge.rows.filter(is_aside=True).values_list("reference", "record_id"):
                noted.setdefault(key, []).append(number)
            survivor = survivor_of(merge.absorbed_id)
            for key, numbers in noted.items():
                if key in RELATIONS:
                    self.waiting.append((merge, moving[key], set(numbers)))
                elif key in moving:
                    blocked = blocked_at(moving[key], merge.absorbed_id, survivor, numbers)
                    self.waiting.append((merge, moving[key], blocked))

    def release(self, op: changes.OperationInHand) -> None:
        """Carry on those that nothing stands in the way of any more, one by one: the first may stand in the next's."""
        for merge, reference, numbers in self.waiting:
            for number in sorted(numbers):
                survivor = survivor_of(merge.absorbed_id)
                if not blocked_at(reference, merge.absorbed_id, survivor, [number]):
                    settle(op, reference, merge.absorbed_id, [number])


def give_back(op: changes.OperationInHand, merge: Merge, holders: Sequence[int]) -> dict[str, Returned]:
    """Point the rows that a merge moved at the absorbed customer again, wherever later merges have carried them.

    A row that was given to somebody else meanwhile, or whose like the absorbed customer has by now, stays where it is;
    one that was removed stays removed.
    """
    outcome: dict[str, Returned] = {}
    for key, reference in references.moving("customer").items():
        noted = merge.rows.filter(reference=key, is_aside=False).order_by("record_id")
        numbers = list(noted.values_list("record_id", flat=True))
        if not numbers:
            continue
        told = outcome[key] = Returned()
        for start in range(0, len(numbers), CHUNK):
            _give_back_some(op, merge, reference, numbers[start : start + CHUNK], holders, told)
    return outcome


def _give_back_some(
    op: changes.OperationInHand,
    merge: Merge,
    reference: Reference,
    numbers: Sequence[int],
    holders: Sequence[int],
    told: Returned,
) -> None:
    """Give back up to a few thousand rows of one kind."""
    target = merge.absorbed_id
    there = dict(reference.every_row().filter(pk__in=numbers).values_list("pk", reference.column))
    count = 0
    for holder in holders:
        mine = [number for number, at in there.items() if at == holder]
        if not mine:
            continue
        blocked = reference.set_aside(holder, target, mine, with_alike=reference.key not in RELATIONS)
        back = [number for number in mine if number not in blocked]
        point_home(op, merge, reference, back, holder)
        count += len(back)
    told.back += count
    told.stayed += len(there) - count
    told.gone += len(numbers) - len(there)


def point_home(
    op: changes.OperationInHand, merge: Merge, reference: Reference, numbers: Sequence[int], holder: int
) -> None:
    """Point rows at the customer that a merge took them from; they are with whom a later merge carried them to."""
    reference.point_at(merge.absorbed_id, numbers, now_at=[holder])
    journal(op, reference, numbers, holder, merge.absorbed_id)
    MergedRow.objects.filter(reference=reference.key, record_id__in=numbers, merge__gt=merge.pk).delete()


def set_doubles_aside(op: changes.OperationInHand, customer_ids: Iterable[int]) -> None:
    """Of relations that say the same between two customers, the one that came there by the latest merge is set aside.

    A relation that went home may meet another that a later merge had carried there meanwhile.
    """
    numbers = list(customer_ids)
    lasting = Relation.objects.filter(Q(subject__in=numbers) | Q(object__in=numbers), until_on__isnull=True)
    alike: dict[tuple[str, int, int], list[int]] = {}
    for pk, kind, subject, target in lasting.order_by("pk").values_list("pk", "kind", "subject_id", "object_id"):
        ends = sorted((subject, target)) if kind in SYMMETRIC else [subject, target]
        alike.setdefault((kind, ends[0], ends[1]), []).append(pk)
    for doubles in alike.values():
        if len(doubles) > 1:
            links = MergedRow.objects.filter(reference__in=RELATIONS, record_id__in=doubles, is_aside=False)
            latest = {link.record_id: link for link in links.select_related("merge").order_by("merge")}
            for link in sorted(latest.values(), key=lambda link: -link.merge_id)[: len(doubles) - 1]:
                _put_down(op, link)


def _put_down(op: changes.OperationInHand, link: MergedRow) -> None:
    """Point a row at the customer that a merge took it from, set aside for that merge."""
    reference = references.moving("customer")[link.reference]
    at = reference.every_row().values_list(reference.column, flat=True).get(pk=link.record_id)
    point_home(op, link.merge, reference, [link.record_id], at)
    MergedRow.objects.filter(pk=link.pk).update(is_aside=True)
