"""Figures that others printed or computed, to the precision they give."""

import numpy as np
import pytest

from guanxi_methods.satisfaction.paths import PathModel
from guanxi_methods.satisfaction.paths.tests.surveys import MOBI, read

# SmartPLS 2.0 on the same 250 answers, kept with the R package semPLS (Monecke & Leisch 2012) as its regression test.
PATHS = (
    ("Complaints->Loyalty", 0.07123241, 0.07031057, 0.06692607),
    ("Expectation->Quality", 0.55724786, 0.55675903, 0.55674896),
    ("Expectation->Satisfaction", 0.06442534, 0.06494365, 0.06252287),
    ("Expectation->Value", 0.05078755, 0.0501781, 0.04998839),
    ("Image->Expectation", 0.50470564, 0.50494314, 0.50491393),
    ("Image->Loyalty", 0.19535971, 0.19581962, 0.19575534),
    ("Image->Satisfaction", 0.17883348, 0.17859267, 0.1787395),
    ("Quality->Satisfaction", 0.51254524, 0.5129747, 0.51202394),
    ("Quality->Value", 0.55721686, 0.55776245, 0.55830438),
    ("Satisfaction->Complaints", 0.52609731, 0.52585655, 0.52806625),
    ("Satisfaction->Loyalty", 0.48347472, 0.48305917, 0.48547762),
    ("Value->Satisfaction", 0.19181566, 0.19144526, 0.1947651),
)
TOTALS = (
    ("Expectation->Complaints", 0.2206148, 0.22065182, 0.22066175),
    ("Expectation->Loyalty", 0.21845628, 0.218208, 0.21763337),
    ("Expectation->Satisfaction", 0.4193422, 0.41960458, 0.41786755),
    ("Expectation->Value", 0.36129545, 0.36071738, 0.36082377),
    ("Image->Complaints", 0.20542935, 0.20533075, 0.20580149),
    ("Image->Loyalty", 0.39877911, 0.39887623, 0.39873238),
    ("Image->Quality", 0.28124613, 0.28113165, 0.28111031),
    ("Image->Satisfaction", 0.39047785, 0.39046912, 0.38972664),
    ("Image->Value", 0.18234785, 0.18214176, 0.18218495),
    ("Quality->Complaints", 0.32587949, 0.32590259, 0.32780354),
    ("Quality->Loyalty", 0.32269104, 0.32229306, 0.32330474),
    ("Quality->Satisfaction", 0.61942817, 0.61975568, 0.62076216),
    ("Satisfaction->Loyalty", 0.5209499, 0.52003245, 0.52081902),
    ("Value->Complaints", 0.1009137, 0.10067274, 0.10284888),
    ("Value->Loyalty", 0.09992635, 0.09955775, 0.10143737),
)
WEIGHTS = (
    ("CUEX1", 0.52282271, 0.52090762, 0.52118068),
    ("CUEX2", 0.46806824, 0.47378907, 0.47367966),
    ("CUEX3", 0.44989729, 0.44585601, 0.44563424),
    ("CUSA1", 0.37718684, 0.37788083, 0.36486486),
    ("CUSA2", 0.38156707, 0.38247081, 0.38315604),
    ("CUSA3", 0.44105872, 0.43950908, 0.4509612),
    ("CUSCO", 1.0, 1.0, 1.0),
    ("CUSL1", 0.45046794, 0.45553653, 0.46066473),
    ("CUSL2", 0.13133992, 0.12559574, 0.11426953),
    ("CUSL3", 0.65948149, 0.65632685, 0.65431059),
    ("IMAG1", 0.29813185, 0.30113984, 0.30131215),
    ("IMAG2", 0.26233656, 0.25986939, 0.25969115),
    ("IMAG3", 0.21987218, 0.21780805, 0.21792305),
    ("IMAG4", 0.32782296, 0.32862476, 0.32850357),
    ("IMAG5", 0.32492101, 0.32467429, 0.32468141),
    ("PERQ1", 0.21364542, 0.21333116, 0.21317504),
    ("PERQ2", 0.14346701, 0.14477854, 0.14472169),
    ("PERQ3", 0.19943921, 0.19981851, 0.20001771),
    ("PERQ4", 0.17811594, 0.17953152, 0.17939947),
    ("PERQ5", 0.18083905, 0.17862778, 0.17863569),
    ("PERQ6", 0.18050324, 0.17921848, 0.17912074),
    ("PERQ7", 0.2143627, 0.21525464, 0.21548153),
    ("PERV1", 0.48582034, 0.48331535, 0.47928245),
    ("PERV2", 0.5977653, 0.6001787, 0.60405602),
)
LOADINGS = {
    "IMAG1": 0.74336994, "IMAG2": 0.60072962, "IMAG3": 0.57761738, "IMAG4": 0.76836239, "IMAG5": 0.74447502,
    "CUEX1": 0.77149227, "CUEX2": 0.68662595, "CUEX3": 0.61182525, "CUSA1": 0.79902589, "CUSA2": 0.84621071,
    "CUSA3": 0.85188614, "CUSCO": 1.0, "CUSL1": 0.81381092, "CUSL2": 0.21914243, "CUSL3": 0.91681439,
    "PERQ1": 0.80334, "PERQ2": 0.6373912, "PERQ3": 0.78353507, "PERQ4": 0.76911595, "PERQ5": 0.75577372,
    "PERQ6": 0.77515801, "PERQ7": 0.77939921, "PERV1": 0.90434465, "PERV2": 0.93791155,
}  # fmt: skip
# Monecke & Leisch 2012: 500 resamples, BCa 90%: estimate, standard error, lower, upper.
BOOTSTRAP = {
    "Image->Expectation": (0.504706, 0.0586936, 0.386271, 0.579023),
    "Expectation->Quality": (0.557248, 0.0535491, 0.462669, 0.637914),
    "Expectation->Value": (0.050788, 0.0846300, -0.081266, 0.191761),
    "Quality->Value": (0.557217, 0.0840942, 0.418345, 0.691594),
    "Image->Satisfaction": (0.178833, 0.0508032, 0.091667, 0.248262),
    "Expectation->Satisfaction": (0.064425, 0.0482657, -0.006489, 0.152268),
    "Quality->Satisfaction": (0.512545, 0.0649260, 0.402639, 0.614612),
    "Value->Satisfaction": (0.191816, 0.0587267, 0.092515, 0.287898),
    "Satisfaction->Complaints": (0.526097, 0.0519916, 0.436021, 0.612406),
    "Image->Loyalty": (0.195360, 0.0765319, 0.046886, 0.312567),
    "Satisfaction->Loyalty": (0.483475, 0.0857353, 0.350938, 0.621802),
    "Complaints->Loyalty": (0.071232, 0.0554840, -0.015869, 0.168914),
}


