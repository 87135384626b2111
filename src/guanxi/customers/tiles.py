"""What the home page says of customers."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from guanxi.customers.choices import CustomerStatus
from guanxi.customers.models import Customer
from guanxi.ui import home, lists
from guanxi.ui.cells import format_number

COUNTED = 10_000


def count_tile(request: HttpRequest) -> home.Tile | None:
    """How many customers are on record (beyond ten thousand: at least that many)."""
    rows = Customer.objects.visible_to(request.actor).exclude(status=CustomerStatus.ARCHIVED)  # type: ignore[attr-defined]
    number = rows.order_by().values("pk")[: COUNTED + 1].count()
    if not number:
        return None
    words = f"{format_number(COUNTED)}+" if number > COUNTED else format_number(number)
    return home.Tile(
        label=_("Customers"),
        value=words,
        url=lists.url("customers"),
        icon="users",
        definition=_("Customers on record that you may see, archived ones left out."),
    )
