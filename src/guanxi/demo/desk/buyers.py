"""Who of the demo company's customers bought what: a matter is told of somebody who really ordered the goods."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from guanxi.catalog.models import Product
from guanxi.commerce.models import Order, OrderLine
from guanxi.core.actor import system_actor
from guanxi.customers.choices import ContactKind, CustomerKind
from guanxi.customers.models import ContactPoint, Customer
from guanxi.demo.numbers import customers_by_external_id

# Surnames of two characters among the customers.
DOUBLE = ("尉迟", "欧阳")


@dataclass(frozen=True)
class Buyer:
    """A customer with the order that a matter is about."""

    customer: Customer
    email: str
    phone: str
    order: Order | None

    @property
    def dear(self) -> str:
        """How an answer speaks to them."""
        name = self.customer.name
        if self.customer.kind != CustomerKind.PERSON or name.isascii():
            return name
        family = name[:2] if name.startswith(DOUBLE) else name[:1]
        return f"{family}{self.customer.title}" if self.customer.title else name


@dataclass
class Buyers:
    """Buyers by product, handed out in the order of their numbers, each once while others are left."""

    points: dict[int, dict[str, str]] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    _orders: dict[str, list[Order]] = field(default_factory=dict)
    _known: dict[str, int] = field(default_factory=dict)
    _used: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, names: Iterable[str], kept: Iterable[str]) -> "Buyers":
        """Read who bought these products; those who are named in a matter are kept for it."""
        found = cls(products={row.name: row for row in Product.objects.filter(name__in=set(names)).order_by("-pk")})
        points: dict[int, dict[str, str]] = defaultdict(dict)
        rows = ContactPoint.objects.filter(kind__in=(ContactKind.EMAIL, ContactKind.PHONE)).order_by("-pk")
        for number, kind, value in rows.values_list("customer_id", "kind", "value"):
            points[number][kind] = value
        found.points = points
        found._known = customers_by_external_id()
        found._used = {found._known[number] for number in kept if number}
        lines = OrderLine.objects.filter(
            product__name__in=set(names), order__kind="sale", order__customer__isnull=False
        )
        orders: dict[str, dict[int, Order]] = defaultdict(dict)
        for line in lines.select_related("order__customer", "product").order_by("order__ordered_at", "pk"):
            orders[line.product.name][line.order.customer_id] = line.order
        found._orders = {name: [of[number] for number in sorted(of)] for name, of in orders.items()}
        return found

    def find(self, product: str, *, language: str, needs: str, who: str = "") -> Buyer:
        """Somebody who bought it, speaks the language and can be reached that way; by number where one is named."""
        if who:
            customer = Customer.objects.visible_to(system_actor()).get(pk=self._known[who])
            order = next((one for one in self._orders.get(product, ()) if one.customer_id == customer.pk), None)
            return self._buyer(customer, order)
        fitting = [one for one in self._orders.get(product, ()) if self._fits(one, language, needs)]
        fresh = [one for one in fitting if one.customer_id not in self._used]
        if not fitting:
            raise ValueError(f"nobody who speaks {language} and has {needs} bought {product}")
        chosen = (fresh or fitting)[0]
        buyer = _whose(chosen)
        self._used.add(buyer.pk)
        return self._buyer(buyer, chosen)

    def _fits(self, order: Order, language: str, needs: str) -> bool:
        """Whether a buyer speaks the language and can be reached."""
        customer = _whose(order)
        speaks = "en" if customer.name.isascii() else "zh-hans"
        return speaks == language and needs in self.points.get(customer.pk, {})

    def _buyer(self, customer: Customer, order: Order | None) -> Buyer:
        """A customer with how to reach them."""
        known = self.points.get(customer.pk, {})
        return Buyer(customer, known.get(ContactKind.EMAIL, ""), known.get(ContactKind.PHONE, ""), order)


def _whose(order: Order) -> Customer:
    """The customer of an order that has one."""
    if order.customer is None:
        raise ValueError(f"nobody knows whose order {order.number} is")
    return order.customer