@pytest.fixture(scope="module")
def mobi(public_data):
    """The answers of 250 users of mobile phones."""
    return read(public_data("ecsi_mobi/mobi.csv", whole=True).path)


@pytest.mark.parametrize(("place", "scheme"), [(1, "centroid"), (2, "factorial"), (3, "path")])
def test_mobi_as_smartpls_gives_it(mobi, place, scheme):
    """Path coefficients, total effects and outer weights of all three schemes, eight decimals."""
    found = PathModel(MOBI, scheme=scheme, bootstrap=0).fit(mobi)
    # SmartPLS stopped within 1e-7 of its own end.
    for table, figures in ((PATHS, found.paths_), (TOTALS, found.total_effects_), (WEIGHTS, found.weights_)):
        for row in table:
            assert figures[row[0]] == pytest.approx(row[place], abs=5e-7), row[0]


def test_mobi_as_the_papers_print_it(mobi):
    """JSS 48(3) and Tenenhaus et al. 2005: three decimals; and what others computed of it."""
    found = PathModel(MOBI, bootstrap=0).fit(mobi)
    printed = (0.505, 0.557, 0.051, 0.557, 0.179, 0.064, 0.513, 0.192, 0.526, 0.195, 0.483, 0.071)
    assert [round(found.paths_[path], 3) for path in BOOTSTRAP] == list(printed)
    assert round(found.total_effects_["Quality->Satisfaction"], 3) == 0.619
    for item, loading in LOADINGS.items():
        assert found.loadings_[item] == pytest.approx(loading, abs=5e-8)
    explained = {
        "Expectation": 0.25473, "Quality": 0.31053, "Value": 0.34461,
        "Satisfaction": 0.68028, "Complaints": 0.27678, "Loyalty": 0.45729,
    }  # fmt: skip
    assert {name: round(r2, 5) for name, r2 in found.r2_.items()} == explained
    for name, index in (("Satisfaction", 72.5428), ("Loyalty", 70.6107), ("Image", 73.5209)):
        assert round(found.index_[name], 4) == index
        place = found.model_.names.index(name)
        assert found.index_scores_[:, place].mean() == pytest.approx(index, abs=5e-5)


