"""The loyalty methods a second time, straightforwardly: loops, searches, no shared code."""

import math
from itertools import pairwise
from statistics import NormalDist


def z_of(level):
    return NormalDist().inv_cdf(0.5 + level / 2)


def nps(scores):
    """Score and error from +1, 0, -1 one by one."""
    signs = [1 if s >= 9 else -1 if s <= 6 else 0 for s in scores]
    net = sum(signs) / len(signs)
    variance = sum((sign - net) ** 2 for sign in signs) / len(signs)
    return 100 * net, 100 * math.sqrt(variance / len(signs))


def adjusted_wald(scores, level=0.95):
    """Fractions of answers added as weights."""
    weighted = [(1 if s >= 9 else -1 if s <= 6 else 0, 1.0) for s in scores] + [(-1, 0.75), (0, 1.5), (1, 0.75)]
    n = sum(w for _, w in weighted)
    net = sum(s * w for s, w in weighted) / n
    variance = sum(w * (s - net) ** 2 for s, w in weighted) / n
    half = z_of(level) * math.sqrt(variance / n)
    return max(-100, 100 * (net - half)), min(100, 100 * (net + half))


def score_statistic(detractors, passives, promoters, at):
    """Distance over the error that the likeliest shares under the net score give; the likeliest found by search."""
    n = detractors + passives + promoters

    def likelihood(d):
        shares = (d, 1 - 2 * d - at, d + at)
        total = 0.0
        for count, share in zip((detractors, passives, promoters), shares, strict=True):
            if count:
                if share <= 0:
                    return -math.inf
                total += count * math.log(share)
        return total

    low, high = max(0.0, -at), (1 - at) / 2
    for _ in range(200):
        a, b = low + (high - low) / 3, high - (high - low) / 3
        if likelihood(a) < likelihood(b):
            low = a
        else:
            high = b
    d = (low + high) / 2
    return (promoters - detractors - n * at) / math.sqrt(n * (2 * d + at - at * at))


def wilson(successes, trials, level=0.95):
    """Ends as roots of the quadratic of the score test."""
    z2, p = z_of(level) ** 2, successes / trials
    a, b, c = trials + z2, -(2 * successes + z2), trials * p * p
    root = math.sqrt(max(0.0, b * b - 4 * a * c))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def behaviour(rows, window, end):
    """Measures of a log of (customer, day, product), rows of known customers."""
    days, products = {}, {}
    for customer, day, product in rows:
        days.setdefault(customer, set()).add(day)
        products.setdefault(customer, set()).add(product)
    told = {c: sorted(d) for c, d in days.items()}
    early = [d for d in told.values() if d[0] <= end - window]
    before = [d for d in told.values() if any(end - 2 * window < x <= end - window for x in d)]
    gaps = [sum(b - a for a, b in pairwise(d)) / (len(d) - 1) for d in told.values() if len(d) > 1]
    return {
        "repeat_rate": sum(len(d) > 1 for d in told.values()) / len(told),
        "repeat_rate_in_window": sum(any(d[0] < x <= d[0] + window for x in d) for d in early) / len(early),
        "retention": sum(any(end - window < x <= end for x in d) for d in before) / len(before),
        "purchases": sum(len(d) for d in told.values()) / len(told),
        "purchase_interval_days": sum(gaps) / len(gaps),
        "tenure_days": sum(d[-1] - d[0] for d in told.values()) / len(told),
        "products": sum(len(p) for p in products.values()) / len(products),
        "cross_buying": sum(len(p) > 1 for p in products.values()) / len(products),
    }


def loyalty_type(attached, repeats, has_choice, follows_price, follows_promotion):
    """The rules as they are told."""
    if attached and repeats:
        return "premium"
    if repeats and not has_choice:
        return "monopoly"
    if repeats and follows_promotion:
        return "incentivised"
    if follows_price and not attached:
        return "price"
    return "inertia" if repeats else "none"


