"""A second implementation in plain Python, written from the definitions alone."""

from itertools import product


def delivered(rows, values, costs, weights):
    """Mean of weighted values less weighted costs, supplier by supplier."""
    sums = {}
    for supplier, answers in rows:
        worth = sum(weights[item] * answers[item] for item in values)
        worth -= sum(weights[item] * answers[item] for item in costs)
        sums.setdefault(supplier, []).append(worth)
    return {supplier: sum(found) / len(found) for supplier, found in sums.items()}


def fewest_groups(segments, conflicts):
    """Try every way of placing segments into one group, two groups, three ..."""
    for count in range(1, len(segments) + 1):
        for placing in product(range(count), repeat=len(segments)):
            where = dict(zip(segments, placing, strict=True))
            if all(where[a] != where[b] for a, b in conflicts):
                return count
    return len(segments)


def cell(x, y, x_cuts, y_cuts, cells):
    """Go up the levels one by one."""
    column = sum(1 for cut in x_cuts if x >= cut)
    row = sum(1 for cut in y_cuts if y >= cut)
    return cells[row][column]
