"""Orders in a pack about a person: amounts in the currency of the order, quantities as one writes them."""

import json
import zipfile
from datetime import UTC, date, datetime

from guanxi.commerce.models import Order, OrderLine
from guanxi.core import changes
from guanxi.core.actor import system_actor
from guanxi.customers.models import Customer
from guanxi.customers.privacy.packing import making
from guanxi.customers.services.customers import create_customer
from guanxi.files.public import path_of


def test_amounts_and_quantities_are_written_for_people(db):
    actor = system_actor()
    made = create_customer(actor=actor, values={"name": "李雷", "kind": "person"})
    with changes.operation(actor=actor, name="test.order") as op:
        order = op.create(
            Order(
                source="shop", number="Q-1", customer=Customer.objects.get(pk=made.pk), currency="GBP", amount_minor=5950,
                ordered_at=datetime(2025, 9, 30, 16, tzinfo=UTC), ordered_on=date(2025, 10, 1),
            )
        )  # fmt: skip
        for key, quantity in ((1, "3.000000"), (2, "0.500000")):
            op.create(OrderLine(order=order, description="灯笼", quantity=quantity, amount_minor=2975, line_key=key))
    pack = making.make_now(actor=actor, customer_id=made.pk)
    with zipfile.ZipFile(path_of(pack.file)) as packed:
        page, data = packed.read("资料包.html").decode(), json.loads(packed.read("data.json"))
    for text in ("£59.50", "£29.75", ">3<", ">0.5<", ">Q-1<"):
        assert text in page, text
    for text in ("5950", "2975", "000000"):
        assert text not in page, text
    rows = {one["key"]: one["rows"] for one in data["sections"]}
    assert rows["commerce.Order"][0]["amount_minor"] == 5950
    assert [row["order"] for row in rows["commerce.OrderLine"]] == ["Q-1", "Q-1"]
