"""Surveys to try path models on: the public ones with their models, and made-up ones whose truth is known."""

import csv

import numpy as np

# Tenenhaus et al. 2005, figure 1; the items of table 1.
MOBI = {
    "constructs": {
        "Image": ["IMAG*"],
        "Expectation": ["CUEX*"],
        "Quality": ["PERQ*"],
        "Value": ["PERV*"],
        "Satisfaction": ["CUSA*"],
        "Complaints": ["CUSCO"],
        "Loyalty": ["CUSL*"],
    },
    "paths": [
        ["Image", "Expectation"],
        ["Image", "Satisfaction"],
        ["Image", "Loyalty"],
        ["Expectation", "Quality"],
        ["Expectation", "Value"],
        ["Expectation", "Satisfaction"],
        ["Quality", "Value"],
        ["Quality", "Satisfaction"],
        ["Value", "Satisfaction"],
        ["Satisfaction", "Complaints"],
        ["Satisfaction", "Loyalty"],
        ["Complaints", "Loyalty"],
    ],
    "scale": [1, 10],
}

SMALL = {
    "constructs": {"Quality": ["q1", "q2", "q3"], "Value": ["v1", "v2"], "Loyalty": ["l1", "l2"]},
    "paths": [["Quality", "Value"], ["Quality", "Loyalty"], ["Value", "Loyalty"]],
    "scale": [-10, 10],
}
ITEMS = ("q1", "q2", "q3", "v1", "v2", "l1", "l2")


def read(path):
    """Columns of a CSV of numbers."""
    with open(path, encoding="utf-8") as file:
        names, *rows = csv.reader(file)
    return dict(zip(names, np.array(rows, dtype=float).T, strict=True))


def survey(random, rows=120):
    """A survey for SMALL, its items on different spreads."""
    quality = random.standard_normal(rows)
    value = 0.6 * quality + 0.8 * random.standard_normal(rows)
    loyalty = 0.3 * quality + 0.5 * value + 0.7 * random.standard_normal(rows)
    made = {}
    for name, hidden, spread in zip(
        ITEMS, (quality, quality, quality, value, value, loyalty, loyalty), (1, 1.5, 0.7, 1, 1.2, 0.9, 1.4), strict=True
    ):
        made[name] = np.clip(spread * (hidden + 0.6 * random.standard_normal(rows)), -10, 10)
    return made
