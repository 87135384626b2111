"""Figures in print, to the digits they were printed with."""

import numpy as np
import pytest

from guanxi_methods.value.lifetime import (
    BGBB,
    BGNBD,
    MBGNBD,
    GammaGamma,
    ParetoNBD,
    ShiftedBetaGeometric,
    renewals_of,
)
from guanxi_methods.value.lifetime.maximum import climb
from guanxi_methods.value.lifetime.summaries import as_lines
from guanxi_methods.value.lifetime.tests import donations

REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241]
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]


def rounded(model, digits):
    return [round(value, digits) for value in model.params_.values()]


def with_params(method, *params):
    """A model whose parameters are those in print."""
    model = method()
    model.params_, model.at_edge_ = dict(zip(method.PARAMS, params, strict=True)), ()
    return model


def test_history_of_cdnow(cdnow):
    """SOURCES: repeat histogram over 39 weeks 0..7+."""
    assert cdnow.customers.size == 2357
    assert np.bincount(np.minimum(cdnow.x, 7)).tolist() == [1411, 439, 214, 100, 62, 38, 29, 64]
    assert [round(float(value), 2) for value in (cdnow.t_x[0], cdnow.T[0])] == [30.43, 38.86]
    assert cdnow.holdout_t == 39


def test_bgnbd_on_cdnow(cdnow):
    """Fader, Hardie & Lee 2005, Marketing Science 24, table 2 and p. 282; further digits by CLVTools' tests."""
    model = BGNBD().fit(cdnow.x, cdnow.t_x, cdnow.T)
    assert rounded(model, 3) == [0.243, 4.414, 0.793, 2.426]
    assert round(model.log_likelihood_, 1) == -9582.4
    assert list(model.params_.values()) == pytest.approx([0.2425945, 4.4136019, 0.7929199, 2.4258881], rel=1e-5)
    assert model.log_likelihood_ == pytest.approx(-9582.429, abs=5e-4)
    assert round(float(model.expected_transactions(39, 2, 30.43, 38.86)[0]), 3) == 1.226
    # The BTYD vignette prints these for parameters found by its own search, which stops a little before the top.
    assert float(model.expected_new(52)[0]) == pytest.approx(1.444004, abs=2e-5)
    assert float(model.expected_transactions(52, 26, 30.857, 31)[0]) == pytest.approx(25.75659, rel=5e-5)
    assert float(model.p_alive(26, 216 / 7, 31)[0]) == pytest.approx(0.9688523, abs=5e-6)
    # Fader & Hardie's spreadsheet of the model: E[X(t)] after a day, one, three and 31.9 weeks, and 78.
    found = model.expected_new([0.1429, 1.0, 3.0, 31.8571, 32.0, 78.0])
    assert found == pytest.approx([0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.8576], abs=1e-3)


def test_mbgnbd_on_cdnow(cdnow):
    """Batislam, Denizel & Filiztekin 2007, figures of the CDNOW sample."""
    assert rounded(MBGNBD().fit(cdnow.x, cdnow.t_x, cdnow.T), 3) == [0.525, 6.183, 0.891, 1.614]


def test_paretonbd_on_cdnow(cdnow):
    """Fader, Hardie & Lee 2005, table 2; standard errors by CLVTools' tests; the BTYD vignette."""
    model = ParetoNBD().fit(cdnow.x, cdnow.t_x, cdnow.T)
    assert rounded(model, 3) == pytest.approx([0.553, 10.578, 0.606, 11.669])
    assert round(model.log_likelihood_, 1) == -9595.0
    assert model.log_likelihood_ == pytest.approx(-9594.976, abs=5e-4)
    assert list(model.standard_errors_.values()) == pytest.approx(
        [0.0476264, 0.8427222, 0.1872594, 6.2105448], rel=5e-4
    )
    assert float(model.expected_new(52)[0]) == pytest.approx(1.473434, abs=2e-6)
    assert float(model.expected_transactions(52, 26, 30.857, 31)[0]) == pytest.approx(25.45647, rel=6e-5)
    assert round(float(model.p_alive(26, 216 / 7, 31)[0]), 6) == pytest.approx(0.997874, abs=1.5e-6)


