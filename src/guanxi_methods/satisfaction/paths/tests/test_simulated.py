"""The truth lies in the intervals as often as they say, on made-up surveys."""

import numpy as np
import pytest

from guanxi_methods.satisfaction.paths import PathModel
from guanxi_methods.satisfaction.paths.tests.surveys import ITEMS, SMALL

pytestmark = pytest.mark.full
LOADS = np.array([0.85, 0.8, 0.75, 0.9, 0.8, 0.85, 0.8])
OWNER = np.array([0, 0, 0, 1, 1, 2, 2])
HIDDEN = np.array([[1, 0.6, 0.6], [0.6, 1, 0.65], [0.6, 0.65, 1]])
SPREADS = np.array([1.5, 1.8, 1.2, 1.6, 1.4, 1.7, 1.9])
MEANS = np.array([1.0, 1.5, 0.5, -1.0, 0.0, 2.0, 1.2])


@pytest.mark.parametrize("interval", ["percentile", "bca"])
def test_intervals_hold_the_truth_as_often_as_they_say(interval):
    """200 surveys of 200 people; the truth is what the method finds in the population's own correlations."""
    population = HIDDEN[np.ix_(OWNER, OWNER)] * np.outer(LOADS, LOADS)
    np.fill_diagonal(population, 1)
    truth = PathModel(SMALL, scheme="path").fit_correlations(population, ITEMS, 200, SPREADS, MEANS)
    random = np.random.default_rng(11)
    root = np.linalg.cholesky(population)
    hits, tried = {}, 200
    for turn in range(tried):
        answers = np.clip(MEANS + SPREADS * (random.standard_normal((200, 7)) @ root.T), -10, 10)
        found = PathModel(SMALL, scheme="path", bootstrap=200, interval=interval, random_state=turn)
        found.fit(answers, names=ITEMS)
        for figure in ("paths", "total_effects", "loadings", "r2", "htmt", "index"):
            for label, (low, high) in found.intervals_[figure].items():
                hits.setdefault((figure, label), []).append(low <= getattr(truth, f"{figure}_")[label] <= high)
    covered = {label: np.mean(hit) for label, hit in hits.items()}
    # 95% of 200: three standard errors are .046; a bootstrap of 200 answers itself lacks some two points.
    assert min(covered.values()) > 0.885, covered
    assert 0.925 < np.mean(list(covered.values())) < 0.97