def test_resampling_mobi_as_printed(mobi):
    """Other resamples than those of 2012, so up to what 500 draws scatter."""
    found = PathModel(MOBI, bootstrap=2000, interval="bca", level=0.9).fit(mobi)
    for path, (estimate, error, low, high) in BOOTSTRAP.items():
        assert found.paths_[path] == pytest.approx(estimate, abs=5e-7)
        assert found.standard_errors_["paths"][path] == pytest.approx(error, rel=0.15)
        assert found.intervals_["paths"][path] == pytest.approx((low, high), abs=0.35 * error)


def test_reliability_and_distinctness_of_mobi_as_seminr_gives_them(mobi):
    """seminr 2: the model of four constructs with path weighting, kept as its regression test."""
    model = {
        "constructs": {name: MOBI["constructs"][name] for name in ("Image", "Expectation", "Value", "Satisfaction")},
        "paths": [[name, "Satisfaction"] for name in ("Image", "Expectation", "Value")],
    }
    found = PathModel(model, scheme="path", bootstrap=0).fit(mobi)
    htmt = (0.88803042750925, 0.651659392487802, 0.910100923782741, 0.588628982316289, 0.865108193553153, 0.740808927759395)  # fmt: skip
    assert list(found.htmt_.values()) == pytest.approx(htmt, abs=1e-12)
    printed = {
        "Image": (0.722834595427083, 0.818325774056256, 0.477979834838268, 0.745291554480322),
        "Expectation": (0.451902555978063, 0.733177801505283, 0.480507046633952, 0.461657986928213),
        "Value": (0.823631979352573, 0.917897281748515, 0.84831067540365, 0.857527048393235),
        "Satisfaction": (0.779195021918597, 0.871457927643628, 0.693363990925202, 0.784023593590752),
    }
    for name, figures in printed.items():
        given = (found.alpha_[name], found.rho_c_[name], found.ave_[name], found.rho_a_[name])
        assert given == pytest.approx(figures, abs=1e-6)
    inflation = {"Image": 1.6139498810707, "Expectation": 1.36849662441311, "Value": 1.37801850355244}
    for name, factor in inflation.items():
        assert found.inner_vif_[f"{name}->Satisfaction"] == pytest.approx(factor, abs=1e-6)
    assert found.item_vif_["IMAG4"] == pytest.approx(1.51040340151145, abs=1e-12)
    diagonal = (0.691360857178267, 0.693186155829696, 0.921037825175302, 0.832684808871402)
    assert np.diag(found.fornell_larcker_) == pytest.approx(diagonal, abs=1e-6)
    assert found.fornell_larcker_[3, 0] == pytest.approx(0.695529337198367, abs=1e-6)
    assert found.r2_["Satisfaction"] == pytest.approx(0.590603320426892, abs=1e-6)
    assert found.r2_adjusted_["Satisfaction"] == pytest.approx(0.585610677993074, abs=1e-6)


