"""What SOURCES counts in the public files, read by the reader of `guanxi measure`: nothing is lost on the way in."""

import numpy as np
import pytest

from guanxi.project.measure.opening import columns_of

pytestmark = pytest.mark.full


def test_online_retail(public_data):
    """25,900 invoices, 22,190 with a customer; 397,884 lines and 18,532 invoices sold to a known customer."""
    columns = columns_of(public_data("online_retail/online_retail.parquet", whole=True).path)
    assert len(columns) == 541_909
    invoices, customers = columns.words("InvoiceNo"), columns.codes("CustomerID")[0]
    quantity, price = columns.numbers("Quantity"), columns.numbers("UnitPrice")
    known = customers >= 0
    assert (~known).sum() == 135_080
    assert len(set(invoices)) == 25_900
    assert len(set(invoices[known])) == 22_190
    sold = known & (quantity > 0) & (price > 0)
    assert sold.sum() == 397_884
    assert len(set(invoices[sold])) == 18_532
    assert round(float((quantity * price).sum()), 2) == pytest.approx(9_747_747.93, abs=0.01)


def test_crm_sales(public_data):
    """Won 4,238, lost 2,473, engaging 1,589, prospecting 500; won value 10,005,534; 63.15% of the closed are won."""
    columns = columns_of(public_data("crm_sales/sales_pipeline.csv", whole=True).path)
    stages, values = columns.words("deal_stage"), columns.numbers("close_value", missing="keep")
    counts = {stage: int((stages == stage).sum()) for stage in set(stages)}
    assert counts == {"Won": 4238, "Lost": 2473, "Engaging": 1589, "Prospecting": 500}
    assert np.nansum(values[stages == "Won"]) == 10_005_534
    assert round(100 * 4238 / (4238 + 2473), 2) == 63.15
    assert (columns.words("product") == "GTXPro").sum() == 1480
    assert (columns.words("account") == "").sum() == 1425


def test_telco(public_data):
    """Churn by contract 42.71, 11.27 and 2.832% (IBM); 11 blank TotalCharges, all of customers without a month."""
    columns = columns_of(public_data("telco_churn/Telco-Customer-Churn.csv", whole=True).path)
    left, contract = columns.words("Churn") == "Yes", columns.words("Contract")
    shares = {name: 100 * left[contract == name].mean() for name in set(contract)}
    assert shares["Month-to-month"] == pytest.approx(42.71, abs=5e-3)
    assert shares["One year"] == pytest.approx(11.27, abs=5e-3)
    assert shares["Two year"] == pytest.approx(2.832, abs=5e-4)
    blank = np.isnan(columns.numbers("TotalCharges", missing="keep"))
    assert blank.sum() == 11
    assert (columns.numbers("tenure")[blank] == 0).all()


def test_bank_calls(public_data):
    """5,323,661 calls in 164 days of 169 bins; the first bins 111, 113, 76, 82, 91 (Weinberg, Brown & Stroud 2007)."""
    columns = columns_of(public_data("bank_calls/bank_calls_5min.csv.gz", whole=True).path)
    calls, days = columns.numbers("Calls"), columns.days("DateTime")
    assert calls.sum() == 5_323_661
    assert calls[:5].tolist() == [111, 113, 76, 82, 91]
    assert (len(set(days)), len(calls) // len(set(days))) == (164, 169)
