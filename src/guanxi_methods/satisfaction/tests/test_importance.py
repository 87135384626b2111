"""Derived importance: relaimpo's printed figures, every order by hand, sampling with its error, intervals."""

import numpy as np
import pytest

from guanxi_methods.errors import MethodError
from guanxi_methods.satisfaction import DerivedImportance, lmg
from guanxi_methods.satisfaction.tests import plain

# Correlations of the swiss data (Mosteller & Tukey 1977, pp. 549-551; R's datasets package): Fertility, Agriculture,
# Examination, Education, Catholic, Infant.Mortality.
SWISS = """1
0.353079183620 1
-0.645882706457 -0.686542208617 1
-0.663788857035 -0.639522518948 0.698415296288 1
0.463684700652 0.401095053049 -0.572741806064 -0.153858917091 1
0.416556031435 -0.060858608417 -0.114021596482 -0.099321845821 0.175495907597 1"""


def swiss():
    lower = [[float(cell) for cell in line.split()] for line in SWISS.splitlines()]
    made = np.array([row + [0.0] * (6 - len(row)) for row in lower])
    return made + made.T - np.eye(6)


def test_the_swiss_data_come_out_as_relaimpo_prints_them():
    # relaimpo 2.2: calc.relimp(lm(Fertility ~ ., swiss), type = "lmg"), and rela = TRUE (Groemping 2006).
    found = lmg(swiss())
    assert found.r2 == pytest.approx(0.706735001593, abs=5e-10)
    assert found.contributions == pytest.approx(
        [0.0570912207681, 0.1711730289002, 0.2601346786244, 0.1055701503735, 0.1127659229265], abs=5e-10
    )
    assert found.shares == pytest.approx(
        [0.0807816517357, 0.2422025632160, 0.3680795178364, 0.1493772773891, 0.1595589898228], abs=5e-10
    )
    assert found.monte_carlo_error is None


def correlated(rng, size, items):
    rows = rng.normal(size=(size, items)) + rng.normal(size=(size, 1))
    return rows, rows @ np.linspace(1, 0, items) + 2 * rng.normal(size=size)


def test_every_order_by_hand_gives_the_same():
    rows, overall = correlated(np.random.default_rng(1), 40, 5)
    assert lmg(np.cov(overall, rows.T)).contributions == pytest.approx(plain.lmg(rows, overall))


def test_blocks_give_what_the_whole_gives(monkeypatch):
    rows, overall = correlated(np.random.default_rng(1), 40, 6)
    covariance = np.cov(overall, rows.T)
    whole = lmg(covariance).contributions
    monkeypatch.setattr("guanxi_methods.satisfaction.importance.BLOCK_ITEMS", 2)
    assert lmg(covariance).contributions == pytest.approx(whole)


def test_sampled_orders_lie_as_far_off_as_their_error_says():
    rows, overall = correlated(np.random.default_rng(4), 200, 8)
    covariance = np.cov(overall, rows.T)
    exact = lmg(covariance).contributions
    off = []
    for seed in range(40):
        sampled = lmg(covariance, exact_items=3, n_orders=200, random_state=seed)
        assert sampled.r2 == pytest.approx(float(exact.sum()))
        off.append((sampled.contributions - exact) / sampled.monte_carlo_error)
    assert 0.85 < np.std(off) < 1.15


def test_respondents_do_to_the_shares_what_leaving_them_out_shows():
    rows, overall = correlated(np.random.default_rng(6), 60, 3)
    found = DerivedImportance().fit(rows, overall)

    def share(rows, overall):
        contributions = plain.lmg(rows, overall)
        return contributions[0] / sum(contributions)

    low, high = found.intervals_["x1"]
    # 2.0010 is Student's quantile with 59 degrees of freedom.
    assert (high - low) / 2 / 2.0010 == pytest.approx(plain.jackknife_error(share, rows, overall), rel=0.12)


@pytest.mark.full
def test_the_interval_of_a_share_holds_the_truth_as_often_as_it_says():
    truth = DerivedImportance().fit(*correlated(np.random.default_rng(0), 200_000, 4)).shares_["x2"]
    held = [
        low <= truth <= high
        for low, high in (
            DerivedImportance().fit(*correlated(np.random.default_rng(50 + trial), 200, 4)).intervals_["x2"]
            for trial in range(250)
        )
    ]
    assert 0.908 <= np.mean(held) <= 0.992  # three binomial standard errors


def test_a_covariance_that_is_none_is_refused():
    with pytest.raises(MethodError, match="square and symmetric"):
        lmg([[1, 0.5], [0.2, 1]])
    with pytest.raises(MethodError, match="the same for all"):
        lmg([[0, 0], [0, 1]])