# Correlations of 47 countries: inequality of land (gini, farm, rent), industry (gnpr, labo), instability (ecks, death,
# demo, inst). B. M. Russett, "Inequality and instability", World Politics 16, 1964, as used in Sanchez 2013, chapter 4.
RUSSETT = (
    (0.937648836,),
    (0.410064923, 0.476757025),
    (-0.300100306, -0.373517035, -0.080170604),
    (0.256506819, 0.301882974, -0.187258817, -0.815101448),
    (0.293740657, 0.35086813, 0.092914907, -0.54727378, 0.49455975),
    (0.425173646, 0.412215635, 0.297386231, -0.515122267, 0.516356485, 0.627540592),
    (0.319741156, 0.393236757, -0.063884873, -0.703187754, 0.770239003, 0.554980786, 0.574206735),
    (0.137869695, 0.117327958, 0.072258217, -0.139184191, 0.248863157, 0.327171122, 0.083567495, 0.198682521),
)
RUSSETT_ITEMS = ("gini", "farm", "rent", "gnpr", "labo", "ecks", "death", "demo", "inst")
# Weights and loadings by the R package plspm 0.4: centroid, factorial, path.
RUSSETT_WEIGHTS = {
    "gini": (0.449473702634174, 0.450112611091541, 0.450600061708624),
    "farm": (0.496155987399176, 0.498527681215559, 0.500353161400779),
    "rent": (0.136560472539135, 0.131246653659146, 0.127136648804299),
    "gnpr": (-0.515342730953322, -0.515069196604312, -0.514860381190619),
    "labo": (0.534338187492233, 0.534610700775961, 0.534818717271676),
    "inst": (0.128492891074649, 0.127160996843883, 0.126150697195325),
    "ecks": (0.332060905671986, 0.332088599975242, 0.332056288909909),
    "death": (0.375249831406165, 0.360266937441301, 0.348775037087843),
    "demo": (0.423778888932038, 0.438974576759562, 0.450527097183906),
}
RUSSETT_MODEL = {
    "constructs": {
        "AGRI": ["gini", "farm", "rent"],
        "IND": ["gnpr", "labo"],
        "POLINS": ["ecks", "death", "demo", "inst"],
    },
    "paths": [["AGRI", "POLINS"], ["IND", "POLINS"]],
}


def symmetric(rows):
    """A correlation matrix from the rows of its lower triangle."""
    made = np.eye(len(rows) + 1)
    for place, row in enumerate(rows, start=1):
        made[place, :place] = made[:place, place] = row
    return made


@pytest.mark.parametrize(("place", "scheme"), [(0, "centroid"), (1, "factorial"), (2, "path")])
def test_russett_as_plspm_gives_it(place, scheme):
    """Weights to what plspm leaves open: it stops when weights move less than 1e-7, factorial and path crawl."""
    found = PathModel(RUSSETT_MODEL, scheme=scheme).fit_correlations(symmetric(RUSSETT), RUSSETT_ITEMS, 47)
    for item, weights in RUSSETT_WEIGHTS.items():
        assert found.weights_[item] == pytest.approx(weights[place], abs=1e-5)


def test_russett_paths_and_mode_b():
    """plspm: paths .2256 and .6715, R2 .5923, block communalities; all of mode B R2 .6429."""
    found = PathModel(RUSSETT_MODEL).fit_correlations(symmetric(RUSSETT), RUSSETT_ITEMS, 47)
    assert found.paths_["AGRI->POLINS"] == pytest.approx(0.225638734859381, abs=1e-6)
    assert found.paths_["IND->POLINS"] == pytest.approx(0.671457266683851, abs=1e-6)
    assert found.r2_["POLINS"] == pytest.approx(0.592258127561306, abs=1e-6)
    communality = (0.739560263000475, 0.907523533497158, 0.565174547673581)
    assert list(found.communality_.values()) == pytest.approx(communality, abs=1e-6)
    of_b = {
        "constructs": {name: {"mode": "B", "items": items} for name, items in RUSSETT_MODEL["constructs"].items()},
        "paths": RUSSETT_MODEL["paths"],
    }
    found = PathModel(of_b).fit_correlations(symmetric(RUSSETT), RUSSETT_ITEMS, 47)
    assert found.r2_["POLINS"] == pytest.approx(0.642916068732587, abs=1e-6)
    communality = (0.282806968997176, 0.901296336991962, 0.436484677089836)
    assert list(found.communality_.values()) == pytest.approx(communality, abs=3e-5)


RUSSETT_DEVIATIONS = (
    14.408343443,
    6.708337006,
    0.961614815,
    0.892475639,
    0.702649209,
    1.362864596,
    2.326112856,
    0.865624744,
    0.245004106,
)


