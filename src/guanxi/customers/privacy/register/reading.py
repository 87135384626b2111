"""Reading the register: what waits, what presses, what was settled; who may be in charge."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from guanxi.core import clock, ids, masking
from guanxi.core.actor import Actor
from guanxi.core.compiled import CompiledRecords
from guanxi.core.models import User
from guanxi.customers.choices import RequestState
from guanxi.customers.models import Customer, DataRequest

LISTED = 500
SOON = timedelta(days=7)
VIEWS = ("open", "overdue", "soon", "mine", "settled")


@dataclass(frozen=True)
class Entry:
    """One request as the list shows it; `name` of the customer is '' where it is not open to the reader."""

    row: DataRequest
    name: str
    number: str
    url: str
    days_left: int

    @property
    def is_overdue(self) -> bool:
        """Whether it waits past its day."""
        return self.row.is_open and self.days_left < 0

    @property
    def is_soon(self) -> bool:
        """Whether its day is near."""
        return self.row.is_open and 0 <= self.days_left <= SOON.days


def request_with(actor: Actor, key: str, action: str = "view") -> DataRequest:
    """One request by its public id, for those who see (or keep) the register."""
    rows = DataRequest.objects.select_related("owner", "pack", "erasure", "consent", "consent__purpose", "task")
    found: DataRequest = rows.get_visible(actor, action, pk=ids.parse("req", key) or 0)
    return found


def narrowed(actor: Actor, view: str) -> QuerySet[DataRequest]:
    """The requests of one view of the list."""
    rows = DataRequest.objects.visible_to(actor)
    if view == "settled":
        return rows.exclude(state=RequestState.OPEN).order_by("-closed_at", "-id")
    rows = rows.filter(state=RequestState.OPEN)
    today = clock.today()
    if view == "overdue":
        return rows.filter(due_on__lt=today)
    if view == "soon":
        return rows.filter(due_on__gte=today, due_on__lte=today + SOON)
    return rows.filter(owner__in=actor.person_ids) if view == "mine" else rows


def is_overdue(row: DataRequest) -> bool:
    """Whether a request waits past its day."""
    return row.is_open and row.due_on < clock.today()


def entries(actor: Actor, view: str = "open") -> list[Entry]:
    """The requests of a view: open ones by their day, settled ones the latest first."""
    rows = list(narrowed(actor, view).select_related("owner")[:LISTED])
    seen = Customer.objects.visible_to(actor).in_bulk([row.customer_id for row in rows if row.customer_id])
    return [_entry(actor, row, seen.get(row.customer_id or 0)) for row in rows]


def entry(actor: Actor, row: DataRequest) -> Entry:
    """One request with its customer as far as that is open."""
    customer = Customer.objects.visible_to(actor).filter(pk=row.customer_id or 0).first()
    return _entry(actor, row, customer)


def _entry(actor: Actor, row: DataRequest, customer: Customer | None) -> Entry:
    """A request with its customer."""
    name = masking.shown(actor, "customer", "name", customer.name) if customer is not None else ""
    return Entry(
        row,
        name=name or "",
        number=ids.public_id("cus", row.customer_id) if row.customer_id else "",
        url=customer.get_absolute_url() if customer is not None else "",
        days_left=(row.due_on - clock.today()).days,
    )


def counts(actor: Actor) -> dict[str, int]:
    """How many requests each view of the open ones holds."""
    today = clock.today()
    found: dict[str, int] = (
        DataRequest.objects.visible_to(actor)
        .filter(state=RequestState.OPEN)
        .aggregate(
            open=Count("pk"),
            overdue=Count("pk", filter=Q(due_on__lt=today)),
            soon=Count("pk", filter=Q(due_on__gte=today, due_on__lte=today + SOON)),
            mine=Count("pk", filter=Q(owner__in=actor.person_ids)),
        )
    )
    return found


_OPEN = CompiledRecords(
    DataRequest,
    lambda number: DataRequest.objects.filter(customer=number, state=RequestState.OPEN).order_by("due_on", "id"),
    int,
)


def open_of(customer_id: int) -> list[DataRequest]:
    """The open requests of a customer whom the reader sees."""
    return _OPEN.all(customer_id)


def of_erasure(actor: Actor, erasure_id: int) -> list[DataRequest]:
    """The requests that an erasure answers."""
    return list(DataRequest.objects.visible_to(actor).filter(erasure=erasure_id))


def of_packs(actor: Actor, pack_ids: list[int]) -> dict[int, list[DataRequest]]:
    """The requests that packs answer, by pack."""
    found: dict[int, list[DataRequest]] = {}
    for row in DataRequest.objects.visible_to(actor).filter(pack__in=pack_ids):
        found.setdefault(row.pack_id or 0, []).append(row)
    return found


def number_of(username: str) -> str:
    """The number of somebody who signs in under a name, 0 for nobody; '' for no name."""
    if not username:
        return ""
    return str(people_in_charge().filter(username=username).values_list("pk", flat=True).first() or 0)


def people_in_charge() -> QuerySet[User]:
    """Active users whose role lets them keep the register."""
    mine: dict[str, Any] = {
        "role__permissions__kind__in": ("privacy", "*"),
        "role__permissions__action__in": ("manage", "*"),
        "role__permissions__scope": "all",
    }
    return User.objects.filter(is_active=True, **mine).distinct().order_by("name", "username")
