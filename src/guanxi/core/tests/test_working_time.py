"""Working time by table gives what counting span by span gives."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.core import calendars, working_time
from guanxi.core.calendars import Calendar, merged
from guanxi.core.errors import InvalidInput
from guanxi.core.tests.test_calendars import OFFICE, SHANGHAI, calendars_and_starts

MINUTE = timedelta(minutes=1)


def _agrees(case, minutes):
    calendar, start = case
    time = working_time.of(calendar)
    begins = working_time.seconds_of(start)
    ends = begins + minutes * 60
    slow = calendars.working_time_between(calendar, start, start + MINUTE * minutes)
    assert time.between(begins, ends) == slow.total_seconds()
    try:
        slowly = calendars.add_working_time(calendar, start, timedelta(minutes=minutes))
    except InvalidInput:
        slowly = None
    due = time.after(begins, minutes * 60)
    if slowly is not None and due is not None:
        assert working_time.moment_of(due) == slowly
    else:
        assert due is None or due > begins + 3600 * 24 * 3700
    closes = time.close_of_working_day(begins, 3)
    if closes is not None:
        assert time.working_days_between(begins, closes) == 3
        assert time.working_days_between(begins, closes - 1) == 2
        assert time.is_working_day(time.day_of(closes - 1))


@given(calendars_and_starts(), st.integers(0, 30 * 1440))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_tables_agree_with_counting(case, minutes):
    _agrees(case, minutes)


@pytest.mark.full
@given(calendars_and_starts(), st.integers(0, 400 * 1440))
@settings(max_examples=400, deadline=None)
def test_tables_agree_with_counting_over_more_than_a_year(case, minutes):
    _agrees(case, minutes)


def test_calendars_of_one_content_share_their_tables():
    again = Calendar(ZoneInfo("Asia/Shanghai"), dict.fromkeys(range(5), merged([(13 * 60, 18 * 60), *OFFICE])))
    assert working_time.of(again) is working_time.of(SHANGHAI)
    other = Calendar(again.zone, again.weekly, {date(2026, 10, 1): ()})
    assert working_time.of(other) is not working_time.of(SHANGHAI)


def test_without_any_hours_nothing_is_ever_due():
    time = working_time.of(Calendar(ZoneInfo("UTC"), {}))
    start = working_time.seconds_of(datetime(2026, 1, 1, tzinfo=UTC))
    assert time.after(start, 60) is None
    assert time.close_of_working_day(start, 1) is None
    assert time.between(start, start + 10**9) == 0
