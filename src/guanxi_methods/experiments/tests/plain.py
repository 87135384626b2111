"""The same by another route: sums over all outcomes, root finding by steps, loops over customers, random draws."""

from fractions import Fraction
from itertools import pairwise
from math import comb, erfc, log, sqrt

import numpy as np


def fisher(x1, n1, x2, n2):
    """Two-sided, over all tables with the same sums, in fractions."""
    won = x1 + x2
    ways = {k: comb(n2, k) * comb(n1, won - k) for k in range(max(0, won - n1), min(won, n2) + 1)}
    return float(Fraction(sum(way for way in ways.values() if way <= ways[x2]), sum(ways.values())))


def most_likely_shares(x1, n1, x2, n2, delta, steps=200_000):
    """The shares with a difference of delta under which the outcome is most likely, by trying a fine grid."""
    low, high = max(0.0, -delta), min(1.0, 1 - delta)
    first = np.linspace(low, high, steps + 1)[1:-1]
    second = first + delta
    likelihood = x1 * np.log(first) + (n1 - x1) * np.log1p(-first) + x2 * np.log(second) + (n2 - x2) * np.log1p(-second)
    best = int(np.argmax(likelihood))
    return first[best], second[best]


def score_p(x1, n1, x2, n2, delta):
    """The p-value of a difference of delta."""
    first, second = most_likely_shares(x1, n1, x2, n2, delta)
    z = (x2 / n2 - x1 / n1 - delta) / sqrt(first * (1 - first) / n1 + second * (1 - second) / n2)
    return erfc(abs(z) / sqrt(2))


def chi_square(table):
    """Pearson's statistic of a table, cell by cell."""
    table = np.asarray(table, dtype=float)
    total = table.sum()
    return sum(
        (table[i, j] - table[i].sum() * table[:, j].sum() / total) ** 2 / (table[i].sum() * table[:, j].sum() / total)
        for i in range(table.shape[0])
        for j in range(table.shape[1])
    )


def mixture_martingale(difference, variance, mixture_variance, nodes=200_001, reach=12.0):
    """The mixture likelihood ratio by numerical integration over effects drawn from the mixture."""
    spread = sqrt(mixture_variance)
    effects = np.linspace(-reach, reach, nodes) * spread
    density = np.exp(-((effects / spread) ** 2) / 2) / (spread * sqrt(2 * np.pi))
    ratio = np.exp((2 * effects * difference - effects**2) / (2 * variance))
    return float(np.trapezoid(ratio * density, effects))


def multinomial_evidence(counts, shares):
    """The Bayes factor of a flat prior, customer by customer: each is predicted from those before."""
    evidence, seen = 0.0, [0] * len(counts)
    for arm, count in enumerate(counts):
        for _ in range(count):
            evidence += log((seen[arm] + 1) / (sum(seen) + len(counts))) - log(shares[arm])
            seen[arm] += 1
    return evidence


def curve_areas(uplift, treated, outcome):
    """Areas under the Qini and gain curves, point by point."""
    n = len(uplift)
    order = sorted(range(n), key=lambda row: -uplift[row])
    all_treated = sum(treated)
    points = [(0.0, 0.0, 0.0)]
    sums = {0: 0.0, 1: 0.0}
    sizes = {0: 0, 1: 0}
    for place, row in enumerate(order):
        sums[int(treated[row])] += outcome[row]
        sizes[int(treated[row])] += 1
        if place + 1 < n and uplift[order[place + 1]] == uplift[row]:
            continue
        qini = gain = 0.0
        if sizes[0] and sizes[1]:
            qini = (sums[1] - sums[0] * sizes[1] / sizes[0]) / all_treated
            gain = (sums[1] / sizes[1] - sums[0] / sizes[0]) * (place + 1) / n
        points.append(((place + 1) / n, qini, gain))
    return tuple(sum((b[0] - a[0]) * (a[k] + b[k]) / 2 for a, b in pairwise(points)) for k in (1, 2))


def logistic_by_steps(z, y, penalty, steps=60_000, rate=0.5):
    """Coefficients of a logistic ridge model by plain gradient descent; the intercept is free."""
    beta = np.zeros(z.shape[1])
    weights = np.full(z.shape[1], float(penalty))
    weights[0] = 0
    for _ in range(steps):
        beta -= rate / len(y) * (z.T @ (1 / (1 + np.exp(-z @ beta)) - y) + weights * beta)
    return beta


def simulated_power_of_means(rng, difference, n, tries=20_000):
    """How often Student's test of two arms rejects at .05, with its critical value by simulation-free t table of 2n - 2."""
    critical = {38: 2.0244, 126: 1.9790}[2 * n - 2]
    a, b = rng.normal(0, 1, (tries, n)), rng.normal(difference, 1, (tries, n))
    pooled = np.sqrt((a.var(axis=1, ddof=1) + b.var(axis=1, ddof=1)) / 2 * 2 / n)
    return float((np.abs(b.mean(axis=1) - a.mean(axis=1)) / pooled > critical).mean())
