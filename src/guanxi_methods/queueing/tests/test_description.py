"""Centres described by plain data."""

import pytest

from guanxi_methods.errors import MethodError
from guanxi_methods.queueing import Shift, centre_from

WEEK = {
    "call_types": {
        "orders": {
            "calls": [
                {"days": "mon-fri", "from": "08:00", "calls": [20, 30]},
                {"days": ["sat"], "from": 540, "calls": 7},
            ],
            "aht": 180,
            "patience": 90,
        },
        "repairs": {"calls": 2.5, "aht": 300, "handling": "lognormal", "cv": 0.8},
    },
    "groups": {
        "desk": {
            "skills": {"orders": 1, "repairs": 2},
            "agents": 2,
            "shifts": [{"name": "late", "days": "sat,sun", "from": "20:00", "to": "04:00", "agents": 3}],
        }
    },
    "choose_call": "priority",
    "lines": 40,
}


def changed(**more):
    return {**WEEK, **more}


def test_a_week_is_understood():
    centre = centre_from(WEEK)
    assert centre.n_intervals == 336
    assert (centre.expected[0, 16], centre.expected[0, 17], centre.expected[0, 18]) == (20, 30, 0)
    assert centre.expected[0].sum() == 5 * 50 + 7
    assert centre.expected[0, 5 * 48 + 18] == 7
    assert centre.expected[1].sum() == 2.5 * 336
    day = 86_400
    # The shift of Sunday ends with the week.
    assert centre.groups[0].shifts == [
        Shift(5 * day + 20 * 3600, 6 * day + 4 * 3600, 3, "late"),
        Shift(6 * day + 20 * 3600, 7 * day, 3, "late"),
    ]
    assert (centre.choose_call, centre.lines) == ("priority", 40)
    assert centre_from(WEEK).groups[0].agents == 2  # what was given is not changed


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, "must be names"),
        ({}, "call_types must be names"),
        (changed(group={}), "did you mean 'groups'"),
        (changed(call_types={"a": {"calls": 1}}), "has no aht"),
        (changed(call_types={"a": {"calls": 1, "aht": 1, "pacience": 3}}), "did you mean 'patience'"),
        (changed(call_types={"a": {"calls": [{"days": "mo", "calls": 1}], "aht": 1}}), "no weekday"),
        (changed(call_types={"a": {"calls": [{"from": "8h", "calls": 1}], "aht": 1}}), "no time of day"),
        (changed(call_types={"a": {"calls": [{"days": "sun", "from": "23:30", "calls": [1, 2]}], "aht": 1}}), "beyond"),
        (changed(call_types={"a": {"calls": [{"calls": "x"}], "aht": 1}}), "calls of 'a'"),
        (changed(groups={"desk": {"agents": 1}}), "has no skills"),
        (changed(groups={"desk": {"skills": ["orders", "repairs"], "shifts": [{"agents": 1.5}]}}), "whole number"),
        (changed(intervals=0), "intervals"),
        (changed(interval=-1), "interval"),
    ],
)
def test_what_is_not_understood_is_told_in_words(data, words):
    with pytest.raises(MethodError, match=words):
        centre_from(data)
