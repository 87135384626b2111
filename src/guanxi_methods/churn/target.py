"""The outcome a model learns from: which value means that a customer left, and whether there are enough of both."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.errors import MethodError, TooFewError
from guanxi_methods.frames import as_categories

# So many of the rarer outcome are needed: a tenth of them decide each fold of the inner cross-validation.
FEWEST_OUTCOMES = 30
YES = ("1", "True", "true", "TRUE")
NO = ("0", "False", "false", "FALSE")


def learn_target(target: Any, value: Any, size: int) -> NDArray[np.bool_]:
    """Return who left; missing outcomes and values that say nothing are named.

    Examples
    --------
    >>> learn_target(["Yes", "No", "No"], "Yes", 3)
    array([ True, False, False])
    """
    words = np.array([word.strip() for word in as_categories(target, "target").tolist()], dtype=object)
    if words.size != size:
        raise MethodError("target holds {found} values where {size} are needed", found=words.size, size=size)
    if (words == "").any():
        raise MethodError(
            "the outcome of row {row} is missing: leave out customers whose outcome is not known yet",
            row=int(np.argmax(words == "")) + 1,
        )
    if "inf" in words or "-inf" in words:
        raise MethodError("target holds an infinite value")
    found = sorted(set(words.tolist()))
    shown = ", ".join(found[:8]) + (" ..." if len(found) > 8 else "")
    if value is not None:
        wanted = str(as_categories([value], "target_value")[0]).strip()
        if wanted not in found:
            raise MethodError("no outcome is {value!r}; there are: {found}", value=wanted, found=shown)
        return np.asarray(words == wanted)
    strange = [word for word in found if word not in YES + NO]
    if strange:
        raise MethodError(
            "say which outcome means that the customer left (target_value); there are: {found}", found=shown
        )
    return np.isin(words.astype(str), YES)


def check_outcomes(left: NDArray[np.bool_], fewest: int = FEWEST_OUTCOMES) -> None:
    """Refuse outcomes that are all the same, or too few to learn from."""
    events, stayed = int(left.sum()), int((~left).sum())
    if events == 0:
        raise MethodError("nobody left: there is nothing to learn from")
    if stayed == 0:
        raise MethodError("everybody left: there is nothing to learn from")
    if events < fewest:
        raise TooFewError("there are {count} customers who left: {needed} are needed", count=events, needed=fewest)
    if stayed < fewest:
        raise TooFewError("there are {count} customers who stayed: {needed} are needed", count=stayed, needed=fewest)
