"""Path models against the plain second implementation, and the resamples against fitting each alone."""

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from guanxi_methods.satisfaction.paths import PathModel
from guanxi_methods.satisfaction.paths.resampling import own_order, resamples
from guanxi_methods.satisfaction.paths.tests import plain
from guanxi_methods.satisfaction.paths.tests.surveys import ITEMS, SMALL, survey


def with_modes(modes):
    """SMALL with modes, for the method and for the plain implementation."""
    names = SMALL["constructs"]
    mine = {**SMALL, "constructs": {n: {"mode": m, "items": names[n]} for n, m in zip(names, modes, strict=True)}}
    other = {n: (m, names[n]) for n, m in zip(names, modes, strict=True)}
    return mine, other


@pytest.mark.parametrize("scheme", ["centroid", "factorial", "path"])
@pytest.mark.parametrize("modes", ["AAA", "BBB", "BAB"])
@pytest.mark.parametrize("scaled", [True, False])
def test_every_scheme_mode_and_metric(scheme, modes, scaled):
    table = survey(np.random.default_rng(len(scheme) + scaled))
    mine, other = with_modes(modes)
    found = PathModel(mine, scheme=scheme, scaled=scaled, bootstrap=0).fit(table)
    paths = [tuple(path) for path in SMALL["paths"]]
    truth = plain.fit(table, other, paths, scheme, scaled)
    for name, figures in (("paths_", "paths"), ("r2_", "r2"), ("loadings_", "loadings"), ("total_effects_", "total")):
        given = getattr(found, name)
        assert given.keys() == truth[figures].keys()
        assert list(given.values()) == pytest.approx([truth[figures][key] for key in given], abs=1e-8)
    for place, name in enumerate(other):
        assert found.scores_[:, place] == pytest.approx(truth["scores"][name], abs=1e-7)
    index = plain.index(table, other, truth["scores"], -10, 10)
    assert list(found.index_.values()) == pytest.approx(list(index.values()), abs=1e-7)


def test_reliability_distinctness_and_effects():
    table = survey(np.random.default_rng(4))
    found = PathModel(SMALL, bootstrap=0).fit(table)
    blocks = SMALL["constructs"]
    assert found.htmt_["Quality~Loyalty"] == pytest.approx(plain.htmt(table, blocks["Quality"], blocks["Loyalty"]))
    assert found.alpha_["Quality"] == pytest.approx(plain.alpha(table, blocks["Quality"]))
    scores = dict(zip(blocks, found.scores_.T, strict=True))
    without = plain.correlation(scores["Quality"], scores["Loyalty"]) ** 2
    r2 = found.r2_["Loyalty"]
    assert found.f2_["Value->Loyalty"] == pytest.approx((r2 - without) / (1 - r2))
    related = plain.correlation(scores["Quality"], scores["Value"]) ** 2
    assert found.inner_vif_["Value->Loyalty"] == pytest.approx(1 / (1 - related))
    loads = np.array([found.loadings_[item] for item in ITEMS])
    assert found.gof_ == pytest.approx(np.sqrt(np.mean(loads**2) * np.mean(list(found.r2_.values()))))
    quality = np.array([found.weights_[item] for item in blocks["Quality"]])
    related = np.corrcoef([table[item] for item in blocks["Quality"]])
    # Dijkstra & Henseler 2015 sum over pairs of different items; so written out.
    above = sum(quality[i] * related[i, j] * quality[j] for i in range(3) for j in range(3) if i != j)
    below = sum(quality[i] ** 2 * quality[j] ** 2 for i in range(3) for j in range(3) if i != j)
    assert found.rho_a_["Quality"] == pytest.approx((quality @ quality) ** 2 * above / below)


