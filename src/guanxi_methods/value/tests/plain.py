"""A second implementation of the value methods in plain Python: slow, exact, written from the definitions alone."""

from fractions import Fraction
from math import ceil


def ranked(values, last=None, ids=None):
    """Positions from the most to the least valuable customer."""
    last = last or [0] * len(values)
    ids = ids or list(range(len(values)))
    return sorted(range(len(values)), key=lambda i: (-values[i], -last[i], ids[i]))


def abc(values, cuts=(Fraction(80, 100), Fraction(95, 100)), last=None, ids=None):
    """A, B or C of each customer: the class whose share those ranked above have not reached."""
    total, above, classes = sum(values), 0, [""] * len(values)
    for i in ranked(values, last, ids):
        classes[i] = "C"
        if values[i] > 0 and total > 0:
            classes[i] = "A" if Fraction(above, total) < cuts[0] else "B" if Fraction(above, total) < cuts[1] else "C"
        above += values[i]
    return classes


def tiers(values, last=None, ids=None):
    """Tier of each customer by rank."""
    n, names = len(values), [""] * len(values)
    cut = [ceil(Fraction(percent, 100) * n) for percent in (1, 5, 20)]
    for rank, i in enumerate(ranked(values, last, ids), start=1):
        names[i] = "vip" if rank <= cut[0] else "major" if rank <= cut[1] else "ordinary" if rank <= cut[2] else "small"
        if values[i] <= 0:
            names[i] = "small"
    return names


def levels(values, floor=0):
    """Level of each customer by profit."""
    joint, above, names = sum(v - floor for v in values if v > floor), 0, ["lead"] * len(values)
    for i in ranked(values):
        if values[i] > floor:
            share = Fraction(above, joint)
            names[i] = "platinum" if share < Fraction(1, 2) else "gold" if share < Fraction(4, 5) else "iron"
            above += values[i] - floor
    return names


def scores(column, count=5):
    """1 to `count` by how many do strictly worse."""
    return [1 + (count * sum(other < x for other in column)) // len(column) for x in column]


def gini(values):
    """Half the mean absolute difference over the mean."""
    n, total = len(values), sum(values)
    return float(Fraction(sum(abs(a - b) for a in values for b in values), 2 * n * total))
