"""Customers drawn as the models say they are."""

import numpy as np


def buyers(rng, size, r, alpha, leaves, T, ahead=0.0):
    """x, t_x, T of customers who buy at a gamma rate until `leaves` says so, and what they buy in the time ahead of T.

    `leaves(rng, size)` gives for each the moment of leaving (or None) and the probability of leaving at each purchase
    with whether the first is a chance too (or None).
    """
    rate = rng.gamma(r, 1 / alpha, size)
    moment, chance, is_first = leaves(rng, size)
    x, t_x, now, later = np.zeros(size, dtype=np.int64), np.zeros(size), np.zeros(size), np.zeros(size, dtype=np.int64)
    going = np.arange(size)
    if is_first:
        going = going[rng.random(size) >= chance]
    while going.size:
        now[going] += rng.exponential(1, going.size) / np.maximum(rate[going], 1e-300)
        end = T[going] + ahead if moment is None else np.minimum(T + ahead, moment)[going]
        going = going[now[going] <= end]
        is_seen = now[going] <= T[going]
        x[going[is_seen]] += 1
        t_x[going[is_seen]] = now[going[is_seen]]
        later[going[~is_seen]] += 1
        if chance is not None:
            going = going[rng.random(going.size) >= chance[going]]
    return (x, t_x, T, later) if ahead else (x, t_x, T)


def bgnbd(rng, size, r=0.6, alpha=5.0, a=0.9, b=2.5, T=None, ahead=0.0):
    T = rng.uniform(20, 50, size) if T is None else np.full(size, float(T))
    return buyers(rng, size, r, alpha, lambda rng, size: (None, rng.beta(a, b, size), False), T, ahead)


def mbgnbd(rng, size, r=0.8, alpha=6.0, a=0.9, b=1.8, T=None, ahead=0.0):
    T = rng.uniform(20, 50, size) if T is None else np.full(size, float(T))
    return buyers(rng, size, r, alpha, lambda rng, size: (None, rng.beta(a, b, size), True), T, ahead)


def pareto(rng, size, r=0.7, alpha=8.0, s=0.8, beta=12.0, T=None, ahead=0.0):
    T = rng.uniform(20, 50, size) if T is None else np.full(size, float(T))

    def leaves(rng, size):
        return rng.exponential(1, size) / rng.gamma(s, 1 / beta, size), None, False

    return buyers(rng, size, r, alpha, leaves, T, ahead)


def bgbb(rng, size, alpha=1.2, beta=0.75, gamma=0.65, delta=2.8, n=6):
    p, theta = rng.beta(alpha, beta, size), rng.beta(gamma, delta, size)
    x, t_x, is_alive = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64), np.ones(size, dtype=bool)
    for occasion in range(1, n + 1):
        is_alive &= rng.random(size) >= theta
        buys = is_alive & (rng.random(size) < p)
        x += buys
        t_x[buys] = occasion
    return x, t_x, np.full(size, n)


def gammagamma(rng, size, p=6.0, q=4.0, v=15.0):
    x = 1 + rng.poisson(1.5, size)
    nu = rng.gamma(q, 1 / v, size)
    return x, rng.gamma(p * x, 1 / (nu * x))


def sbg(rng, size, alpha=0.7, beta=2.5, renewals=7):
    theta, alive, survivors = rng.beta(alpha, beta, size), np.ones(size, dtype=bool), [size]
    for _ in range(renewals):
        alive &= rng.random(size) >= theta
        survivors.append(int(alive.sum()))
    return survivors