def stage(days, end, mean_interval, alpha, build_up, stability, prior):
    """One customer's stage by the rules as they are told."""
    days = sorted(set(days))
    first, last, x = days[0], days[-1], len(days)
    if mean_interval:
        seen = prior * mean_interval + last - first
        if (seen / (seen + end - last)) ** (prior + x - 1) < alpha:
            return "decline"
    if x < build_up:
        return "exploration"
    if x < stability:
        return "build_up"
    middle = first + (end - first) // 2
    later, n = sum(d > middle for d in days[1:]), x - 1
    share = (end - middle) / (end - first)

    def chance(k):
        return math.comb(n, k) * share**k * (1 - share) ** (n - k)

    if sum(chance(k) for k in range(later + 1)) < alpha:
        return "decline"
    return "build_up" if sum(chance(k) for k in range(later, n + 1)) < alpha else "stability"


def rung(purchases, contacts, opportunities, share, referrals, joint, client_purchases, client_share):
    """One customer's rung."""
    if purchases >= client_purchases and share >= client_share:
        return "partner" if joint else "advocate" if referrals else "client"
    if purchases >= 2:
        return "repeat"
    if purchases == 1:
        return "first_time"
    return "prospect" if opportunities else "onlooker" if contacts else "suspect"


def rising(means, weights):
    """The rising fit by its max-min formula."""
    size = len(means)

    def middle(i, j):
        return sum(m * w for m, w in zip(means[i : j + 1], weights[i : j + 1], strict=True)) / sum(weights[i : j + 1])

    return [max(min(middle(i, j) for j in range(k, size)) for i in range(k + 1)) for k in range(size)]


def zones(x, y):
    """The partition of levels by BIC, over all partitions into one to three zones."""
    levels, n = sorted(set(x)), len(x)
    found = [(math.inf, ())]
    for cuts in (
        [()]
        + [(a,) for a in range(1, len(levels))]
        + [(a, b) for a in range(1, len(levels)) for b in range(a + 1, len(levels))]
    ):
        edges = (0, *cuts, len(levels))
        groups = [[v for u, v in zip(x, y, strict=True) if u in levels[low:high]] for low, high in pairwise(edges)]
        means = [sum(g) / len(g) for g in groups]
        if any(b <= a for a, b in pairwise(means)):
            continue
        error = sum((v - m) ** 2 for g, m in zip(groups, means, strict=True) for v in g)
        found.append((n * math.log(error / n) + (2 * len(groups) - 1) * math.log(n), cuts))
    return min(found)[1]


def solve(matrix, right):
    """Linear equations by elimination."""
    size = len(right)
    rows = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    for k in range(size):
        pivot = max(range(k, size), key=lambda r: abs(rows[r][k]))
        rows[k], rows[pivot] = rows[pivot], rows[k]
        for r in range(size):
            if r != k:
                factor = rows[r][k] / rows[k][k]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[k], strict=True)]
    return [rows[k][size] / rows[k][k] for k in range(size)]


def least_squares(design, y):
    """Coefficients, and for each its HC3 error by leaving each row's leverage in."""
    size = len(design[0])
    cross = [[sum(row[a] * row[b] for row in design) for b in range(size)] for a in range(size)]
    beta = solve(cross, [sum(row[a] * v for row, v in zip(design, y, strict=True)) for a in range(size)])
    middle = [[0.0] * size for _ in range(size)]
    for row, value in zip(design, y, strict=True):
        leverage = sum(a * b for a, b in zip(row, solve(cross, row), strict=True))
        e = (value - sum(a * b for a, b in zip(row, beta, strict=True))) / (1 - leverage)
        for a in range(size):
            for b in range(size):
                middle[a][b] += e * e * row[a] * row[b]
    errors = []
    for k in range(size):
        column = solve(cross, [1.0 if a == k else 0.0 for a in range(size)])
        errors.append(math.sqrt(sum(column[a] * middle[a][b] * column[b] for a in range(size) for b in range(size))))
    return beta, errors
