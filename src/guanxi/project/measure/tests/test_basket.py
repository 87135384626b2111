"""Association rules on the command line."""

import json

import pytest

BASKETS = [["茶", "杯子"], ["茶", "杯子", "糖"], ["茶"], ["糖"], []]


@pytest.fixture
def groceries(public_data):
    return public_data("groceries/groceries_baskets.jsonl", whole=True).path


@pytest.fixture
def lists(tmp_path):
    path = tmp_path / "baskets.jsonl"
    path.write_text("\n".join(json.dumps(basket, ensure_ascii=False) for basket in BASKETS), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("support", "confidence", "rules"), [(".001", ".8", 410), (".001", ".5", 5668), (".006", ".25", 463)]
)
def test_groceries_as_published(measure, groceries, support, confidence, rules):
    """SOURCES: so many rules; density and highest lift."""
    found = measure("basket.rules", groceries, "--support", support, "--confidence", confidence)
    assert found["rules"] == rules
    assert round(found["density"], 8) == 0.02609146
    assert len(found["top"]) == 10
    if rules == 5668:
        first = found["top"][0]
        assert (first["if"], first["then"]) == (["Instant food products", "soda"], "hamburger meat")
        assert first["lift"] == pytest.approx(18.99565, abs=5e-6)
        assert found["itemsets"] == 13492


@pytest.mark.full
def test_online_retail_as_another_program_finds_it(measure, public_data):
    """mlxtend 0.23.4 (fpgrowth, association_rules) on the same 25,900 invoices: sets, rules with one item on the right."""
    found = measure(
        "basket.rules", public_data("online_retail/online_retail.parquet", whole=True).path,
        "--transaction InvoiceNo --item StockCode --support .01 --confidence .5 --top 1",
    )  # fmt: skip
    assert (found["baskets"], found["items"]) == (25900, 4070)
    assert (found["itemsets"], found["rules"]) == (1087, 359)
    assert found["top"][0]["lift"] == pytest.approx(60.26038744595888)


def test_lines_of_transaction_and_item_give_the_same_as_lists(measure, groceries, tmp_path):
    path = tmp_path / "lines.csv"
    baskets = [json.loads(line) for line in groceries.read_text(encoding="utf-8").splitlines()]
    lines = [f'{number},"{item}"' for number, basket in enumerate(baskets) for item in basket]
    path.write_text("\n".join(["receipt,article", *lines]), encoding="utf-8")
    thresholds = "--support .005 --confidence .3 --top 20"
    one = measure("basket.rules", path, thresholds, "--transaction receipt --item article")
    assert one == measure("basket.rules", groceries, thresholds)


def test_every_rule_is_told_with_its_measures(measure, lists):
    found = measure("basket.rules", lists, "--support .2 --confidence .6 --top 1")
    assert (found["baskets"], found["itemsets"], found["itemsets_by_length"]) == (5, 7, {"1": 3, "2": 3, "3": 1})
    (first,) = found["top"]
    assert (first["if"], first["then"]) == (["糖", "茶"], "杯子")
    assert (first["support"], first["confidence"], first["conviction"]) == (0.2, 1.0, None)
    assert first["lift"] == pytest.approx(5 / 2)
    assert not first["redundant"]


def test_rows_without_an_item_are_left_out_and_said_so(measure, tmp_path):
    path = tmp_path / "lines.csv"
    path.write_text("t,i\n1,a\n1,b\n2,a\n2,\n", encoding="utf-8")
    found = measure("basket.rules", path, "--support .5 --confidence .5 --transaction t --item i")
    assert found["baskets"] == 2
    assert found["warnings"] == ["1 rows without a transaction or an item are left out"]


def test_what_cannot_be_done_is_told(refused, lists, tmp_path):
    path = tmp_path / "lines.csv"
    path.write_text("t,i\n1,a\n1,b\n", encoding="utf-8")
    assert "min_support must be a share" in refused("basket.rules", lists, "--support 2 --confidence .5")
    assert "name the columns by --transaction" in refused("basket.rules", path, "--support .1 --confidence .5")
    words = "--support .1 --confidence .5 --transaction t --item"
    assert "there is no column 'article'" in refused("basket.rules", path, words, "article")
    assert "leave --transaction and --item out" in refused("basket.rules", lists, words, "i")
