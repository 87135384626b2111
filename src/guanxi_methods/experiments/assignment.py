"""Who goes into which arm: decided by a hash of customer and experiment, so that it is the same tomorrow."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.errors import MethodError
from guanxi_methods.frames import Vector, as_categories

Names = NDArray[Any]
# Bits of a hash that a float holds exactly.
BITS = 53


def hash_share(customers: Any, experiment: str) -> Vector:
    """Return for each customer a number from 0 up to 1 that looks drawn at random but is always the same.

    The first 53 bits of SHA-256 of ``experiment``, a zero byte and the customer's name or number as text (UTF-8),
    divided by :math:`2^{53}`. Another experiment gives unrelated numbers.

    Parameters
    ----------
    customers : array_like, shape (n_customers,)
    experiment : str
        Not empty.

    Returns
    -------
    ndarray, shape (n_customers,)

    Raises
    ------
    MethodError
        No experiment named; a customer without a name.

    Examples
    --------
    >>> hash_share(["C-1", "C-2"], "spring-offer").round(4)
    array([0.534 , 0.9034])
    """
    if not experiment:
        raise MethodError("experiment must have a name: it is what makes one assignment differ from another")
    names = as_categories(customers, "customers").tolist()
    if "" in names:
        raise MethodError("customers is missing in row {row}", row=names.index("") + 1)
    start = hashlib.sha256(experiment.encode() + b"\0")
    made = np.empty(len(names))
    for row, name in enumerate(names):
        digest = start.copy()
        digest.update(name.encode())
        made[row] = (int.from_bytes(digest.digest()[:8], "big") >> (64 - BITS)) / 2**BITS
    return made


def assign(
    customers: Any, experiment: str, shares: Mapping[str, float], *, held_out: float = 0.0, strata: Any = None
) -> Names:
    r"""Deal customers to arms, always the same way for the same experiment.

    Without strata a customer goes to the arm into whose part of 0 to 1 :func:`hash_share` falls: nobody's arm depends
    on who else is there, so that it can be worked out one by one, and newcomers change nothing. Arms have their shares
    up to chance.

    With strata the customers of a stratum are lined up by their hash and dealt by position: with :math:`u` the hash of
    the stratum, the :math:`k`-th of :math:`m` stands at :math:`(k + u)/m`. Each arm then has its share of each stratum
    to within one customer, but who is where depends on who else is there: keep the result, and deal newcomers
    separately.

    A share ``held_out`` of all customers is kept out of every experiment (the global control): their place depends on
    the customer alone, not on the experiment, and they are "held out" in all of them.

    Parameters
    ----------
    customers : array_like, shape (n_customers,)
        Each once.
    experiment : str
    shares : mapping of str to float
        Arms with their shares, in any unit.
    held_out : float, default 0
        From 0 up to 1.
    strata : array_like, shape (n_customers,), optional

    Returns
    -------
    ndarray of object (str), shape (n_customers,)
        Names of arms, or "held out".

    Raises
    ------
    MethodError
        Under two arms without a held-out group; a share that is not over 0; a customer twice.

    Examples
    --------
    >>> assign(["C-1", "C-2", "C-3"], "spring-offer", {"control": 0.5, "offer": 0.5}).tolist()
    ['offer', 'offer', 'control']
    """
    names = as_categories(customers, "customers")
    if len(set(names.tolist())) < names.size:
        raise MethodError("customers must stand there once each, but some come twice")
    if not 0 <= held_out < 1:
        raise MethodError("held_out must be at least 0 and under 1, not {value!r}", value=held_out)
    if len(shares) < (1 if held_out else 2):
        raise MethodError("shares must name at least two arms, or one beside a held-out group")
    for arm, share in shares.items():
        if not share > 0 or not np.isfinite(share):
            raise MethodError("the share of arm {arm!r} must be over 0, not {share!r}", arm=arm, share=share)
    places = hash_share(names, experiment) if strata is None else _dealt(names, experiment, strata)
    edges = np.cumsum(list(shares.values())) / sum(shares.values())
    arms = np.array(list(shares), dtype=object)
    made: Names = arms[np.minimum(np.searchsorted(edges, places, side="right"), len(arms) - 1)]
    if held_out:
        made[hash_share(names, "held out of everything") < held_out] = "held out"
    return made


def _dealt(names: Names, experiment: str, strata: Any) -> Vector:
    """Return the places of customers lined up within their strata."""
    groups = as_categories(strata, "strata")
    if groups.size != names.size:
        raise MethodError("strata holds {found} values where {size} are needed", found=groups.size, size=names.size)
    drawn = hash_share(names, experiment)
    distinct, codes = np.unique(groups.astype(str), return_inverse=True)
    order = np.lexsort((drawn, codes))
    sizes = np.bincount(codes)
    position = np.arange(names.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    # A stratum has a name of its own before its hash, lest it be that of a customer.
    offset = hash_share([f"stratum\0{name}" for name in distinct.tolist()], experiment)
    places = np.empty(names.size)
    places[order] = (position + offset[codes[order]]) / sizes[codes[order]]
    return places
