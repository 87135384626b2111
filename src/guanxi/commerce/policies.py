"""Who may see orders."""

from typing import Any

from django.db.models import QuerySet

from guanxi.commerce.models import Order, OrderLine
from guanxi.core import access
from guanxi.core.actor import Actor


class OrderPolicy(access.Policy):
    """An order is seen by those who see its customer; orders of unidentified buyers by those who see all."""

    kind = "order"
    owner = "customer__owner"
    department = "customer__department"


class OrderLinePolicy(access.Policy):
    """A line is seen with its order."""

    kind = "order"

    def filter(self, queryset: QuerySet[Any], actor: Actor, action: str) -> QuerySet[Any]:
        """Lines of visible orders."""
        if actor.scope(self.kind, action) == "all":
            return queryset
        return queryset.filter(order__in=Order.objects.visible_to(actor, action))


access.register(Order, OrderPolicy())
access.register(OrderLine, OrderLinePolicy())
