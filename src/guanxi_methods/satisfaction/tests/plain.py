"""The methods once more, one respondent and one subset at a time, for comparison."""

from itertools import permutations

import numpy as np


def mean(values):
    """The mean of what is there."""
    there = [value for value in values if value == value]
    return sum(there) / len(there)


def simple(rows):
    return mean([mean(column) for column in zip(*rows, strict=True)])


def dual(rows, importance):
    satisfied = [mean(column) for column in zip(*rows, strict=True)]
    important = [mean(column) for column in zip(*importance, strict=True)]
    return sum(i * s for i, s in zip(important, satisfied, strict=True)) / sum(important)


def r_squared(rows, overall, items):
    """R squared of the overall answer regressed on some of the items, by least squares on the rows themselves."""
    y = np.asarray(overall, dtype=float)
    design = np.column_stack([np.ones(len(y)), *(np.asarray(rows, dtype=float)[:, item] for item in items)])
    fitted = design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return 1 - ((y - fitted) ** 2).sum() / ((y - y.mean()) ** 2).sum()


def lmg(rows, overall):
    """What each item adds, averaged over every order there is."""
    items = range(len(rows[0]))
    added = [0.0 for _ in items]
    orders = list(permutations(items))
    for order in orders:
        for place, item in enumerate(order):
            with_it = r_squared(rows, overall, order[: place + 1])
            added[item] += (with_it - r_squared(rows, overall, order[:place])) / len(orders)
    return added


def jackknife_error(measure, *tables):
    """Standard error by leaving out one respondent after the other."""
    size = len(tables[0])
    left_out = [measure(*(np.delete(table, row, axis=0) for table in tables)) for row in range(size)]
    return float(np.sqrt((size - 1) * np.var(left_out)))


KANO = {
    ("like", "like"): "Q",
    ("like", "dislike"): "O",
    ("dislike", "like"): "R",
    ("dislike", "dislike"): "Q",
}


def kano(functional, dysfunctional):
    """The category of one pair of answers, by what the answers mean instead of by a table."""
    if (functional, dysfunctional) in KANO:
        return KANO[functional, dysfunctional]
    if functional == "like":
        return "A"
    if dysfunctional == "dislike":
        return "M"
    return "R" if functional == "dislike" or dysfunctional == "like" else "I"
