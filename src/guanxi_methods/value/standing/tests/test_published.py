"""Worked examples that are in print; which of their figures were read and which are recalled or redone, each says."""

import pytest

from guanxi_methods.value.standing import CostToServe

# C. T. Horngren, S. M. Datar, M. Rajan, "Cost Accounting", the exercise of Spring Distribution, customers P Q R S T:
# volumes, prices and rates as printed in the exercise, the incomes worked out from them by hand.
SPRING = {
    "cases": [2080, 8750, 60800, 31800, 3900],
    "orders": [15, 25, 30, 25, 30],
    "visits": [2, 3, 6, 2, 3],
    "miles": [10 * 14, 30 * 4, 60 * 3, 40 * 8, 20 * 40],
    "expedited": [0, 0, 0, 0, 1],
}
PRICES = [14.40, 14.16, 13.20, 13.92, 12.96]


def test_spring_distribution_of_horngren():
    margin = [cases * (price - 12) for cases, price in zip(SPRING["cases"], PRICES, strict=True)]
    served = CostToServe(rates={"orders": 100, "visits": 80, "miles": 2, "cases": 0.50, "expedited": 300}).fit(
        SPRING, margin
    )
    assert served.profit_.round(6).tolist() == [2012, 11545, 38720, 41856, -3346]
    assert served.n_unprofitable_ == 1
    curve = served.whale_curve()
    assert (curve.peak_customers, round(curve.peak_amount)) == (4, 94133)
    assert served.total_profit_ == pytest.approx(90787)


def test_time_driven_costing_of_kaplan_and_anderson():
    # R. S. Kaplan, S. R. Anderson, Harvard Business Review 82(11), 2004: $560,000 for 700,000 minutes, $.80 a minute;
    # orders of 8, inquiries of 44, credit checks of 50 minutes: $6.40, $35.20, $40; in the quarter 51,000, 1,150, 2,700;
    # recalled, the arithmetic redone
    minutes = {"minutes": [51_000 * 8, 1_150 * 44, 2_700 * 50]}
    served = CostToServe(pools={"minutes": 560_000}, capacity={"minutes": 700_000}).fit(minutes, [0, 0, 0])
    assert served.rates_["minutes"] == pytest.approx(0.80)
    assert served.cost_to_serve_.round(2).tolist() == [326_400, 40_480, 108_000]
    assert served.by_activity_["minutes"] == pytest.approx(474_880)
    assert served.unused_["minutes"] == pytest.approx(85_120)


def test_the_exercise_of_carbon_company():
    # an exercise of cost accounting (Carbon Company, classes C and D), its pools and volumes as printed, the rest by hand
    volumes = {"orders": [400, 40], "calls": [40, 40], "service": [200, 100]}
    served = CostToServe(pools={"orders": 1_760_000, "calls": 640_000, "service": 600_000}).fit(
        volumes, [200_000 * 25, 200_000 * 25]
    )
    assert served.rates_ == {"orders": 4000, "calls": 8000, "service": 2000}
    assert served.cost_to_serve_.tolist() == [2_320_000, 680_000]
    assert served.profit_.tolist() == [2_680_000, 4_320_000]