@pytest.mark.parametrize(
    ("scheme", "agri", "ind", "r2", "death", "gini"),
    [
        ("centroid", 0.2655981666796648, 0.5462663522021961, 0.45927028254690105, 0.9730048589434, 0.9979201697367328),
        (
            "factorial",
            0.2647797247256337,
            0.5488761710104784,
            0.461852175472254,
            0.9715762086135933,
            0.9979149731084229,
        ),
        ("path", 0.26406094648939704, 0.5511248022215179, 0.46407481539037887, 0.9703049296870999, 0.9979104553915824),
    ],
)
def test_russett_on_the_raw_metric(scheme, agri, ind, r2, death, gini):
    """Python's plspm 0.5.7 with scaled=False, which is sound (its scaled=True is not)."""
    found = PathModel(RUSSETT_MODEL, scheme=scheme, scaled=False)
    found.fit_correlations(symmetric(RUSSETT), RUSSETT_ITEMS, 47, RUSSETT_DEVIATIONS)
    given = (found.paths_["AGRI->POLINS"], found.paths_["IND->POLINS"], found.r2_["POLINS"])
    assert given == pytest.approx((agri, ind, r2), abs=5e-7)
    assert (found.loadings_["death"], found.loadings_["gini"]) == pytest.approx((death, gini), abs=5e-7)


# Correlations of the corporate reputation survey (344 answers, gaps filled by means), computed from the data of the R
# package seminr: comp_1-3, like_1-3, cusa, cusl_1-3.
REPUTATION = (
    (0.459462114,),
    (0.503302893, 0.645091165),
    (0.584331792, 0.434201571, 0.429882474),
    (0.505277509, 0.347347241, 0.406812216, 0.648451637),
    (0.477161181, 0.409183215, 0.454629894, 0.600163374, 0.614546517),
    (0.464322379, 0.285601901, 0.27237279, 0.510394105, 0.43360188, 0.419878685),
    (0.437385084, 0.304234342, 0.281256191, 0.540540038, 0.471268305, 0.424549347, 0.536206598),
    (0.417910018, 0.258141022, 0.256129478, 0.497378356, 0.51067745, 0.479057737, 0.654551741, 0.663636849),
    (
        0.349937401,
        0.228056019,
        0.231874775,
        0.419079271,
        0.389002073,
        0.386038843,
        0.593310085,
        0.507808719,
        0.691723659,
    ),
)
REPUTATION_ITEMS = (
    "comp_1", "comp_2", "comp_3", "like_1", "like_2", "like_3", "cusa", "cusl_1", "cusl_2", "cusl_3",
)  # fmt: skip


def test_corporate_reputation_as_hair_et_al_print_it():
    """Hair et al., "PLS-SEM Using R", Springer 2021, chapters 3, 4 and 6: the simple model, path weighting."""
    model = {
        "constructs": {"COMP": ["comp_*"], "LIKE": ["like_*"], "CUSA": ["cusa"], "CUSL": ["cusl_*"]},
        "paths": [["COMP", "CUSA"], ["LIKE", "CUSA"], ["COMP", "CUSL"], ["LIKE", "CUSL"], ["CUSA", "CUSL"]],
    }
    found = PathModel(model, scheme="path").fit_correlations(symmetric(REPUTATION), REPUTATION_ITEMS, 344)
    paths = {
        "COMP->CUSA": 0.162051224909051, "LIKE->CUSA": 0.423869606104923, "COMP->CUSL": 0.00917454313254589,
        "LIKE->CUSL": 0.342069436585268, "CUSA->CUSL": 0.504466308486452,
    }  # fmt: skip
    for path, coefficient in paths.items():
        assert found.paths_[path] == pytest.approx(coefficient, abs=5e-7)
    assert {name: round(r2, 3) for name, r2 in found.r2_.items()} == {"CUSA": 0.295, "CUSL": 0.562}
    htmt = {
        "COMP~LIKE": 0.780, "COMP~CUSA": 0.465, "COMP~CUSL": 0.532,
        "LIKE~CUSA": 0.577, "LIKE~CUSL": 0.737, "CUSA~CUSL": 0.755,
    }  # fmt: skip
    assert {pair: round(ratio, 3) for pair, ratio in found.htmt_.items()} == htmt
    printed = {
        "COMP": (0.776, 0.865, 0.681, 0.832),
        "LIKE": (0.831, 0.899, 0.747, 0.836),
        "CUSL": (0.831, 0.899, 0.748, 0.839),
    }
    for name, figures in printed.items():
        given = (found.alpha_[name], found.rho_c_[name], found.ave_[name], found.rho_a_[name])
        assert tuple(round(figure, 3) for figure in given) == figures
    assert found.notes_[0].startswith("there are no scores")
    assert not found.intervals_
