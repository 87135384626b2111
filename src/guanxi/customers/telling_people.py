"""What people are told of customers: that one is theirs from now on."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.core.models import Change
from guanxi.core.records import RecordRef
from guanxi.customers.models import Customer
from guanxi.tasks.public import Sort, notify, register_sort


def _assigned(who: str, about: str, data: Mapping[str, Any], count: int) -> str:
    """A customer was handed over."""
    return _("%(who)s made you the owner of %(about)s") % {"who": who, "about": about or _("a customer")}


register_sort(Sort("customer.assigned", gettext_lazy("A customer becomes mine"), _assigned, "user-check"), 45)


def notify_owner(customer_id: int) -> None:
    """Tell the owner of a customer, unless they made themselves the owner."""
    owner = Customer.objects.filter(pk=customer_id).values_list("owner_id", flat=True).first()
    if owner is None:
        return
    rows = Change.objects.filter(kind="customer", record_id=customer_id, field__in=("", "owner_id"))
    by = rows.order_by("-id").values_list("operation__actor_id", flat=True).first()
    notify(user_ids=[owner], sort="customer.assigned", by=by, about=RecordRef("customer", customer_id))
