"""Intervals and standard errors of a path model from resamples, all at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.errors import Note
from guanxi_methods.frames import Vector
from guanxi_methods.satisfaction.paths.blindfolding import Algorithm
from guanxi_methods.satisfaction.paths.derived import Figures, Moments, figures
from guanxi_methods.satisfaction.paths.model import StructuralModel
from guanxi_methods.satisfaction.paths.resampling import (
    bca_interval,
    left_out,
    moments_of,
    percentile_interval,
    resamples,
)
from guanxi_methods.satisfaction.paths.weighting import outer_weights

INTERVALS = ("percentile", "bca")


@dataclass(frozen=True)
class Inference:
    """How intervals are asked for."""

    algorithm: Algorithm
    samples: int
    interval: str
    level: float
    random_state: int | None


def pair_labels(model: StructuralModel) -> list[str]:
    """Return "ONE~OTHER" for each pair of constructs."""
    names = model.names
    return [f"{one}~{other}" for place, one in enumerate(names) for other in names[place + 1 :]]


def _columns(given: Figures, model: StructuralModel) -> dict[str, tuple[list[str], Vector]]:
    """Return the figures as labels and columns, each of shape (n_samples, n_labels)."""
    names = model.names
    arrows = model.arrows
    reach = _reach(arrows)
    beyond = _reach_by_way(arrows, reach)
    upper = np.triu_indices(len(names), 1)

    def by_path(values: Vector, where: NDArray[np.bool_]) -> tuple[list[str], Vector]:
        origins, ends = np.nonzero(where)
        return [f"{names[origin]}->{names[to]}" for origin, to in zip(origins, ends, strict=True)], values[
            :, origins, ends
        ]

    reached = arrows.any(axis=0)
    made = {
        "paths": by_path(given.paths, arrows),
        "indirect_effects": by_path(given.indirect, beyond),
        "total_effects": by_path(given.total, reach),
        "loadings": (list(model.items), given.loadings),
        "weights": (list(model.items), given.weights),
        "r2": (list(model.endogenous), given.r2[:, reached]),
        "htmt": (pair_labels(model), given.htmt[:, upper[0], upper[1]]),
    }
    on_scale = np.isfinite(model.bounds[0])
    made["index"] = ([name for name, known in zip(names, on_scale, strict=True) if known], given.index[:, on_scale])
    return made


def _reach(arrows: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return whether any way leads from the row's construct to the column's."""
    reach = arrows.copy()
    for _ in range(len(arrows)):
        reach = reach | ((reach.astype(int) @ arrows.astype(int)) > 0)
    return reach


