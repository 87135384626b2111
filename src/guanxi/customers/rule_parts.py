"""What rules can hear, ask and do about customers."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from guanxi.core.actor import Actor
from guanxi.core.errors import NotFound
from guanxi.core.models import Change, Department
from guanxi.core.money import Money
from guanxi.core.records import RecordRef
from guanxi.core.sentences import gettext as _
from guanxi.customers.choices import AbcClass, CustomerKind, CustomerStatus, Position, Tier
from guanxi.customers.events import CustomerChanged, CustomerCreated, CustomersChanged
from guanxi.customers.models import Customer, CustomerTag, Standing, Tag
from guanxi.customers.services.customers import update_customer
from guanxi.customers.services.tags import LIMIT
from guanxi.tasks.models import Task
from guanxi.tasks.queries import people
from guanxi.workflow.public import (
    Action,
    Done,
    Fact,
    FactType,
    Link,
    Parameter,
    ParameterType,
    Trigger,
    read_column,
    register_action,
    register_fact,
    register_link,
    register_trigger,
)

_FIELDS = {
    "name": gettext_lazy("Customer name"),
    "kind": gettext_lazy("Kind"),
    "position": gettext_lazy("Place in the chain"),
    "status": gettext_lazy("Status"),
    "city": gettext_lazy("City"),
    "country": gettext_lazy("Country"),
    "owner": gettext_lazy("Owner"),
    "department": gettext_lazy("Department"),
    "tags": gettext_lazy("Tags"),
    "note": pgettext_lazy("customer", "Note"),
}


def _changed_together(event: CustomersChanged) -> list[int]:
    """The customers that one operation on many changed."""
    rows = Change.objects.filter(operation=event.operation_id, customer_id__isnull=False)
    return sorted({number for number in rows.values_list("customer_id", flat=True) if number is not None})


def _read_tags(ids: Sequence[int]) -> dict[int, list[str]]:
    """The tags of customers."""
    found: dict[int, list[str]] = {
        number: [] for number in Customer.objects.filter(pk__in=ids).values_list("pk", flat=True)
    }
    for number, name in CustomerTag.objects.filter(customer__in=ids).values_list("customer", "tag__name"):
        if number in found:
            found[number].append(name)
    return found


def _read_net_revenue(ids: Sequence[int]) -> dict[int, Money | None]:
    """The net revenue of customers; None where nothing was ever bought."""
    rows = Standing.objects.filter(customer__in=ids).values_list("customer", "net_revenue_minor", "currency")
    return {number: Money(minor, currency) if currency else None for number, minor, currency in rows}


def _customers_of_tasks(ids: Sequence[int]) -> dict[int, int]:
    """The customers whom tasks are about."""
    rows = Task.objects.filter(pk__in=ids, about_kind="customer", about_id__isnull=False)
    return dict(rows.values_list("pk", "about_id"))


def _departments() -> list[tuple[int, str]]:
    """The departments that are open."""
    return list(Department.objects.filter(is_closed=False).order_by("name").values_list("pk", "name"))


def _tag(*, actor: Actor, record: RecordRef, parameters: Mapping[str, Any], key: str) -> Done:
    """Put tags on the customer, beside those that are there."""
    there = _read_tags([record.id]).get(record.id)
    if there is None:
        raise NotFound(_("There is no such customer any more."))
    missing = [name for name in parameters["tags"] if name not in there]
    if not missing:
        return Done(_("The tags were on the customer already."), record, has_changed=False)
    update_customer(actor=actor, customer_id=record.id, values={"tags": [*there, *missing]})
    return Done(_("Tags were put on the customer."), record)


def _hand_over(*, actor: Actor, record: RecordRef, parameters: Mapping[str, Any], key: str) -> Done:
    """Make somebody the owner of the customer."""
    changed = update_customer(actor=actor, customer_id=record.id, values={"owner": parameters["owner"]})
    if changed is None:
        return Done(_("The customer had this owner already."), record, has_changed=False)
    return Done(_("The customer was given an owner."), record)


register_trigger(
    Trigger(
        "customer.created",
        gettext_lazy("a customer is entered"),
        "customer",
        {CustomerCreated: lambda event: (event.customer_id,)},
        icon="users",
    ),
    order=20,
)
register_trigger(
    Trigger(
        "customer.changed",
        gettext_lazy("a customer is changed"),
        "customer",
        {CustomerChanged: lambda event: (event.customer_id,), CustomersChanged: _changed_together},
        fields={CustomerChanged: lambda event: event.fields},
        field_labels=_FIELDS,
        icon="users",
    ),
    order=21,
)

for _order, _fact in enumerate(
    (
        Fact("customer.kind", "customer", _FIELDS["kind"], FactType.CHOICE, read_column(Customer, "kind"),
             choices=tuple(CustomerKind.choices), column="kind"),
        Fact("customer.position", "customer", _FIELDS["position"], FactType.CHOICE, read_column(Customer, "position"),
             choices=tuple(Position.choices), column="position"),
        Fact("customer.status", "customer", _FIELDS["status"], FactType.CHOICE, read_column(Customer, "status"),
             choices=tuple(CustomerStatus.choices), column="status"),
        Fact("customer.tier", "customer", gettext_lazy("Tier"), FactType.CHOICE,
             read_column(Customer, "standing__tier"), choices=tuple(Tier.choices)),
        Fact("customer.abc", "customer", gettext_lazy("ABC class"), FactType.CHOICE,
             read_column(Customer, "standing__abc"), choices=tuple(AbcClass.choices)),
        Fact("customer.net_revenue", "customer", gettext_lazy("Net revenue"), FactType.MONEY, _read_net_revenue),
        Fact("customer.order_count", "customer", gettext_lazy("Orders"), FactType.NUMBER,
             read_column(Customer, "standing__order_count")),
        Fact("customer.tags", "customer", _FIELDS["tags"], FactType.TAG, _read_tags),
        Fact("customer.owner", "customer", _FIELDS["owner"], FactType.USER, read_column(Customer, "owner_id"),
             choices=people, column="owner_id"),
        Fact("customer.department", "customer", _FIELDS["department"], FactType.CHOICE,
             read_column(Customer, "department_id"), choices=_departments, column="department_id"),
        Fact("customer.name", "customer", _FIELDS["name"], FactType.TEXT, read_column(Customer, "name"),
             column="name"),
        Fact("customer.city", "customer", _FIELDS["city"], FactType.TEXT, read_column(Customer, "city"),
             column="city"),
        Fact("customer.country", "customer", _FIELDS["country"], FactType.TEXT, read_column(Customer, "country"),
             column="country"),
        Fact("customer.created", "customer", gettext_lazy("Entered on"), FactType.DATE,
             read_column(Customer, "created_at"), column="created_at"),
        Fact("customer.last_contact", "customer", gettext_lazy("Last contact"), FactType.DATE,
             read_column(Customer, "last_contact_at")),
    )
):  # fmt: skip
    register_fact(_fact, order=100 + _order)

register_link(Link("task.customer", "task", "customer", gettext_lazy("The customer"), _customers_of_tasks))
register_action(
    Action(
        "customer.tag",
        gettext_lazy("put tags on the customer"),
        _tag,
        kind="customer",
        parameters=(
            Parameter("tags", _FIELDS["tags"], ParameterType.TAGS, is_required=True, longest=LIMIT,
                      choices=lambda: [(name, name) for name in Tag.objects.values_list("name", flat=True)[:500]]),
        ),
        needs=("customer", "change"),
        icon="tag",
    ),
    order=30,
)  # fmt: skip
register_action(
    Action(
        "customer.hand_over",
        gettext_lazy("give the customer an owner"),
        _hand_over,
        kind="customer",
        parameters=(Parameter("owner", _FIELDS["owner"], ParameterType.USER, is_required=True, choices=people),),
        needs=("customer", "change"),
        icon="users",
    ),
    order=31,
)
