"""What cannot be measured is refused in one sentence that says what and where."""

import numpy as np
import pytest

from guanxi_methods.errors import MethodError, TooFewError
from guanxi_methods.loyalty import (
    AttitudinalLoyalty,
    BehaviouralLoyalty,
    FourDegrees,
    LoyaltyLadder,
    LoyaltyMatrix,
    LoyaltyShare,
    LoyaltyTypes,
    NetPromoterScore,
    PriceSensitivity,
    RelationshipStage,
    SatisfactionLoyaltyChange,
    SatisfactionLoyaltyCurve,
    compare_nps,
    incident_tolerance,
    nps_interval,
    price_tolerance,
)
from guanxi_methods.loyalty.intervals import mean, ratio


@pytest.mark.parametrize("wrong", [11, -1, 7.5])
def test_scores_off_the_scale_are_named_with_their_row(wrong):
    with pytest.raises(MethodError, match=f"holds {wrong} in row 3: .*whole number from 0 to 10"):
        NetPromoterScore().fit([9, 8, wrong])


def test_answers_missing_by_item_and_none_at_all():
    found = NetPromoterScore().fit([9, None, 3, ""])
    assert (found.n_, found.nps_, found.groups_.tolist()) == (2, 0.0, ["promoter", "", "detractor", ""])
    assert found.notes_ == ("2 rows without an answer were left out",)
    with pytest.raises(TooFewError, match="no answer"):
        NetPromoterScore().fit([None, None])
    with pytest.raises(TooFewError, match="empty"):
        NetPromoterScore().fit([])


def test_answers_all_the_same_are_said_to_be():
    found = NetPromoterScore().fit([10] * 8)
    assert found.nps_ == 100
    assert found.standard_error_ == 0
    assert found.interval_[0] < 90
    assert found.interval_[1] == 100
    assert "all answers fall in one group" in found.notes_[0]
    assert nps_interval([8, 0, 0], method="score")[0] == pytest.approx(-100)


def test_parameters_of_the_score():
    for arguments in ({"level": 95}, {"level": 0}, {"interval_method": "exact"}):
        with pytest.raises(MethodError, match="must"):
            NetPromoterScore(**arguments).fit([9, 3])
    with pytest.raises(MethodError, match="negative weight, first in row 2"):
        NetPromoterScore().fit([9, 3], weights=[1, -1])
    with pytest.raises(MethodError, match="three counts"):
        nps_interval([-1, 2, 3])
    with pytest.raises(MethodError, match="call fit first"):
        compare_nps(NetPromoterScore().fit([9]), NetPromoterScore())


def test_logs_of_purchases():
    with pytest.raises(MethodError, match="date must hold dates, but row 2 holds 'soon'"):
        BehaviouralLoyalty().fit(["a", "b"], ["2026-01-01", "soon"])
    with pytest.raises(MethodError, match="date holds a missing date, first in row 2"):
        BehaviouralLoyalty().fit(["a", "b"], ["2026-01-01", None])
    with pytest.raises(TooFewError, match="no purchase of a known customer"):
        RelationshipStage().fit(["a", "b"], ["2026-01-01", "2026-01-02"], [-5, 0])
    with pytest.raises(MethodError, match="product holds 1 values where 2 are needed"):
        BehaviouralLoyalty().fit(["a", "b"], [1, 2], product=["x"])
    with pytest.raises(MethodError, match="full_price must hold 0 and 1, but row 2 holds 2"):
        BehaviouralLoyalty().fit(["a", "b"], [1, 2], full_price=[0, 2])
    with pytest.raises(MethodError, match="window_days must be a whole number"):
        BehaviouralLoyalty(window_days=0).fit(["a"], [1])


def test_returns_unknown_customers_and_late_rows_are_left_out_and_noted():
    found = BehaviouralLoyalty().fit(
        ["a", "a", None, "b", "b"], ["2026-01-01", "2026-02-01", "2026-01-01", "2026-01-05", "2026-03-01"],
        [10, -10, 5, 7, 9], at="2026-02-15",
    )  # fmt: skip
    assert found.customers_["purchases"].tolist() == [1, 1]
    assert {note.template.split("{count} ")[-1][:20] for note in found.notes_} >= {
        "rows without a custo",
        "rows with an amount ",
        "rows after the last ",
    }


def test_a_single_purchase_and_one_on_the_last_day():
    found = RelationshipStage().fit(["a", "b"], ["2026-01-01", "2026-01-31"], at="2026-01-31")
    assert found.labels_.tolist() == ["exploration", "exploration"]
    assert found.mean_interval_days_ is None
    assert "nobody bought twice" in found.notes_[0]
    measured = BehaviouralLoyalty().fit(["a"], ["2026-01-01"])
    assert measured.measures_["repeat_rate"].value == 0
    assert "purchase_interval_days" not in measured.measures_
    assert measured.measures_["tenure_days"].interval is None


def test_shares():
    with pytest.raises(MethodError, match="more than the total in row 2"):
        LoyaltyShare().fit([1, 5], [2, 4])
    with pytest.raises(MethodError, match="ours is negative, first in row 1"):
        LoyaltyShare().fit([-1, 5], [2, 6])
    with pytest.raises(TooFewError, match="adds up to 0"):
        LoyaltyShare().fit([0, 0], [0, 0])
    faithful = LoyaltyShare().fit([3, 4, 5], [3, 4, 5])
    assert faithful.share_.value == 1
    assert faithful.share_.low < 0.5, "three faithful customers prove little"
    assert ratio(np.array([1.0]), np.array([2.0])).interval is None
    with pytest.raises(TooFewError):
        mean(np.array([]))


