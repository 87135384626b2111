"""The churn methods a second time, in loops and for small data only."""

import itertools
import math

import numpy as np


def kaplan_meier(duration, event):
    """[(time, survival, Greenwood's standard error)] at the event times."""
    told, survival, spread = [], 1.0, 0.0
    for time in sorted({t for t, e in zip(duration, event, strict=True) if e}):
        n = sum(1 for t in duration if t >= time)
        d = sum(1 for t, e in zip(duration, event, strict=True) if e and t == time)
        survival *= 1 - d / n
        spread += d / (n * (n - d)) if n > d else 0.0
        told.append((time, survival, survival * math.sqrt(spread)))
    return told


def log_rank(duration, event, group):
    """Chi-square of two or more groups, by the list of tables, one group left out of the inverse."""
    names = sorted(set(group))
    u, v = np.zeros(len(names)), np.zeros((len(names), len(names)))
    for time in sorted({t for t, e in zip(duration, event, strict=True) if e}):
        rows = [(g, e and t == time) for t, e, g in zip(duration, event, group, strict=True) if t >= time]
        n, d = len(rows), sum(1 for _, e in rows if e)
        share = [sum(1 for g, _ in rows if g == name) / n for name in names]
        for i, name in enumerate(names):
            u[i] += sum(1 for g, e in rows if g == name and e) - d * share[i]
            for j in range(len(names)):
                if n > 1:
                    v[i, j] += d * (n - d) / (n - 1) * share[i] * ((i == j) - share[j])
    return float(u[1:] @ np.linalg.inv(v[1:, 1:]) @ u[1:])


def person_periods(duration, event, x):
    """Customer-periods written out: period, outcome, covariate."""
    rows = []
    for t, e, value in zip(duration, event, x, strict=True):
        rows += [(p, int(bool(e) and p == t), value) for p in range(1, int(t) + 1)]
    return rows


def logistic(design, outcome, steps=100):
    """Coefficients and their covariance by plain Newton steps."""
    beta = np.zeros(design.shape[1])
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-design @ beta))
        information = design.T @ (design * (chance * (1 - chance))[:, None])
        beta = beta + np.linalg.solve(information, design.T @ (outcome - chance))
    return beta, np.linalg.inv(information)


def shapley(score, row, background):
    """Shapley values over all orders of the columns, each column's part averaged."""
    columns = len(row)
    total = np.zeros(columns)
    orders = list(itertools.permutations(range(columns)))
    for order in orders:
        mixed = background.copy()
        before = score(mixed).mean()
        for column in order:
            mixed[:, column] = row[column]
            after = score(mixed).mean()
            total[column] += after - before
            before = after
    return total / len(orders)


def auc_and_error(score, event):
    """AUC over all pairs, and DeLong's standard error, in loops."""
    left = [s for s, e in zip(score, event, strict=True) if e]
    stayed = [s for s, e in zip(score, event, strict=True) if not e]
    pairs = np.array([[1.0 if x > y else 0.5 if x == y else 0.0 for y in stayed] for x in left])
    v10, v01 = pairs.mean(axis=1), pairs.mean(axis=0)
    return pairs.mean(), math.sqrt(v10.var(ddof=1) / len(left) + v01.var(ddof=1) / len(stayed))


def fast_auc(score, event):
    """AUC of large data without ties."""
    ranks = np.empty(score.size)
    ranks[np.argsort(score)] = np.arange(1, score.size + 1)
    events = int(event.sum())
    return (ranks[event].sum() - events * (events + 1) / 2) / (events * (score.size - events))