def test_paretonbd_of_heavy_buyers_in_print():
    """Where closed forms underflow: lifetimes' and CLVTools' regression cases."""
    model = with_params(ParetoNBD, 0.55, 10.58, 0.61, 11.67)
    found = model.expected_transactions(10, [132, 133], [200, 200], [200, 200])
    assert found == pytest.approx([6.2060517889632418, 6.2528722475748113], rel=1e-10)
    model = with_params(ParetoNBD, 0.5143, 2.8845, 0.2856, 14.1087)
    alive = model.p_alive(
        [221, 254, 161, 204], [103.42857, 97.14286, 94.71429, 98.57143], [103.57143, 97.28571, 98.0, 99.42857]
    )
    assert np.isfinite(alive).all()
    assert (alive[:2] > 0.99).all()


def test_gammagamma_on_cdnow(cdnow):
    """Fader & Hardie 2013, p. 6 and the spreadsheet of their note 25; log-likelihood by CLVTools' tests."""
    model = GammaGamma().fit(cdnow.x, cdnow.mean_value)
    assert model.n_customers_ == 946
    assert [round(value, 2) for value in model.params_.values()] == [6.25, 3.74, 15.44]
    assert model.log_likelihood_ == pytest.approx(-4055.9177, abs=1e-4)
    first = model.expected_value(cdnow.x[:10], cdnow.mean_value[:10])
    assert first == pytest.approx([24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17], abs=0.02)


def test_bgbb_on_the_donors():
    """Fader, Hardie & Shang 2010, table 2 (LL and parameters), figure 6 and the spreadsheet of note 10."""
    model = BGBB().fit(donations.X, donations.T_X, donations.N, donations.COUNT)
    assert model.n_customers_ == 11104
    assert rounded(model, 3) == pytest.approx([1.204, 0.750, 0.657, 2.783])
    assert round(model.log_likelihood_, 1) == -33225.6
    assert model.p_alive([0, 2, 6], [0, 4, 6], [6, 6, 6]).round(2).tolist() == [0.11, 0.59, 0.93]
    ahead = model.expected_transactions(5, donations.X, donations.T_X, donations.N)
    assert float(ahead @ donations.COUNT) == pytest.approx(12884.2, abs=0.1)


@pytest.mark.parametrize(
    ("survivors", "params", "log_likelihood"),
    [(REGULAR, [0.704, 1.182], -1680.3), (HIGH_END, [0.668, 3.806], -1611.2)],
    ids=["regular", "high-end"],
)
def test_sbg_of_the_paper(survivors, params, log_likelihood):
    """Fader & Hardie 2007: regular and high-end customers over seven renewals, appendix B for the likelihood."""
    model = ShiftedBetaGeometric().fit(**renewals_of(survivors))
    assert rounded(model, 3) == params
    assert round(model.log_likelihood_, 1) == log_likelihood


@pytest.mark.parametrize("model", [BGNBD, MBGNBD, ParetoNBD])
def test_the_top_on_cdnow_is_the_highest_from_many_starts(cdnow, model):
    """From ten starts far apart, rates from a hundredth to a hundred times those found, no search ends higher."""
    fitted = model().fit(cdnow.x, cdnow.t_x, cdnow.T)
    objective = model()._objective(as_lines(cdnow.x, cdnow.t_x, cdnow.T))
    rng = np.random.default_rng(1)
    for _ in range(10 if model is not ParetoNBD else 4):
        found = climb(objective, np.log(list(fitted.params_.values())) + rng.uniform(-4.6, 4.6, 4))
        assert found.value <= fitted.log_likelihood_ + 1e-6
