"""A second, plain way to the same forecasts: one factor, one regressor and one day after the other."""

import datetime as dt
import math

import numpy as np


def calendar(day, closed, usual):
    """What the calendar tells of a day, in the order of the regressors."""
    before = day - 1
    while usual and (before + 3) % 7 not in usual:
        before -= 1
    date = dt.date(1970, 1, 1) + dt.timedelta(days=day)
    following = dt.date(date.year + date.month // 12, date.month % 12 + 1, 1)
    left = (following - date).days
    row = [float((day + 3) % 7 == of_week) for of_week in range(7)]
    row.append(float(before in closed))
    row += [float(date.day <= most) for most in (1, 2, 3, 5)]
    row += [float(left <= most) for most in (1, 2, 4)]
    return row


def by_factors(roots, days, coming, closed, usual, n_factors, half_life, keeps_level):
    """Roots of the days to come, by the singular values themselves and weighted least squares on stacked rows."""
    drawn = np.array(roots, dtype=float)
    for _ in range(2):
        left, size, right = np.linalg.svd(drawn)
        fit = sum(size[k] * np.outer(left[:, k], right[k]) for k in range(n_factors))
        for j in range(drawn.shape[1]):
            far = 4 * 1.4826 * np.median([abs(roots[i][j] - fit[i, j]) for i in range(len(roots))])
            for i in range(len(roots)):
                apart = roots[i][j] - fit[i, j]
                drawn[i, j] = fit[i, j] + (max(-far, min(far, apart)) if far > 0 else apart)
    left, size, right = np.linalg.svd(drawn)
    table = np.array([calendar(day, closed, usual) for day in days])
    after = np.array([calendar(day, closed, usual) for day in coming])
    made = np.zeros((len(coming), drawn.shape[1]))
    for k in range(n_factors):
        score = size[k] * left[:, k]
        age = [0.5 ** ((len(days) - 1 - i) / half_life) for i in range(len(days))]
        weight = list(age)
        for _ in range(5):
            rows = [math.sqrt(weight[i]) * table[i] for i in range(len(days))]
            sides = [math.sqrt(weight[i]) * score[i] for i in range(len(days))]
            for place in range(table.shape[1]):
                penalty = np.zeros(table.shape[1])
                penalty[place] = math.sqrt(0.01 if place < 7 else 1.0)
                rows.append(penalty)
                sides.append(0.0)
            found = np.linalg.lstsq(np.array(rows), np.array(sides), rcond=None)[0]
            apart = [score[i] - table[i] @ found for i in range(len(days))]
            spread = 1.4826 * np.median(np.abs(apart))
            weight = [age[i] * min(1.0, 2.5 * spread / max(abs(apart[i]), 1e-300)) for i in range(len(days))]
        cut = [max(-2.5 * spread, min(2.5 * spread, one)) for one in apart]
        carry = sum(cut[i] * cut[i - 1] for i in range(1, len(cut))) / sum(one * one for one in cut[:-1])
        carry = max(0.0, min(0.95, carry))
        lately = [0.5 ** ((len(days) - 1 - i) / 4) for i in range(len(days))]
        level = sum(weight * one for weight, one in zip(lately, cut, strict=True)) / sum(lately)
        for lead in range(len(coming)):
            over = level if keeps_level else cut[-1] * carry ** (lead + 1)
            made[lead] += (after[lead] @ found + over) * right[k]
    return np.maximum(made, 0)


def mean_of_weeks(counts, days, coming, weeks):
    """The mean of the last same weekdays, bin by bin."""
    made = []
    for day in coming:
        same = [i for i in range(len(days)) if (days[i] - day) % 7 == 0][-weeks:]
        made.append([sum(counts[i][j] for i in same) / len(same) for j in range(len(counts[0]))])
    return np.array(made)
