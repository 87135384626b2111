"""ABC, pyramid and RFM on the command line."""

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.public_data import PublicDataFinder


@pytest.fixture
def purchases(public_data: PublicDataFinder, tmp_path):
    """Online Retail: positive quantity and price, a known customer, with the amount of each line."""
    lines = pq.read_table(public_data("online_retail/online_retail.parquet", whole=True).path)
    lines = lines.filter((pc.field("Quantity") > 0) & (pc.field("UnitPrice") > 0) & pc.field("CustomerID").is_valid())
    amounts = np.rint(lines["Quantity"].to_numpy() * lines["UnitPrice"].to_numpy() * 100) / 100
    path = tmp_path / "purchases.parquet"
    pq.write_table(lines.append_column("Amount", [amounts]), path)
    return path


def test_classes_of_online_retail(measure, purchases):
    """SOURCES: 4,338 customers, 8,911,407.90; 1,133 reach 80%, 2,602 reach 95%."""
    found = measure("value.abc", purchases, "--customer CustomerID --amount Amount")
    assert found["customers"] == 4338
    assert found["amount"] == pytest.approx(8911407.90, abs=0.005)
    assert [one["customers"] for one in found["classes"]] == [1133, 2602 - 1133, 4338 - 2602]
    assert sum(one["share"] for one in found["classes"]) == pytest.approx(1)
    tiers = measure("value.pyramid", purchases, "--customer CustomerID --amount Amount")["classes"]
    assert [one["customers"] for one in tiers] == [44, 173, 651, 3470]
    assert sum(one["share"] for one in tiers[:3]) == pytest.approx(0.74617, abs=5e-6)


def test_rfm_of_online_retail(measure, purchases):
    """SOURCES: at 2011-12-10 mean R 93.059 (median 51), F 4.272, M 2,054.266 (median 674.485)."""
    by_invoice = measure(
        "value.rfm", purchases,
        "--customer CustomerID --date InvoiceDate --amount Amount --at 2011-12-10 --transaction InvoiceNo",
    )  # fmt: skip
    assert by_invoice["customers"] == 4338
    assert by_invoice["recency_mean"] == pytest.approx(93.059, abs=5e-4)
    assert by_invoice["recency_median"] == 51
    assert by_invoice["frequency_mean"] == pytest.approx(4.272, abs=5e-4)
    assert by_invoice["monetary_mean"] == pytest.approx(2054.266, abs=5e-4)
    assert by_invoice["monetary_median"] == pytest.approx(674.485, abs=5e-4)
    assert sum(by_invoice["segments"].values()) == 4338
    # Without invoices the moments tell purchases apart: a few invoices were written in the same minute.
    by_moment = measure(
        "value.rfm", purchases, "--customer CustomerID --date InvoiceDate --amount Amount --at 2011-12-10"
    )
    assert by_moment["frequency_mean"] == pytest.approx(4.272, abs=0.05)


def test_the_day_recency_is_counted_to_counts(measure, public_data, tmp_path):
    path = tmp_path / "three.csv"
    path.write_text("c,d,a\nA,2024-03-01,10\nA,2024-04-01,20\nB,2024-03-31,5\nB,2024-04-02,9\n")
    found = measure("value.rfm", path, "--customer c --date d --amount a --at 2024-04-01")
    assert (found["recency_mean"], found["frequency_mean"], found["monetary_mean"]) == (0.5, 1.5, 17.5)
    assert found["warnings"] == ["1 rows after 2024-04-01 are left out"]
    log = (public_data("cdnow/CDNOW_sample.txt", whole=True).path, "--customer 1 --date 3 --amount 5 --at 1998-06-30")
    assert measure("value.rfm", *log)["recency_mean"] == pytest.approx(371.5639, abs=5e-5)


def test_a_file_without_header_is_asked_by_position(measure, public_data):
    found = measure("value.abc", public_data("cdnow/CDNOW_sample.txt", whole=True).path, "--customer 1 --amount 5")
    assert found["customers"] == 2357
    assert found["amount"] == pytest.approx(244091.94)