def _reach_by_way(arrows: NDArray[np.bool_], reach: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return whether a way of more than one path leads from the row's construct to the column's."""
    return (reach.astype(int) @ arrows.astype(int)) > 0


def labelled(given: Figures, model: StructuralModel) -> dict[str, dict[str, float]]:
    """Return the figures of the first sample by name and label."""
    return {
        name: dict(zip(labels, values[0].tolist(), strict=True))
        for name, (labels, values) in _columns(given, model).items()
    }


def bootstrapped(
    items: Vector, centres: Vector, scales: Vector, whole: Figures, model: StructuralModel, inference: Inference
) -> tuple[dict[str, dict[str, tuple[float, float]]], dict[str, dict[str, float]], list[Note]]:
    """Return intervals and standard errors by figure and label, and notes.

    Parameters
    ----------
    items : ndarray, shape (n_rows, n_items)
        Standardised by ``centres`` and ``scales``, in an order that does not depend on the file.
    centres, scales : ndarray, shape (n_items,)
    whole : Figures
        Of the whole sample.
    model : StructuralModel
    inference : Inference
    """
    rows, width = items.shape
    drawn = resamples(rows, width, inference.samples, inference.random_state)
    draws, labels = _estimated(drawn, items, centres, scales, whole, model, inference.algorithm)
    usable = len(draws)
    if usable < max(2, inference.samples // 2):
        return {}, {}, [
            Note("there are no intervals: only {usable} of {samples} resamples gave an estimate, for an item hardly "
                 "varies or there are too few rows", usable=usable, samples=inference.samples)
        ]  # fmt: skip
    notes = []
    if usable < inference.samples:
        notes.append(
            Note("{lost} of {samples} resamples gave no estimate and were left out of the intervals",
                 lost=inference.samples - usable, samples=inference.samples)
        )  # fmt: skip
    estimate = np.concatenate([values[0] for _, values in _columns(whole, model).values()])
    known = np.isfinite(draws).all(axis=0) & np.isfinite(estimate)
    ends = np.full((2, estimate.size), np.nan)
    if inference.interval == "bca":
        out = left_out(rows, width)
        without, _ = _estimated(out, items, centres, scales, whole, model, inference.algorithm)
        known &= np.isfinite(without).all(axis=0)
        ends[:, known] = bca_interval(draws[:, known], estimate[known], without[:, known], inference.level)
    else:
        ends[:, known] = percentile_interval(draws[:, known], inference.level)
    errors = np.full(estimate.size, np.nan)
    errors[known] = draws[:, known].std(axis=0, ddof=1)
    notes.extend(_unknown(known & np.isfinite(estimate), np.isfinite(estimate), labels))
    intervals: dict[str, dict[str, tuple[float, float]]] = {}
    deviations: dict[str, dict[str, float]] = {}
    for place, (figure, label) in enumerate(labels):
        intervals.setdefault(figure, {})[label] = (float(ends[0, place]), float(ends[1, place]))
        deviations.setdefault(figure, {})[label] = float(errors[place])
    return intervals, deviations, notes


def _unknown(known: NDArray[np.bool_], there: NDArray[np.bool_], labels: list[tuple[str, str]]) -> list[Note]:
    """Return a note on figures whose interval cannot be had."""
    lacking = [f"{figure} {label}" for place, (figure, label) in enumerate(labels) if there[place] and not known[place]]
    if not lacking:
        return []
    return [Note("there is no interval for {figures}: some resamples do not give it", figures=", ".join(lacking))]


def _estimated(
    counted: Iterable[Vector],
    items: Vector,
    centres: Vector,
    scales: Vector,
    whole: Figures,
    model: StructuralModel,
    algorithm: Algorithm,
) -> tuple[Vector, list[tuple[str, str]]]:
    """Return the figures of samples, one row each, without those that gave no estimate; and the columns' labels."""
    parts = []
    for counts in counted:
        moments = moments_of(counts, items, centres, scales)
        parts.append(_figures_of(moments, whole, model, algorithm))
    labels = [(figure, label) for figure, (names, _) in _columns(whole, model).items() for label in names]
    return np.concatenate(parts), labels


def _figures_of(moments: Moments, whole: Figures, model: StructuralModel, algorithm: Algorithm) -> Vector:
    """Return the figures of those samples that gave an estimate, one row each."""
    layout = algorithm.layout
    there = np.asarray(np.isfinite(moments.correlations).all(axis=(1, 2)))
    moments = moments.take(there)
    variances = None if algorithm.scaled else moments.deviations**2
    found = outer_weights(
        moments.correlations, variances, layout, algorithm.scheme, algorithm.tolerance, algorithm.max_iterations
    )
    moments, weights = moments.take(found.converged), found.weights[found.converged]
    # Turned towards the whole sample's construct, for a construct and its mirror image are one.
    alike = moments.correlations @ (whole.weights[0][:, None] * layout.member)
    likeness = (weights * (alike * layout.member).sum(axis=2)) @ layout.member
    weights = weights * (np.where(likeness < 0, -1.0, 1.0)[:, layout.owner])
    given = figures(weights, moments, layout, model.bounds)
    table = np.concatenate([values for _, values in _columns(given, model).values()], axis=1)
    paths = given.paths[:, layout.arrows]
    kept: Vector = table[np.isfinite(paths).all(axis=1)]
    return kept