@pytest.mark.parametrize(("scheme", "scaled"), [("centroid", True), ("path", False)])
def test_resamples_at_once_are_the_same_as_each_alone(scheme, scaled):
    table = survey(np.random.default_rng(9), 80)
    mine, _ = with_modes("BAA")
    found = PathModel(mine, scheme=scheme, scaled=scaled, bootstrap=25, random_state=3).fit(table)
    answers = np.column_stack(list(table.values()))
    ordered = answers[own_order((answers - answers.mean(axis=0)) / answers.std(axis=0, ddof=1))]
    alone = {"paths": [], "index": [], "htmt": [], "r2": [], "total_effects": [], "loadings": []}
    for counts in resamples(80, answers.shape[1], 25, 3):
        for count in counts:
            one = PathModel(mine, scheme=scheme, scaled=scaled, bootstrap=0)
            one.fit(np.repeat(ordered, count.astype(int), axis=0), names=list(table))
            for name, draws in alone.items():
                draws.append(list(getattr(one, f"{name}_").values()))
    for name, draws in alone.items():
        lows, highs = np.quantile(draws, [0.025, 0.975], axis=0, method="weibull")
        given = np.array(list(found.intervals_[name].values()))
        assert given[:, 0] == pytest.approx(lows, abs=1e-8)
        assert given[:, 1] == pytest.approx(highs, abs=1e-8)
        assert list(found.standard_errors_[name].values()) == pytest.approx(np.std(draws, axis=0, ddof=1), abs=1e-8)


def test_blindfolding_hides_each_answer_once():
    """Q2 again, an answer at a time: hidden, replaced by the mean of the others, foretold."""
    table = survey(np.random.default_rng(5), 40)
    found = PathModel(SMALL, bootstrap=0).fit(table).blindfold(omission=6, order="file")
    assert found.omission == 6
    standardised = {item: plain.standard(column) for item, column in table.items()}
    other = {name: ("A", items) for name, items in SMALL["constructs"].items()}
    for construct in ("Value", "Loyalty"):
        items = SMALL["constructs"][construct]
        wrong = own = 0.0
        for turn in range(6):
            hidden = [(row, item) for place, item in enumerate(items) for row in range(40)
                      if (place * 40 + row) % 6 == turn]  # fmt: skip
            trial = {item: column.copy() for item, column in standardised.items()}
            for item in items:
                rows = [row for row, which in hidden if which == item]
                trial[item][rows] = np.delete(standardised[item], rows).mean()
            fitted = plain.fit(trial, other, [tuple(path) for path in SMALL["paths"]])
            for row, item in hidden:
                from_others = sum(
                    fitted["paths"][f"{origin}->{construct}"] * fitted["scores"][origin][row]
                    for origin, to in SMALL["paths"]
                    if to == construct
                )
                wrong += (standardised[item][row] - fitted["loadings"][item] * from_others) ** 2
                own += (standardised[item][row] - fitted["loadings"][item] * fitted["scores"][construct][row]) ** 2
        base = 39.0 * len(items)
        assert found.redundancy[construct] == pytest.approx(1 - wrong / base, abs=1e-7)
        assert found.communality[construct] == pytest.approx(1 - own / base, abs=1e-7)


def test_bca_moves_the_ends_as_efron_says():
    """The interval of one coefficient, its formula written out with sums."""
    table = survey(np.random.default_rng(6), 60)
    found = PathModel(SMALL, bootstrap=200, interval="bca", level=0.9).fit(table)
    answers = np.column_stack(list(table.values()))
    ordered = answers[own_order((answers - answers.mean(axis=0)) / answers.std(axis=0, ddof=1))]

    def alone(rows):
        fitted = PathModel(SMALL, bootstrap=0).fit(rows, names=ITEMS)
        return fitted.paths_["Quality->Loyalty"]

    draws = np.sort([alone(np.repeat(ordered, c.astype(int), axis=0)) for cs in resamples(60, 7, 200, 0) for c in cs])
    without = np.array([alone(np.delete(ordered, row, axis=0)) for row in range(60)])
    estimate = found.paths_["Quality->Loyalty"]
    bias = ndtri(np.mean(draws < estimate))
    apart = without.mean() - without
    acceleration = np.sum(apart**3) / (6 * np.sum(apart**2) ** 1.5)
    for end, tail in zip(found.intervals_["paths"]["Quality->Loyalty"], (0.05, 0.95), strict=True):
        shifted = bias + ndtri(tail)
        share = ndtr(bias + shifted / (1 - acceleration * shifted))
        assert end == pytest.approx(np.quantile(draws, share, method="weibull"))
