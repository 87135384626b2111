"""Made-up centres whose truth is known."""

import numpy as np

MONDAY = 20_241  # 2025-06-02
LEVELS = np.array([1.25, 1.05, 1.0, 0.95, 1.0])


def profile(n_bins):
    """How a day's calls lie over its bins; the sum is 1."""
    shape = 1 + np.sin(np.linspace(0.3, 2.6, n_bins))
    return shape / shape.sum()


def centre(chance, *, n_days=60, n_bins=6, size=600, spread=0.05):
    """Moments, counts and expected counts of working days: weekday times profile times a day of its own, then Poisson."""
    days = [MONDAY + 7 * (i // 5) + i % 5 for i in range(n_days)]
    expected = size * LEVELS[np.arange(n_days) % 5, None] * profile(n_bins)[None, :]
    counts = chance.poisson(expected * np.exp(spread * chance.standard_normal((n_days, 1))))
    moments = np.array(days)[:, None] * 86_400 + 8 * 3600 + 3600 * np.arange(n_bins)[None, :]
    return moments.ravel().astype("datetime64[s]"), counts.ravel(), expected
