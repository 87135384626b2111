"""Plans on the command line."""

import numpy as np
import pytest


@pytest.fixture
def customers(tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text(
        "customer,call,mail,most,may_call,may_mail\nA,30,12,1,1,1\nB,28,15,1,1,1\nC,9,8,1,0,1\nD,4,1,0,1,1\n",
        encoding="utf-8",
    )
    return path


def test_the_best_plan_of_a_few(measure, customers):
    found = measure(
        "optimisation.contacts", customers, "--value call,mail --cost 5,1 --budget 7 --capacity 1,any --customer customer",
        "--limit most --plan",
    )  # fmt: skip
    assert (found["value"], found["cost"], found["gap"]) == (53, 7, 0)
    assert found["bound"] == 53
    assert [(one["channel"], one["count"]) for one in found["channels"]] == [("call", 1), ("mail", 2)]
    assert found["plan"] == [
        {"customer": "A", "channels": ["call"]},
        {"customer": "B", "channels": ["mail"]},
        {"customer": "C", "channels": ["mail"]},
    ]
    assert (found["contacted"], found["customers"]) == (3, 4)


def test_offers_of_a_group_exclude_each_other(measure, tmp_path):
    path = tmp_path / "offers.csv"
    path.write_text("gold,basic,loan\n.1,.4,.05\n.3,.2,.1\n", encoding="utf-8")
    words = "--probability gold,basic,loan --margin 100,40,300 --groups card,card,loan --max-offers 2 --plan"
    found = measure("optimisation.offers", path, words)
    assert found["value"] == pytest.approx(91)
    assert [one["offers"] for one in found["plan"]] == [["basic", "loan"], ["gold", "loan"]]


def test_many_customers_with_their_gap(measure, tmp_path):
    rng = np.random.default_rng(20261130)
    table = rng.gamma(1, 10, (12_000, 2)).round(2)
    path = tmp_path / "many.csv"
    np.savetxt(path, table, delimiter=",", header="call,mail", comments="", fmt="%.2f")
    found = measure("optimisation.contacts", path, "--value call,mail --cost 5,1 --budget 9000 --capacity 900,any")
    assert found["cost"] <= 9000
    assert found["channels"][0]["count"] <= 900
    assert 0 <= found["gap"] < 1e-4
    assert found["value"] <= found["bound"]


def test_what_cannot_be_had_names_the_limit(refused, customers):
    words = "--value call,mail --cost 5,1"
    assert "'call' must have at least 3 but its capacity is 2" in refused(
        "optimisation.contacts", customers, words, "--capacity 2,any --minimum 3,any"
    )
    assert "costs at least 15.00, more than the budget of 9.00" in refused(
        "optimisation.contacts", customers, words, "--minimum 3,any --budget 9"
    )
    assert "only 2 customers may get it" in refused(
        "optimisation.contacts", customers, words, "--minimum 3,any --allowed may_call,may_mail --limit most"
    )
    assert "give --cost or --cost-columns" in refused(
        "optimisation.contacts", customers, words, "--cost-columns call,mail"
    )


def test_probabilities_and_values_off_their_range_are_refused(refused, tmp_path):
    path = tmp_path / "offers.csv"
    path.write_text("a,b\n.5,.2\n.1,7\n", encoding="utf-8")
    assert "'b' holds 7 in row 2" in refused("optimisation.offers", path, "--probability a,b --margin 3,4")
    path.write_text("a,b\n.5,.2\n-3,.7\n", encoding="utf-8")
    assert "'a' holds -3 in row 2" in refused("optimisation.offers", path, "--probability a,b")
    path.write_text("a,b\n1,2\n1e308,7\n", encoding="utf-8")
    assert "a holds 1e+308 in row 2: no measure is that large" in refused("optimisation.contacts", path, "--value a,b")
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    assert "cost must be at most" in refused("optimisation.contacts", path, "--value a,b --cost 1e300,1")
