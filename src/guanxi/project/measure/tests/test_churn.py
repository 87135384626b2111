"""Survival, hazard and early warning on the command line."""

import numpy as np
import pytest

from guanxi_methods.churn.tests.printed import FREIREICH, first_event
from tests.public_data import PublicDataFinder


@pytest.fixture
def telco(public_data: PublicDataFinder):
    return public_data("telco_churn/Telco-Customer-Churn.csv", whole=True).path


@pytest.fixture
def remission(tmp_path):
    """Freireich et al. 1963, separated by semicolons."""
    path = tmp_path / "remission.csv"
    rows = [f"{weeks};{event};{group}" for weeks, event, group in zip(*FREIREICH, strict=True)]
    path.write_text("\n".join(["weeks;relapse;drug", *rows]))
    return path


def test_survival_of_telco(measure, telco):
    """SOURCES: S(12) .84320, S(24) .78874, S(48) .70884, S(72) .59279; the median is not reached."""
    found = measure("churn.survival", telco, "--duration tenure --event Churn --event-value Yes --group Contract")
    assert [round(found["survival"][month], 5) for month in ("12", "24", "48", "72")] == [
        0.8432, 0.78874, 0.70884, 0.59279,
    ]  # fmt: skip
    assert found["median"] is None
    assert (found["customers"], found["events"]) == (7043, 1869)
    assert set(found["groups"]) == {"Month-to-month", "One year", "Two year"}
    assert found["log_rank"]["degrees_of_freedom"] == 2
    assert found["interval"]["12"][0] < 0.8432 < found["interval"]["12"][1]


def test_survival_by_group_of_freireich(measure, remission, refused):
    found = measure("churn.survival", remission, "--duration weeks --event relapse --group drug")
    assert round(found["log_rank"]["chi2"], 2) == 16.79
    assert (found["groups"]["6-MP"]["median"], found["groups"]["placebo"]["median"]) == (23, 8)
    assert found["groups"]["6-MP"]["median_interval"] == [13, None]
    assert round(found["groups"]["6-MP"]["survival"]["23"], 4) == 0.4482
    assert "--event-value" in refused("churn.survival", remission, "--duration weeks --event drug")
    assert "'yes'" in refused("churn.survival", remission, "--duration weeks --event drug --event-value yes")
    assert "relapse" in refused("churn.survival", remission, "--duration weeks --event relaps")


def test_hazard_of_singer_and_willett(measure, tmp_path, refused):
    path = tmp_path / "boys.csv"
    path.write_text(
        "\n".join(["grade,event,pt", *(",".join(map(str, row)) for row in zip(*first_event(), strict=True))])
    )
    whole = measure("churn.hazard", path, "--duration grade --event event")
    assert [round(whole["hazard"][str(period)], 4) for period in range(1, 7)] == [
        0.0833, 0.0424, 0.1519, 0.2164, 0.2381, 0.325,
    ]  # fmt: skip
    found = measure("churn.hazard", path, "--duration grade --event event --covariates pt")
    assert round(found["coefficients"]["pt"]["estimate"], 4) == 0.8736
    assert round(-2 * found["log_likelihood"], 2) == 634.66
    assert "width" in refused("churn.hazard", path, "--duration grade --event event --width -1")


@pytest.mark.full
def test_warning_of_telco(measure, telco):
    found = measure(
        "churn.warn", telco, "--target Churn --target-value Yes --customer customerID --worth MonthlyCharges --top 3"
    )
    assert 0.83 < found["auc"] < 0.86
    assert found["auc_interval"][0] < found["auc"] < found["auc_interval"][1]
    assert found["refused_columns"] == []
    assert round(found["base_rate"], 4) == 0.2654
    assert found["calibration_error"] < 0.04
    assert found["lift_top_decile"] > 2.5
    assert len(found["top"]) == 3
    assert len(found["top"][0]["reasons"]) == 3
    assert found["top"][0]["at_stake"] == pytest.approx(found["top"][0]["probability"] * found["top"][0]["worth"])


@pytest.mark.full
def test_warning_of_bank_marketing_refuses_duration(measure, public_data):
    bank = public_data("bank_marketing/bank-full.csv.gz", whole=True).path
    found = measure("churn.warn", bank, "--target y --target-value yes")
    assert [one["column"] for one in found["refused_columns"]] == ["duration"]
    assert 0.10 < found["refused_columns"][0]["auc_drop"] < 0.16
    assert 0.785 < found["auc"] < 0.815
    kept = measure("churn.warn", bank, "--target y --target-value yes --known-before duration --model logistic")
    assert kept["refused_columns"] == []
    assert kept["auc"] > 0.89


