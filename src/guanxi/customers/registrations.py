"""What the customer archive registers on the floors below it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.core import records
from guanxi.core.ids import public_id
from guanxi.customers.import_target import CustomerTarget
from guanxi.customers.search_entries import ids_after, search_entries
from guanxi.importing.targets import targets
from guanxi.search.public import SearchKind, kinds


def customer_url(customer_id: int) -> str:
    """The record page of a customer."""
    return reverse("customers:show", args=[public_id("cus", customer_id)])


records.register(
    records.RecordKind(
        kind="customer",
        model_label="customers.Customer",
        prefix="cus",
        label=_("customer"),
        label_plural=_("customers"),
        title=str,
        url=customer_url,
        icon="users",
    )
)
kinds.add(
    "customer",
    SearchKind(
        key="customer", label=_("Customers"), icon="users", entries=search_entries, ids=ids_after, url=customer_url
    ),
    order=10,
)
targets.add("customers", CustomerTarget(), order=20)
