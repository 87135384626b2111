"""The web of relations around a customer: buying centre, household, hierarchy with value rolled up."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from guanxi.core import clock
from guanxi.core.actor import Actor
from guanxi.core.compiled import Compiled
from guanxi.customers.choices import BuyingRole, RelationKind, Tier
from guanxi.customers.models import Customer, Relation, Standing

MAX_DEPTH = 20
MAX_MEMBERS = 5_000


def lasting(on: date | None = None) -> Q:
    """Relations that hold on a day."""
    day = on or clock.today()
    return Q(until_on__isnull=True) | Q(until_on__gte=day)


_COUNTED = Compiled(
    lambda number: Relation.objects.filter(Q(subject=number) | Q(object=number)).order_by().values_list("pk"), int
)


def count_of(customer_id: int) -> int:
    """How many relations a customer has, from either side."""
    return len(_COUNTED.rows(customer_id))


def relations_of(actor: Actor, customer_id: int) -> list[Relation]:
    """Every relation of a customer, from either side, whose other end the actor may see; the lasting ones first."""
    if not count_of(customer_id):
        return []
    rows = (
        Relation.objects.filter(Q(subject=customer_id) | Q(object=customer_id))
        .select_related("subject", "object")
        .order_by("kind", "-since_on", "id")[:MAX_MEMBERS]
    )
    found = list(rows)
    others = {r.object_id if r.subject_id == customer_id else r.subject_id for r in found}
    seen = set(Customer.objects.visible_to(actor).filter(pk__in=others).values_list("pk", flat=True))
    today = clock.today()
    kept = [r for r in found if (r.object_id if r.subject_id == customer_id else r.subject_id) in seen]
    return sorted(kept, key=lambda r: bool(r.until_on and r.until_on < today))


def buying_centre(actor: Actor, customer_id: int) -> list[Relation]:
    """The people who work for an organisation today, those with a part in buying first."""
    rows = (
        Relation.objects.filter(lasting(), object=customer_id, kind=RelationKind.WORKS_FOR)
        .filter(subject__in=Customer.objects.visible_to(actor).values("pk"))
        .select_related("subject")
        .order_by("subject__sort_key")
    )
    order = {str(role): place for place, role in enumerate(BuyingRole)}
    return sorted(rows[:200], key=lambda r: (order.get(r.buying_role, len(order)), -(r.strength or 0)))


def household(actor: Actor, customer_id: int) -> list[Customer]:
    """Everybody who lives in one household with a person, the person left out."""
    members, frontier = {customer_id}, {customer_id}
    while frontier and len(members) < 100:
        pairs = Relation.objects.filter(
            lasting(), Q(subject__in=frontier) | Q(object__in=frontier), kind=RelationKind.HOUSEHOLD
        )
        reached = {number for pair in pairs.values_list("subject_id", "object_id") for number in pair}
        frontier = reached - members
        members |= reached
    return list(Customer.objects.visible_to(actor).filter(pk__in=members - {customer_id}).order_by("sort_key"))


def ancestors(customer_id: int) -> set[int]:
    """Everything that a customer belongs to, at any distance."""
    found: set[int] = set()
    frontier = {customer_id}
    for _step in range(MAX_DEPTH * 5):
        above = Relation.objects.filter(subject__in=frontier, kind=RelationKind.PARENT, until_on__isnull=True)
        frontier = set(above.values_list("object_id", flat=True)) - found
        if not frontier:
            break
        found |= frontier
    return found


@dataclass
class Branch:
    """One customer in a hierarchy: its own value and that of everything below it."""

    customer_id: int
    name: str
    public_id: str
    tier: str
    net_revenue_minor: int
    currency: str
    children: list["Branch"] = field(default_factory=list)
    total_minor: int = 0
    member_count: int = 1
    is_current: bool = False

    @property
    def tier_label(self) -> str:
        """The tier in words."""
        return str(Tier(self.tier).label) if self.tier else ""


def hierarchy(actor: Actor, customer_id: int) -> Branch | None:
    """The tree that a customer belongs to, from its root, with value rolled up; None when it stands alone."""
    above = ancestors(customer_id)
    root = _root(above | {customer_id}, customer_id)
    below = _descent(root)
    if len(below) == 1:
        return None
    seen = _branches(actor, below)
    if customer_id in seen:
        seen[customer_id].is_current = True
    for number, parent in below.items():
        if parent is not None and number in seen and parent in seen:
            seen[parent].children.append(seen[number])
    top = seen.get(root)
    if top is None:
        return None
    _roll_up(top)
    return top


def _root(members: set[int], start: int) -> int:
    """The one of the chain that belongs to nothing."""
    pairs = dict(
        Relation.objects.filter(subject__in=members, kind=RelationKind.PARENT, until_on__isnull=True).values_list(
            "subject_id", "object_id"
        )
    )
    current = start
    for _step in range(MAX_DEPTH):
        if current not in pairs:
            break
        current = pairs[current]
    return current


def _descent(root: int) -> dict[int, int | None]:
    """Everything below a customer -> what it belongs to, breadth first."""
    found: dict[int, int | None] = {root: None}
    frontier: Iterable[int] = [root]
    for _step in range(MAX_DEPTH):
        rows = Relation.objects.filter(object__in=list(frontier), kind=RelationKind.PARENT, until_on__isnull=True)
        new = {
            s: o for s, o in rows.order_by("subject__sort_key").values_list("subject_id", "object_id") if s not in found
        }
        if not new or len(found) + len(new) > MAX_MEMBERS:
            break
        found.update(new)
        frontier = new
    return found


def _branches(actor: Actor, numbers: Iterable[int]) -> dict[int, Branch]:
    """The visible ones of these customers with their own value."""
    rows = list(Customer.objects.visible_to(actor).filter(pk__in=list(numbers)).only("pk", "name"))
    standings = Standing.objects.in_bulk([row.pk for row in rows])
    found = {}
    for row in rows:
        standing = standings.get(row.pk)
        found[row.pk] = Branch(
            customer_id=row.pk,
            name=row.name,
            public_id=row.public_id,
            tier=standing.tier if standing else "",
            net_revenue_minor=standing.net_revenue_minor if standing else 0,
            currency=standing.currency if standing else "",
        )
    return found


def _roll_up(branch: Branch) -> None:
    """Add up value and members from the leaves."""
    branch.total_minor = branch.net_revenue_minor
    for child in branch.children:
        _roll_up(child)
        branch.total_minor += child.total_minor
        branch.member_count += child.member_count
        branch.currency = branch.currency or child.currency
