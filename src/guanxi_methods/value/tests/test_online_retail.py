"""The figures of the whole Online Retail file (Chen, Sain & Guo 2012; UCI 352, CC BY 4.0).

The expected figures were computed independently of this project (see the data folder's SOURCES.md), except where a
comment says that the plain second implementation gives them.
"""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest

from guanxi_methods.value import (
    RFM,
    ABCAnalysis,
    CustomerPyramid,
    customers_to_reach,
    gini,
    rank_by_value,
    top_share,
)
from guanxi_methods.value.tests import plain

pytestmark = pytest.mark.full
CENT = Decimal("0.01")


def cents(quantity, price):
    """One line rounded half up to the cent, in cents."""
    return int((Decimal(quantity) * Decimal(repr(price))).quantize(CENT, ROUND_HALF_UP).scaleb(2))


@pytest.fixture(scope="module")
def lines(public_data):
    """Columns of the lines with a known customer: customer, invoice, day, cents, is_purchase."""
    parquet = pytest.importorskip("pyarrow.parquet")
    found = public_data("online_retail/online_retail.parquet", whole=True)
    table = parquet.read_table(found.path)
    columns = [table[name].to_pylist() for name in ("CustomerID", "InvoiceNo", "InvoiceDate", "Quantity", "UnitPrice")]
    kept = [
        (customer, invoice, date.date(), cents(quantity, price), quantity > 0 and price > 0)
        for customer, invoice, date, quantity, price in zip(*columns, strict=True)
        if customer is not None
    ]
    return kept


def per_customer(rows):
    """Customers with their cents, distinct invoices and last day."""
    money, invoices, last = {}, {}, {}
    for customer, invoice, day, amount, _ in rows:
        money[customer] = money.get(customer, 0) + amount
        invoices.setdefault(customer, set()).add(invoice)
        last[customer] = max(day, last.get(customer, day))
    ids = sorted(money)
    return (
        np.array(ids),
        np.array([money[i] for i in ids]),
        np.array([len(invoices[i]) for i in ids]),
        np.array([last[i] for i in ids], dtype="datetime64[D]"),
    )


@pytest.fixture(scope="module")
def purchases(lines):
    """Lines with positive quantity and price, per customer."""
    return per_customer([row for row in lines if row[4]])


@pytest.fixture(scope="module")
def net(lines):
    """All lines, cancellations taken off, per customer."""
    return per_customer(lines)


def test_concentration_of_purchases(purchases):
    ids, money, _, _ = purchases
    assert (ids.size, int(money.sum())) == (4338, 891140790)
    assert round(top_share(money, 0.2), 5) == 0.74617
    assert round(gini(money), 5) == 0.71514
    assert customers_to_reach(money, "0.80") == 1133
    assert customers_to_reach(money, "0.95") == 2602
    assert ABCAnalysis().fit(money).counts_.tolist() == [1133, 2602 - 1133, 4338 - 2602]


def test_best_customers_by_purchases_and_the_trap_of_cancellations(purchases, net):
    ids, money, _, _ = purchases
    best = ids[np.argsort(rank_by_value(money, ids=ids))][:5]
    assert best.tolist() == [14646, 18102, 17450, 16446, 14911]
    assert money[np.searchsorted(ids, best)].tolist() == [28020602, 25965730, 19455079, 16847250, 14382506]
    ids, money, _, last = net
    pyramid = CustomerPyramid().fit(money, last=last, ids=ids)
    standing = {int(i): (int(v), str(t)) for i, v, t in zip(ids, money, pyramid.labels_, strict=True)}
    assert standing[14646] == (27948902, "vip")
    assert standing[12346] == (0, "small")
    assert standing[16446] == (290, "small")


def test_rfm_of_purchases_the_day_after_the_last_order(purchases):
    _, money, invoices, last = purchases
    rfm = RFM().fit(last, invoices, money, as_of="2011-12-10")
    assert round(rfm.means_["r"], 3) == 93.059
    assert np.median(rfm.recency_days_) == 51
    assert round(rfm.means_["f"], 3) == 4.272
    assert round(rfm.means_["m"] / 100, 3) == 2054.266
    assert np.median(money) == 67448.5
    assert int((invoices == 1).sum()) == 1493
    assert rfm.grid().sum() == 4338


def test_net_standing_of_all_customers_equals_the_plain_implementation(net):
    ids, money, _, last = net
    assert (ids.size, int(money.sum())) == (4372, 830006581)
    pyramid = CustomerPyramid().fit(money, last=last, ids=ids)
    assert pyramid.counts_.tolist() == [44, 175, 656, 3497]
    days = last.astype(np.int64).tolist()
    assert pyramid.labels_.tolist() == plain.tiers(money.tolist(), days, ids.tolist())
    assert ABCAnalysis().fit(money, last=last, ids=ids).labels_.tolist() == plain.abc(
        money.tolist(), last=days, ids=ids.tolist()
    )
