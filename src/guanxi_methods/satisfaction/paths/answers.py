"""The answers a path model is fitted to: taken from a table, checked, missing ones dealt with by a stated rule."""

from __future__ import annotations

from typing import Any

import numpy as np

from guanxi_methods.errors import MethodError, Note, TooFewError
from guanxi_methods.frames import Vector, as_frame
from guanxi_methods.satisfaction.paths.model import StructuralModel
from guanxi_methods.satisfaction.paths.weighting import Layout

MISSING = ("mean", "drop", "refuse")


def taken(
    data: Any, names: Any, model: StructuralModel, missing: str
) -> tuple[Vector, StructuralModel, tuple[Note, ...]]:
    """Return the answers in the order of the model's items, the model with its items resolved, and notes.

    Parameters
    ----------
    data, names
        As :func:`guanxi_methods.frames.as_frame` takes them.
    model : StructuralModel
    missing : {"mean", "drop", "refuse"}

    Returns
    -------
    answers : ndarray, shape (n_rows, n_items)
    model : StructuralModel
    notes : tuple of Note
    """
    frame = as_frame(data, names)
    model = model.resolved(frame.names)
    answers = frame.matrix(model.items, missing="refuse" if missing == "refuse" else "keep")
    _check_scale(answers, model)
    absent = np.isnan(answers)
    for place, item in enumerate(model.items):
        if absent[:, place].all():
            raise MethodError("nobody answered the item {item!r}: leave it out of the model", item=item)
    notes: tuple[Note, ...] = ()
    if absent.any():
        answers, notes = _completed(answers, absent, missing)
    _check_spread(answers, model)
    return answers, model, notes


def _check_scale(answers: Vector, model: StructuralModel) -> None:
    """Raise when an answer lies off the scale."""
    lows, highs = model.bounds[:, Layout.of(model).owner]
    off = (answers < lows) | (answers > highs)
    if off.any():
        row, place = np.argwhere(off)[0]
        raise MethodError(
            "the item {item!r} holds {value:g} in row {row}, which lies off the scale from {low:g} to {high:g}",
            item=model.items[place], value=float(answers[row, place]), row=int(row) + 1,
            low=float(lows[place]), high=float(highs[place]),
        )  # fmt: skip


def _completed(answers: Vector, absent: Any, missing: str) -> tuple[Vector, tuple[Note, ...]]:
    """Return answers without gaps, and what was done about the gaps."""
    holed = absent.any(axis=1)
    if missing == "drop":
        if holed.all():
            raise TooFewError("every row lacks an answer: nothing is left when such rows are dropped")
        return answers[~holed], (
            Note("{rows} rows that lack an answer were left out", rows=int(holed.sum())),
        )  # fmt: skip
    note = Note(
        "{cells} missing answers in {rows} rows were replaced by the mean of their item, which makes relations and "
        "intervals somewhat too small",
        cells=int(absent.sum()), rows=int(holed.sum()),
    )  # fmt: skip
    return np.where(absent, np.nanmean(answers, axis=0), answers), (note,)


def _check_spread(answers: Vector, model: StructuralModel) -> None:
    """Raise where there are too few rows, or an item that everybody answered alike."""
    rows = len(answers)
    origins = int(model.arrows.sum(axis=0).max())
    least = max(3, origins + 2)
    if rows < least:
        raise TooFewError("{rows} rows are too few for this model: it needs at least {least}", rows=rows, least=least)
    for construct in model.constructs:
        if construct.mode == "B" and len(construct.items) >= rows:
            raise TooFewError(
                "construct {name!r} has {items} items but there are only {rows} rows: mode B needs more rows than "
                "items, mode A does not",
                name=construct.name, items=len(construct.items), rows=rows,
            )  # fmt: skip
    for item, low, high in zip(model.items, answers.min(axis=0).tolist(), answers.max(axis=0).tolist(), strict=True):
        if low == high:
            raise MethodError(
                "everybody answered the item {item!r} alike, with {value:g}: it tells nothing, leave it out",
                item=item, value=low,
            )  # fmt: skip
