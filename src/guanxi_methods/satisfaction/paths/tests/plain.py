"""Path models a second way: on the answers themselves, one construct and one row at a time, by least squares."""

import numpy as np


def standard(column):
    """A column with mean 0 and variance 1."""
    return (column - column.mean()) / column.std(ddof=1)


def regression(target, sources):
    """Slopes of a least-squares fit of centred columns."""
    return np.linalg.lstsq(np.column_stack(sources), target, rcond=None)[0]


def correlation(one, other):
    """Pearson's correlation of two columns."""
    return float(np.corrcoef(one, other)[0, 1])


def scores_of(blocks, weights):
    """Standardised sums of each construct's items."""
    return {name: standard(sum(w * x for w, x in zip(weights[name], blocks[name], strict=True))) for name in blocks}


def inner(name, scores, paths, scheme):
    """The proxy of a construct from its neighbours."""
    before = [origin for origin, to in paths if to == name]
    after = [to for origin, to in paths if origin == name]
    proxy = np.zeros(len(scores[name]))
    if scheme == "path" and before:
        slopes = regression(scores[name], [scores[other] for other in before])
        for slope, other in zip(slopes, before, strict=True):
            proxy += slope * scores[other]
    elif scheme != "path":
        after = after + before
    for other in after:
        related = correlation(scores[name], scores[other])
        proxy += scores[other] * (np.sign(related) if scheme == "centroid" else related)
    return proxy


def fit(table, constructs, paths, scheme="centroid", scaled=True, rounds=500):
    """Weights, scores, loadings, paths, R2 and total effects; `constructs` is {name: (mode, items)}."""
    blocks, weights = {}, {}
    for name, (_, items) in constructs.items():
        blocks[name] = [standard(table[item]) if scaled else table[item] - table[item].mean() for item in items]
        weights[name] = np.ones(len(items))
    for _ in range(rounds):
        scores = scores_of(blocks, weights)
        renewed = {}
        for name, (mode, _) in constructs.items():
            proxy = inner(name, scores, paths, scheme)
            if mode == "A":
                renewed[name] = np.array([float(x @ proxy) for x in blocks[name]])
            else:
                renewed[name] = regression(proxy, blocks[name])
            renewed[name] /= np.abs(renewed[name]).sum()
        moved = max(float(np.abs(renewed[name] - weights[name]).max()) for name in weights)
        weights = renewed
        if moved < 1e-13:
            break
    scores = scores_of(blocks, weights)
    for name, block in blocks.items():
        loads = [correlation(x, scores[name]) for x in block]
        if sum(np.sign(loads)) < 0:
            scores[name] = -scores[name]
    return figures(table, constructs, paths, scores)


def figures(table, constructs, paths, scores):
    """What follows from scores."""
    loadings, slopes, explained = {}, {}, {}
    for name, (_, items) in constructs.items():
        for item in items:
            loadings[item] = correlation(table[item], scores[name])
        before = [origin for origin, to in paths if to == name]
        if before:
            found = regression(scores[name], [scores[other] for other in before])
            slopes.update({(other, name): float(slope) for other, slope in zip(before, found, strict=True)})
            fitted = sum(slope * scores[other] for slope, other in zip(found, before, strict=True))
            explained[name] = float(fitted @ fitted / (scores[name] @ scores[name]))
    return {
        "scores": scores,
        "loadings": loadings,
        "paths": {f"{origin}->{to}": slope for (origin, to), slope in slopes.items()},
        "r2": explained,
        "total": {f"{a}->{b}": effect for (a, b), effect in totals(list(constructs), slopes).items()},
    }


def totals(names, slopes):
    """Products of slopes along every way, summed."""

    def ways(start, end):
        for origin, to in slopes:
            if origin == start:
                yield slopes[origin, to] * (1.0 if to == end else sum(ways(to, end)))

    made = {(a, b): sum(ways(a, b)) for a in names for b in names if a != b}
    return {pair: effect for pair, effect in made.items() if effect}


def index(table, constructs, scores, low, high):
    """The index of 0 to 100: each construct's weights found again from its scores, normalised to sum 1."""
    made = {}
    for name, (_, items) in constructs.items():
        centred = [table[item] - table[item].mean() for item in items]
        raw = regression(scores[name], centred)
        mean = sum(w * table[item].mean() for w, item in zip(raw / raw.sum(), items, strict=True))
        made[name] = (mean - low) / (high - low) * 100
    return made


def htmt(table, one, other):
    """The heterotrait-monotrait ratio of two lists of items, pair by pair."""
    across = [correlation(table[a], table[b]) for a in one for b in other]

    def within(items):
        pairs = [correlation(table[a], table[b]) for a in items for b in items if a < b]
        return sum(pairs) / len(pairs) if pairs else 1.0

    return sum(across) / len(across) / (within(one) * within(other)) ** 0.5


def alpha(table, items):
    """Cronbach's alpha of standardised items, from variances."""
    columns = [standard(table[item]) for item in items]
    k = len(items)
    return k / (k - 1) * (1 - k / sum(columns).var(ddof=1))
