"""Path models for the battery of invariants."""

import numpy as np

from guanxi_methods.satisfaction.paths import PathModel
from guanxi_methods.satisfaction.paths.tests.surveys import ITEMS, SMALL, survey
from guanxi_methods.tests.battery import Case

NO_SCALE = {"constructs": SMALL["constructs"], "paths": SMALL["paths"]}
WHOLE = (
    "paths_",
    "total_effects_",
    "indirect_effects_",
    "loadings_",
    "weights_",
    "r2_",
    "r2_adjusted_",
    "f2_",
    "alpha_",
    "rho_c_",
    "rho_a_",
    "ave_",
    "htmt_",
    "gof_",
    "inner_vif_",
    "item_vif_",
    "construct_correlations_",
    "fornell_larcker_",
    "intervals_",
    "standard_errors_",
)


def answers(random):
    """A table of answers, a row for each person."""
    return {"data": np.column_stack(list(survey(random, 60).values()))}


CASES = [
    Case(
        name=f"satisfaction.PathModel.{scheme}.{interval}",
        make=lambda scheme=scheme, scaled=scaled, interval=interval, model=model: PathModel(
            model, scheme=scheme, scaled=scaled, bootstrap=20, interval=interval
        ),
        rows=answers,
        fixed={"names": ITEMS},
        per_row=("scores_",),
        whole=(*WHOLE, *(("index_",) if model is SMALL else ())),
        units={} if model is SMALL else {"data": dict.fromkeys((*WHOLE, "scores_"), 0)},
        tolerance=1e-7,
        keeps_missing=("data",),
        keeps_nan=("intervals_", "standard_errors_"),
    )
    for scheme, scaled, interval, model in (
        ("centroid", True, "percentile", NO_SCALE),
        ("path", True, "bca", SMALL),
        ("factorial", False, "percentile", NO_SCALE),
    )
]
