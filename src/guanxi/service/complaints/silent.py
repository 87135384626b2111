"""Silent customers: something went wrong for them, and nobody has been in contact since; they are listed to be called."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.core import clock
from guanxi.core.actor import Actor
from guanxi.customers.models import Customer
from guanxi.customers.signs import Found, Trouble, trouble
from guanxi.service.complaint_choices import PromiseState
from guanxi.service.models import Case, Promise
from guanxi.tasks.models import Task
from guanxi.tasks.public import TaskState

LOOKED_BACK = timedelta(days=90)
MOST = 5_000
SHOWN = 200


@dataclass
class Silent:
    """One silent customer: what went wrong, when last, since when nobody has been in contact."""

    customer: Customer
    signs: list[tuple[str, int]] = field(default_factory=list)
    weight: int = 0
    at: datetime | None = None
    has_task: bool = False


def late_solutions(since: datetime, most: int) -> Iterable[Found]:
    """Customers with an open case whose clock has run out."""
    now = clock.now()
    rows = Case.objects.filter(due_at__gte=since, due_at__lt=now, customer__isnull=False)
    return _found(rows.filter(state__in=("new", "open", "held")), "customer", "due_at", most)


def broken_promises(since: datetime, most: int) -> Iterable[Found]:
    """Customers to whom a promise was broken and not made good."""
    rows = Promise.objects.filter(state=PromiseState.BROKEN, due_at__gte=since, customer__isnull=False)
    return _found(rows, "customer", "due_at", most)


def _found(rows: QuerySet[Case] | QuerySet[Promise], customer: str, at: str, most: int) -> list[Found]:
    """Customers of rows, the newest first."""
    counted = rows.order_by().values(customer).annotate(last=Max(at), n=Count("pk")).order_by("-last")[:most]
    return [Found(row[customer], row["last"], row["n"]) for row in counted]


trouble.add("late", Trouble(_("Waits too long for a solution"), late_solutions, weight=2, permission=("case", "view")))
trouble.add("promise", Trouble(_("A promise was broken"), broken_promises, weight=3, permission=("promise", "view")))


def silent_customers(actor: Actor, *, since: datetime | None = None) -> list[Silent]:
    """The silent customers whom the actor may see, those with most trouble first."""
    begin = since or clock.now() - LOOKED_BACK
    signs: dict[int, list[tuple[str, Found, int]]] = {}
    for sign in trouble:
        if sign.permission is None or actor.can(*sign.permission):
            for found in sign.find(begin, MOST):
                signs.setdefault(found.customer_id, []).append((str(sign.label), found, sign.weight))
    rows: list[Silent] = []
    numbers = list(signs)
    for start in range(0, len(numbers), 500):
        chunk = numbers[start : start + 500]
        visible = Customer.objects.visible_to(actor).filter(pk__in=chunk, status="active", erased_at__isnull=True)
        spoken = _spoken_since(chunk, begin)
        for customer in visible.select_related("owner", "standing"):
            last = max(found.at for _label, found, _weight in signs[customer.pk])
            contact = max(filter(None, (customer.last_contact_at, spoken.get(customer.pk))), default=None)
            if contact is not None and contact > last:
                continue
            weight = sum(weight * min(found.count, 3) for _label, found, weight in signs[customer.pk])
            told = [(label, found.count) for label, found, _weight in signs[customer.pk]]
            rows.append(Silent(customer, told, weight, last))
    rows.sort(key=lambda row: (-row.weight, row.at or begin, row.customer.pk))
    _note_tasks(rows[:SHOWN])
    return rows[:SHOWN]


def _spoken_since(numbers: list[int], since: datetime) -> dict[int, datetime]:
    """When these customers last opened a case or were told something in one."""
    rows = Case.objects.filter(customer__in=numbers).filter(
        Q(opened_at__gte=since) | Q(complaint__tellings__at__gte=since)
    )
    counted = rows.order_by().values("customer").annotate(opened=Max("opened_at"), told=Max("complaint__tellings__at"))
    return {row["customer"]: max(filter(None, (row["opened"], row["told"]))) for row in counted}


def _note_tasks(rows: list[Silent]) -> None:
    """Which of them somebody is to call already."""
    open_tasks = Task.objects.filter(
        about_kind="customer", about_id__in=[row.customer.pk for row in rows], state=TaskState.OPEN
    )
    busy = set(open_tasks.values_list("about_id", flat=True))
    for row in rows:
        row.has_task = row.customer.pk in busy
