"""What stands in the way of an estimate, and what a reader of one must know."""

from __future__ import annotations

import numpy as np

from guanxi_methods.errors import MethodError, Note
from guanxi_methods.frames import Vector
from guanxi_methods.satisfaction.paths.derived import Figures
from guanxi_methods.satisfaction.paths.inference import pair_labels
from guanxi_methods.satisfaction.paths.model import StructuralModel
from guanxi_methods.satisfaction.paths.weighting import SINGULAR, Layout


def check_apart(correlations: Vector, model: StructuralModel, layout: Layout) -> None:
    """Raise when items of a construct of mode B repeat each other."""
    for construct, block, is_b in zip(model.constructs, layout.blocks, layout.is_b, strict=True):
        if is_b and np.linalg.eigvalsh(correlations[block, block])[0] <= SINGULAR:
            raise MethodError(
                "the items of construct {name!r} repeat each other, so that mode B finds no weights: leave one out or "
                "use mode A",
                name=construct.name,
            )


def check_constructs(between: Vector, model: StructuralModel, layout: Layout) -> None:
    """Raise when constructs that lead to the same one repeat each other."""
    for place, name in enumerate(model.names):
        origins = np.flatnonzero(layout.arrows[:, place])
        if origins.size > 1 and np.linalg.eigvalsh(between[np.ix_(origins, origins)])[0] <= SINGULAR:
            raise MethodError(
                "the constructs that lead to {name!r} ({origins}) repeat each other, so that their paths cannot be "
                "told apart: leave one out",
                name=name, origins=", ".join(model.names[origin] for origin in origins),
            )  # fmt: skip


def warnings(given: Figures, model: StructuralModel, shares: Vector) -> list[Note]:
    """Return what a reader must know of the figures; ``shares`` are the index weights, shape (n_items,)."""
    notes = []
    for construct, block in zip(model.constructs, model.blocks, strict=True):
        if len(construct.items) == 1:
            notes.append(
                Note("construct {name} has one item: it is that item, and its reliability is not known",
                     name=construct.name)
            )  # fmt: skip
        negative = [item for item, weight in zip(construct.items, given.weights[0, block], strict=True) if weight < 0]
        if negative:
            notes.append(
                Note("the weights of {items} in construct {name} are negative: the items do not all point one way, "
                     "and its index may leave 0 to 100", items=", ".join(negative), name=construct.name)
            )  # fmt: skip
    if np.isnan(model.bounds).all():
        notes.append(Note("there is no index, for the model names no scale"))
    void = [name for name, block in zip(model.names, model.blocks, strict=True) if np.isnan(shares[block]).any()]
    if void and np.isfinite(given.index).any():
        notes.append(Note("there is no index for {names}: the weights of its items cancel out", names=", ".join(void)))
    upper = np.triu_indices(len(model.names), 1)
    unknown = [label for label, ratio in zip(pair_labels(model), given.htmt[0][upper], strict=True) if np.isnan(ratio)]
    if unknown:
        notes.append(
            Note("there is no HTMT for {pairs}: items of a construct do not correlate positively with each other",
                 pairs=", ".join(unknown))
        )  # fmt: skip
    return notes
