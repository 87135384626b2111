"""The same by trying every choice there is."""

from itertools import product


def choices_of(allowed, limit, group):
    """Every set of actions that one customer may get."""
    for picked in product((False, True), repeat=len(allowed)):
        taken = [place for place, is_taken in enumerate(picked) if is_taken]
        if all(allowed[place] for place in taken) and len(taken) <= limit:
            groups = [group[place] for place in taken]
            if len(set(groups)) == len(groups):
                yield taken


def best(value, cost, allowed, limit, group, minimum, capacity, budget):
    """The highest value within all limits, None where nothing fits."""
    n, m = len(value), len(value[0])
    highest = None
    for plan in product(*(list(choices_of(allowed[row], limit[row], group)) for row in range(n))):
        counts = [sum(place in taken for taken in plan) for place in range(m)]
        spent = sum(cost[row][place] for row, taken in enumerate(plan) for place in taken)
        if spent <= budget + 1e-9 and all(minimum[j] <= counts[j] <= capacity[j] for j in range(m)):
            gained = sum(value[row][place] for row, taken in enumerate(plan) for place in taken)
            highest = gained if highest is None else max(highest, gained)
    return highest
