"""The demo company's customers by the numbers that their source gave them."""

from guanxi.customers.models import ExternalId

SOURCE = "online-retail"


def customers_by_external_id() -> dict[str, int]:
    """Return the demo's customers by the ids of their source."""
    return dict(ExternalId.objects.filter(source=SOURCE).values_list("value", "customer_id"))