def test_a_small_warning_and_what_it_refuses(measure, refused, tmp_path):
    rng = np.random.default_rng(1)
    months, calls = rng.integers(1, 40, 400), rng.poisson(2, 400)
    left = rng.random(400) < 1 / (1 + np.exp(1 + 0.03 * months - 0.3 * calls))
    rows = [
        f"{m}\t{c}\t{'gone' if x else ''}\t{'Yes' if x else 'No'}" for m, c, x in zip(months, calls, left, strict=True)
    ]
    path = tmp_path / "customers.tsv"
    path.write_text("\n".join(["months\tcalls\tstate\tchurn", *rows]))
    words = "--target churn --target-value Yes --model logistic --known-before months"
    found = measure("churn.warn", path, words)
    assert [one["column"] for one in found["refused_columns"]] == ["state"]
    assert found["used_columns"] == ["months", "calls"]
    path.write_text("\n".join(["months\tcalls\tstate\tchurn", *(row for row in rows if row.endswith("No"))]))
    assert "no outcome is 'Yes'" in refused("churn.warn", path, "--target churn --target-value Yes")
    few = [row for row in rows if row.endswith("Yes")][:12] + [row for row in rows if row.endswith("No")]
    path.write_text("\n".join(["months\tcalls\tstate\tchurn", *few]))
    assert "12 customers who left: 30 are needed" in refused("churn.warn", path, "--target churn --target-value Yes")


def test_backtest_by_month(measure, tmp_path):
    rng = np.random.default_rng(2)
    days = np.datetime64("2025-01-01") + rng.integers(0, 120, 900)
    months = rng.integers(1, 40, 900)
    left = rng.random(900) < 1 / (1 + np.exp(1 + 0.08 * (months - 12)))
    path = tmp_path / "history.csv"
    path.write_text(
        "\n".join(["day,months,churn", *(f"{d},{m},{int(x)}" for d, m, x in zip(days, months, left, strict=True))])
    )
    found = measure(
        "churn.backtest", path, "--target churn --period day --by month --model logistic --known-before months"
    )
    assert [one["period"] for one in found["origins"]] == ["2025-02", "2025-03", "2025-04"]
    assert found["auc_interval"][0] < found["auc"] < found["auc_interval"][1]
    assert found["auc"] > 0.6


def test_drift_of_telco_by_contract(measure, telco, refused):
    found = measure("churn.drift", telco, "--by Contract --current 'Two year' --columns tenure,gender,PaymentMethod")
    told = {one["column"]: one for one in found["columns"]}
    assert told["tenure"]["verdict"] == "large"
    assert told["gender"]["verdict"] == "stable"
    assert "tenure" in found["moved"]
    assert found["current"] == 1695
    assert measure("churn.drift", telco, "--by tenure --since 40 --columns gender")["moved"] == []
    assert "either --since or --current" in refused("churn.drift", telco, "--by tenure")


def test_kinds_of_a_list_of_losses(measure, refused, tmp_path):
    path = tmp_path / "lost.csv"
    path.write_text("id,为什么,open_complaints,margin\nA,搬迁,0,100\nB,同行更便宜,1,200\nC,,2,300\nD,,0,400\n")
    found = measure("churn.kinds", path, "--reason 为什么 --worth margin --customer id")
    assert {one["kind"]: one["customers"] for one in found["kinds"]} == {
        "natural": 1, "malicious": 0, "competitive": 1, "fault": 1, "undetermined": 1,
    }  # fmt: skip
    assert found["each"][1]["evidence"] == {"competitive": ["reason: 同行更便宜"], "fault": ["open_complaints: 1"]}
    rules = tmp_path / "rules.yml"
    rules.write_text("- {kind: malicious, column: margin, at_least: 300}\n")
    own = measure("churn.kinds", path, f"--rules {rules}")
    assert {one["kind"]: one["customers"] for one in own["kinds"]}["malicious"] == 2
    rules.write_text("- {kind: malicious, field: margin}\n")
    assert "rule 1 has kind, field" in refused("churn.kinds", path, f"--rules {rules}")
    assert "cannot be read" in refused("churn.kinds", path, f"--rules {tmp_path / 'none.yml'}")


def test_drift_says_when_no_row_is_of_now(refused, tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text("z,x\n" + "".join(f"{2020 + row % 2},{row}\n" for row in range(60)), encoding="utf-8")
    assert "no row has 'nope' in the column 'z'" in refused("churn.drift", path, "--by z --current nope")
    assert "no row of 'z' comes from '2030'" in refused("churn.drift", path, "--by z --since 2030")
    assert "there is no reference" in refused("churn.drift", path, "--by z --since 2000")
