"""PLS path modelling: constructs measured by items, and what leads to what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note
from guanxi_methods.frames import Vector
from guanxi_methods.satisfaction.paths import assessment
from guanxi_methods.satisfaction.paths.answers import MISSING, taken
from guanxi_methods.satisfaction.paths.blindfolding import Algorithm, Blindfolding, check_omission, cross_validated
from guanxi_methods.satisfaction.paths.checks import check_apart, check_constructs, warnings
from guanxi_methods.satisfaction.paths.derived import Figures, Moments, figures, index_100, index_weights
from guanxi_methods.satisfaction.paths.inference import INTERVALS, Inference, bootstrapped, labelled
from guanxi_methods.satisfaction.paths.model import StructuralModel, read_model
from guanxi_methods.satisfaction.paths.resampling import moments_of, own_order
from guanxi_methods.satisfaction.paths.weighting import SCHEMES, Layout, outer_weights

ORDERS = ("answers", "file")


class PathModel(Method):
    r"""PLS path modelling (Wold 1982; Lohmoller 1989), as satisfaction indices use it.

    Each construct is a weighted sum of its items, :math:`y_j = \sum_h w_{jh} x_{jh}`, scaled to variance 1. The weights
    come from alternating, until they stand still: the proxy of a construct from its neighbours,
    :math:`z_j \propto \sum_i e_{ij} y_i`, and new weights from the proxy, by correlation (mode A) or by regression
    (mode B). Paths are then the regressions of each construct on those that lead to it.

    Parameters
    ----------
    model : StructuralModel or mapping
        Constructs, paths and scale; see :func:`read_model`.
    scheme : {"centroid", "factorial", "path"}, default "centroid"
        What a neighbour counts in the proxy, :math:`e_{ij}`: the sign of the correlation, the correlation, or
        regression coefficients from what leads to a construct and correlations with what it leads to.
    scaled : bool, default True
        Standardise the items. False leaves them on the raw metric, so that items that vary more weigh more: only for
        items on one scale.
    missing : {"mean", "drop", "refuse"}, default "mean"
        Replace a missing answer by the mean of its item, leave the row out, or take it as an error.
    bootstrap : int, default 500
        Resamples for intervals and standard errors; 0 for none.
    interval : {"percentile", "bca"}, default "percentile"
        Percentiles of the resamples, or bias-corrected and accelerated (Efron 1987).
    level : float, default 0.95
        Of the intervals.
    tolerance : float, default 1e-10
        Largest change of a weight that counts as none.
    max_iterations : int, default 300
    random_state : int or None, default 0
        Seed of the resamples.

    Attributes
    ----------
    model_ : StructuralModel
        With its items resolved.
    n_ : int
        Rows used.
    iterations_ : int
    weights_, loadings_ : dict of str to float
        By item. Weights are those of the standardised items for scores of variance 1.
    index_weights_ : dict of str to float
        By item: weights of the unstandardised items, summing to 1 within each construct.
    paths_, indirect_effects_, total_effects_, f2_, inner_vif_ : dict of str to float
        By "FROM->TO".
    r2_, r2_adjusted_ : dict of str to float
        By construct that a path leads to.
    index_ : dict of str to float
        By construct with a scale, 0 to 100.
    alpha_, rho_c_, rho_a_, ave_ : dict of str to float
        By construct; NaN for constructs of one item or of mode B, of which these say nothing.
    communality_ : dict of str to float
        By construct: mean square of its loadings.
    htmt_ : dict of str to float
        By "ONE~OTHER".
    item_vif_ : dict of str to float
    gof_ : float
    construct_correlations_, fornell_larcker_ : ndarray, shape (n_constructs, n_constructs)
    cross_loadings_ : ndarray, shape (n_items, n_constructs)
    scores_ : ndarray, shape (n_rows, n_constructs)
        Mean 0, variance 1.
    index_scores_ : ndarray, shape (n_rows, n_constructs)
        Each row's index, 0 to 100; NaN without a scale.
    intervals_ : dict of str to dict of str to (float, float)
        For "paths", "indirect_effects", "total_effects", "loadings", "weights", "r2", "htmt" and "index"; empty
        without bootstrap.
    standard_errors_ : dict of str to dict of str to float
        For the same.
    notes_ : tuple of Note

    Notes
    -----
    A construct is turned round where most of its items load negatively; with a tie it stays as equal weights at the
    start made it, as most programs leave it. In a resample it is turned to correlate positively with that of the
    whole sample (the construct-level rule): mirror images would blow up the standard errors. Resampling does not depend
    on the order of the rows in the file.

    References
    ----------
    J.-B. Lohmoller, "Latent Variable Path Modeling with Partial Least Squares", Physica 1989. M. Tenenhaus, V. Esposito
    Vinzi, Y.-M. Chatelin & C. Lauro, "PLS path modeling", Computational Statistics & Data Analysis 48, 2005. C. Fornell
    et al., "The American Customer Satisfaction Index", Journal of Marketing 60(4), 1996: the index.

    Examples
    --------
    >>> answers = {
    ...     "q1": [7, 9, 4, 8, 6, 10, 3, 7], "q2": [6, 9, 5, 8, 7, 9, 4, 6],
    ...     "s1": [8, 9, 4, 7, 6, 10, 2, 7], "s2": [7, 10, 3, 8, 5, 9, 4, 8],
    ... }
    >>> model = PathModel({
    ...     "constructs": {"Quality": ["q*"], "Satisfaction": ["s*"]},
    ...     "paths": [["Quality", "Satisfaction"]],
    ...     "scale": [1, 10],
    ... }).fit(answers)
    >>> round(model.paths_["Quality->Satisfaction"], 4)
    0.9468
    >>> round(model.index_["Satisfaction"], 2)
    63.19
    """

    weights_: dict[str, float]
    loadings_: dict[str, float]
    paths_: dict[str, float]
    indirect_effects_: dict[str, float]
    total_effects_: dict[str, float]
    r2_: dict[str, float]
    index_: dict[str, float]
    htmt_: dict[str, float]
    alpha_: dict[str, float]
    rho_c_: dict[str, float]
    rho_a_: dict[str, float]
    ave_: dict[str, float]
    communality_: dict[str, float]

    def __init__(
        self,
        model: StructuralModel | Mapping[str, Any],
        scheme: str = "centroid",
        scaled: bool = True,
        missing: str = "mean",
        bootstrap: int = 500,
        interval: str = "percentile",
        level: float = 0.95,
        tolerance: float = 1e-10,
        max_iterations: int = 300,
        random_state: int | None = 0,
    ) -> None:
        """Store the parameters."""
        self.model = model
        self.scheme = scheme
        self.scaled = scaled
        self.missing = missing
        self.bootstrap = bootstrap
        self.interval = interval
        self.level = level
        self.tolerance = tolerance
        self.max_iterations = max_iterations
        self.random_state = random_state

    def fit(self, data: Any, names: Sequence[str] | None = None) -> PathModel:
        """Estimate the model from answers.

        Parameters
        ----------
        data : array_like of shape (n_rows, n_columns), mapping, Arrow table or dataframe
            Columns that the model does not name are not looked at.
        names : sequence of str, optional
            Names of the columns of an array.

        Returns
        -------
        PathModel

        Raises
        ------
        MethodError
            What :func:`read_model` refuses; an item that does not exist (named, with the nearest that does), off the
            scale, or answered alike by all; items of mode B or constructs that repeat each other; weights that do not
            come to rest.
        TooFewError
            No more rows than a construct of mode B has items, or than its origins need.
        """
        self._check_parameters()
        answers, model, notes = taken(data, names, read_model(self.model), self.missing)
        centres, scales = answers.mean(axis=0), answers.std(axis=0, ddof=1)
        items = (answers - centres) / scales
        moments = moments_of(np.ones((1, len(items))), items, centres, scales)
        found = self._learn(moments, model, len(items), notes)
        layout = Layout.of(model)
        self.scores_ = items @ (found.weights[0][:, None] * layout.member)
        shares = index_weights(found.weights, moments.deviations, layout)
        self.index_scores_ = index_100(shares, answers, layout, model.bounds)
        self._items = items
        if self.bootstrap:
            self._infer(items, centres, scales, found)
        return self

    def fit_correlations(
        self,
        correlations: ArrayLike,
        names: Sequence[str],
        n_rows: int,
        deviations: ArrayLike | None = None,
        means: ArrayLike | None = None,
    ) -> PathModel:
        """Estimate the model from correlations, as papers print them; there are then no scores and no intervals.

        Parameters
        ----------
        correlations : array_like, shape (n_items, n_items)
        names : sequence of str
            Of the items.
        n_rows : int
            How many answered.
        deviations, means : array_like, shape (n_items,), optional
            For the raw metric and the index.

        Returns
        -------
        PathModel

        Raises
        ------
        MethodError
            As :meth:`fit`; correlations that are not symmetric, or not 1 on the diagonal; deviations that are missing
            where ``scaled`` is False.
        """
        self._check_parameters()
        given = np.asarray(correlations, dtype=float)
        names = tuple(names)
        size = len(names)
        if given.shape != (size, size):
            raise MethodError("correlations of {size} items must be {size} x {size}", size=size)
        if not (np.allclose(given, given.T) and np.allclose(np.diag(given), 1) and (np.abs(given) <= 1 + 1e-12).all()):
            raise MethodError("correlations must be symmetric, within -1 and 1, and 1 on the diagonal")
        if deviations is None and not self.scaled:
            raise MethodError("without deviations the raw metric cannot be used: give them, or leave scaled=True")
        model = read_model(self.model).resolved(names)
        places = [names.index(item) for item in model.items]
        spreads = np.full(size, np.nan) if deviations is None else np.asarray(deviations, dtype=float)
        middle = np.full(size, np.nan) if means is None else np.asarray(means, dtype=float)
        moments = Moments(given[np.ix_(places, places)][None], spreads[places][None], middle[places][None])
        note = Note("there are no scores and no intervals, for only correlations were given")
        self._learn(moments, model, int(n_rows), (note,))
        for learned in ("scores_", "index_scores_", "_items"):
            vars(self).pop(learned, None)
        return self

    def _check_parameters(self) -> None:
        """Raise when a parameter is out of its range."""
        for name, value, known in (
            ("scheme", self.scheme, SCHEMES),
            ("missing", self.missing, MISSING),
            ("interval", self.interval, INTERVALS),
        ):
            if value not in known:
                raise MethodError(
                    "{name} must be one of {known}, not {value!r}", name=name, known=", ".join(known), value=value
                )
        if not isinstance(self.bootstrap, int) or self.bootstrap < 0 or self.bootstrap == 1:
            raise MethodError(
                "bootstrap must be 0 or a whole number of at least 2 resamples, not {value!r}", value=self.bootstrap
            )
        if not 0 < self.level < 1:
            raise MethodError("level must lie between 0 and 1, not {value!r}", value=self.level)
        if not self.tolerance > 0 or self.max_iterations < 1:
            raise MethodError("tolerance must exceed 0, and max_iterations be at least 1")

    def _learn(self, moments: Moments, model: StructuralModel, rows: int, notes: tuple[Note, ...]) -> Figures:
        """Find the weights of the whole sample and all that follows from them."""
        layout = Layout.of(model)
        check_apart(moments.correlations[0], model, layout)
        variances = None if self.scaled else moments.deviations**2
        found = outer_weights(moments.correlations, variances, layout, self.scheme, self.tolerance, self.max_iterations)
        if not found.converged[0]:
            raise MethodError(
                "the weights did not come to rest within {rounds} rounds: try another scheme, or look for a construct "
                "whose items do not correlate with those of its neighbours",
                rounds=self.max_iterations,
            )
        given = figures(found.weights, moments, layout, model.bounds)
        check_constructs(given.between[0], model, layout)
        self.model_, self.n_, self.iterations_ = model, rows, int(found.iterations[0])
        self.intervals_: dict[str, dict[str, tuple[float, float]]] = {}
        self.standard_errors_: dict[str, dict[str, float]] = {}
        for name, values in labelled(given, model).items():
            setattr(self, f"{name}_", values)
        shares = index_weights(given.weights, moments.deviations, layout)[0]
        self.index_weights_ = dict(zip(model.items, shares.tolist(), strict=True))
        self._assess(given, moments.correlations[0], layout)
        self.notes_ = (*notes, *warnings(given, model, shares))
        return given

    def _assess(self, given: Figures, correlations: Vector, layout: Layout) -> None:
        """Say how good the measurement and the paths are."""
        model = self.model_
        between, loadings, r2 = given.between[0], given.loadings[0], given.r2[0]
        measures: dict[str, dict[str, float]] = {"alpha": {}, "rho_c": {}, "rho_a": {}, "ave": {}, "communality": {}}
        self.item_vif_: dict[str, float] = {}
        for construct, block in zip(model.constructs, layout.blocks, strict=True):
            name, inside = construct.name, correlations[block, block]
            reflects = construct.mode == "A" and len(construct.items) > 1
            square = float((loadings[block] ** 2).mean())
            measures["communality"][name] = square
            measures["ave"][name] = square if reflects else float("nan")
            measures["alpha"][name] = assessment.cronbach_alpha(inside) if reflects else float("nan")
            measures["rho_c"][name] = assessment.composite_reliability(loadings[block]) if reflects else float("nan")
            measures["rho_a"][name] = assessment.rho_a(given.weights[0, block], inside) if reflects else float("nan")
            self.item_vif_.update(zip(construct.items, assessment.inflation(inside).tolist(), strict=True))
        for measure, values in measures.items():
            setattr(self, f"{measure}_", values)
        effects = assessment.effect_sizes(between, r2, layout)
        self.f2_, self.inner_vif_, self.r2_adjusted_ = {}, {}, {}
        for place, name in enumerate(model.names):
            origins = np.flatnonzero(layout.arrows[:, place])
            if not origins.size:
                continue
            inflated = assessment.inflation(between[np.ix_(origins, origins)])
            for origin, factor in zip(origins, inflated, strict=True):
                label = f"{model.names[origin]}->{name}"
                self.f2_[label], self.inner_vif_[label] = float(effects[origin, place]), float(factor)
            free = (self.n_ - 1) / (self.n_ - origins.size - 1)
            self.r2_adjusted_[name] = 1 - (1 - self.r2_[name]) * free
        self.gof_ = assessment.goodness_of_fit(loadings, r2, layout)
        self.construct_correlations_, self.cross_loadings_ = between, given.cross_loadings[0]
        ave = np.array([measures["ave"][name] for name in model.names])
        self.fornell_larcker_ = assessment.fornell_larcker(between, ave)

    def _infer(self, items: Vector, centres: Vector, scales: Vector, whole: Figures) -> None:
        """Draw resamples, and take intervals and standard errors from them."""
        inference = Inference(self._algorithm(), self.bootstrap, self.interval, self.level, self.random_state)
        ordered = items[own_order(items)]
        self.intervals_, self.standard_errors_, notes = bootstrapped(
            ordered, centres, scales, whole, self.model_, inference
        )
        self.notes_ = (*self.notes_, *notes)

    def _algorithm(self) -> Algorithm:
        """Return how the weights are found."""
        return Algorithm(Layout.of(self.model_), self.scheme, self.scaled, self.tolerance, self.max_iterations)

    def blindfold(self, omission: int = 7, order: str = "answers") -> Blindfolding:
        r"""Return the Stone-Geisser Q2 of the constructs that a path leads to; above 0, the model foretells.

        Every ``omission``-th answer is hidden, the model estimated without it and the answer foretold; so in turn for
        all (Tenenhaus et al. 2005, section 2.4). It exists for constructs of mode A.

        Parameters
        ----------
        omission : int, default 7
            Every which answer is hidden at a time, 5 to 12 as a rule. One that divides the number of rows would hide
            whole rows; the next that does not is taken, with a note.
        order : {"answers", "file"}, default "answers"
            The order in which answers are counted: one of the answers' own, so that a file sorted otherwise gives the
            same, or that of the file, as other programs do.

        Returns
        -------
        Blindfolding

        Raises
        ------
        MethodError
            An omission distance or order out of range; a model that was fitted to correlations alone.
        """
        self._check_fitted("model_")
        if not hasattr(self, "_items"):
            raise MethodError("blindfolding needs the answers, but the model was fitted to correlations alone")
        if order not in ORDERS:
            raise MethodError("order must be answers or file, not {order!r}", order=order)
        used = check_omission(omission, self.n_)
        notes = [] if used == omission else [
            Note("the omission distance is {used} instead of {asked}, which divides the {rows} rows",
                 used=used, asked=omission, rows=self.n_)
        ]  # fmt: skip
        items = self._items if order == "file" else self._items[own_order(self._items)]
        redundancy, communality = {}, {}
        for place, construct in enumerate(self.model_.constructs):
            if construct.name not in self.r2_ or construct.mode == "B":
                continue
            told, own = cross_validated(items, place, self._algorithm(), used)
            redundancy[construct.name] = told
            if len(construct.items) > 1:
                communality[construct.name] = own
        return Blindfolding(redundancy, communality, used, tuple(notes))
