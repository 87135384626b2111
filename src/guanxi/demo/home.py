"""What the home page says of the demo company, so that nobody takes it for a real one."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from guanxi.core import ids
from guanxi.customers.models import Customer, ExternalId
from guanxi.demo.numbers import SOURCE
from guanxi.demo.services import is_installed

# Worth a look: the greatest customer, one with a surname of its own reading, and two whose huge orders were cancelled.
WORTH_A_LOOK = ("14646", "16839", "16446", "12346")


def demo_panel(request: HttpRequest) -> str | None:
    """The panel while the demo company is there and the reader sees it."""
    if not is_installed():
        return None
    known = dict(ExternalId.objects.filter(source=SOURCE, value__in=WORTH_A_LOOK).values_list("value", "customer_id"))
    seen = Customer.objects.visible_to(request.actor).in_bulk(list(known.values()))  # type: ignore[attr-defined]
    customers = [
        (seen[known[number]].name, reverse("customers:show", args=[ids.public_id("cus", known[number])]))
        for number in WORTH_A_LOOK
        if known.get(number) in seen
    ]
    return render_to_string("demo/home.html", {"customers": customers}) if customers else None