def test_survey_items():
    with pytest.raises(MethodError, match="trust holds 8 in row 2: answers must be from 1 to 7"):
        AttitudinalLoyalty(scale=(1, 7)).fit({"trust": [3, 8]})
    with pytest.raises(MethodError, match="did you mean 'trust'"):
        AttitudinalLoyalty(scale=(1, 7), reverse=["trst"]).fit({"trust": [3, 4]})
    with pytest.raises(TooFewError, match="nobody answered trust"):
        AttitudinalLoyalty(scale=(1, 7)).fit({"trust": [None, None], "again": [3, 4]})
    with pytest.raises(MethodError, match="lowest and its highest"):
        AttitudinalLoyalty(scale=(7, 1)).fit({"trust": [3, 4]})
    alone = AttitudinalLoyalty(scale=(1, 7)).fit({"trust": [3, 4]})
    assert alone.alpha_ is None
    assert "alpha" in alone.notes_[0]
    same = AttitudinalLoyalty(scale=(1, 7)).fit({"trust": [4, 4], "again": [4, 4]})
    assert same.alpha_ is None
    assert same.index_.value == 50


def test_prices_and_incidents():
    with pytest.raises(MethodError, match="price must be over 0: row 2 is not"):
        PriceSensitivity().fit([1, 0], [1, 1], ["a", "a"])
    with pytest.raises(TooFewError, match="at least 2 customers who paid different prices are needed, there are 1"):
        PriceSensitivity().fit([1, 2, 3], [3, 2, 1], ["a", "a", "b"])
    with pytest.raises(TooFewError, match="every customer had an incident"):
        incident_tolerance([1, 1], [0, 1])
    with pytest.raises(MethodError, match="stayed must hold 0 and 1, but row 1 holds 2"):
        incident_tolerance([1, 0], [2, 1])
    with pytest.raises(TooFewError):
        price_tolerance([None])


def test_matrices_types_and_ladder():
    with pytest.raises(MethodError, match='cut of attitude must be a number, "median" or "mean"'):
        LoyaltyMatrix(attitude_cut="half").fit([1, 2], [1, 2])
    with pytest.raises(MethodError, match="nobody to place"):
        LoyaltyMatrix().fit([1, None], [None, 2])
    with pytest.raises(MethodError, match="attachment is missing for every customer"):
        LoyaltyTypes().fit([None], [1], [1], [1], [1])
    with pytest.raises(MethodError, match="no row 4"):
        LoyaltyTypes().fit([1], [1], [1], [1], [1]).evidence(4)
    with pytest.raises(MethodError, match=r"purchases must hold whole numbers .* row 2 holds -1"):
        LoyaltyLadder().fit([1, -1])
    with pytest.raises(MethodError, match="share must be from 0 to 1, but row 1 holds 40"):
        LoyaltyLadder().fit([1], share=[40])
    everyone = LoyaltyMatrix().fit([1, 1, 1], [1, 2, 3])
    assert "one side of the cut of behaviour at 1" in everyone.notes_[0]
    assert everyone.association_.phi is None


def test_curves_and_changes():
    with pytest.raises(TooFewError, match="at least 30 customers, all has 10"):
        SatisfactionLoyaltyCurve().fit(range(10), range(10))
    with pytest.raises(MethodError, match="satisfaction is 4 for everybody"):
        SatisfactionLoyaltyCurve().fit([4] * 30, range(30))
    with pytest.raises(MethodError, match="beyond its scale from 0 to 10"):
        SatisfactionLoyaltyCurve(loyalty_scale=(0, 10)).fit(list(range(30)), list(range(30)))
    told_apart = SatisfactionLoyaltyCurve().fit([1] * 20 + [2] * 20, [0] * 20 + [1] * 20)
    assert told_apart.curves_["all"].logit_slope is None
    assert any("no finite value" in note for note in told_apart.notes_)
    with pytest.raises(TooFewError, match="at least 30 customers asked at both times are needed, there are 3"):
        SatisfactionLoyaltyChange().fit([1, 2, 3], [2, 3, 4], [1, 1, 1], [2, 2, 2])
    with pytest.raises(TooFewError, match="changed by 1"):
        SatisfactionLoyaltyChange().fit([1] * 30, [2] * 30, [1] * 30, range(30))
    only_rises = SatisfactionLoyaltyChange().fit([1] * 30, list(range(1, 31)), [0] * 30, np.arange(30) ** 1.5)
    assert only_rises.fall_slope_ is None
    assert "cannot be told apart" in only_rises.notes_[0]


def test_degrees():
    with pytest.raises(MethodError, match="satisfaction holds 6 in row 2: answers must be from 1 to 5"):
        FourDegrees((1, 5)).fit([3, 6], [1, 2], [1, 0], [1, 2])
    with pytest.raises(TooFewError, match="nobody answered on loyalty"):
        FourDegrees((1, 5)).fit([3, 4], [None, None], [1, 0], [1, 2])
    losses = FourDegrees((1, 5)).fit([3, None], [50, 60], [1, 0], [1, -2])
    assert losses.degrees_["all"].contribution is None
    assert any("contribute nothing" in note for note in losses.notes_)
    assert losses.degrees_["all"].satisfaction.interval is None
