"""Working time against a count minute by minute, and against days that differ."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from guanxi.core import calendars
from guanxi.core.actor import system_actor
from guanxi.core.calendars import Calendar, add_working_time, merged, working_time_between
from guanxi.core.errors import InvalidInput
from guanxi.core.models import Operation

MINUTE = timedelta(minutes=1)
OFFICE = merged([(9 * 60, 12 * 60), (13 * 60, 18 * 60)])
SHANGHAI = Calendar(ZoneInfo("Asia/Shanghai"), dict.fromkeys(range(5), OFFICE))

# Zones with ordinary changes of the clock, one of half an hour (Lord Howe), one at midnight (Beirut), none (Shanghai).
ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut", "Asia/Kathmandu"]
CHANGES = [date(2026, 3, 7), date(2026, 3, 28), date(2026, 10, 24), date(2026, 10, 31), date(2026, 4, 4)]

windows = st.lists(
    st.tuples(st.integers(0, 1440), st.integers(0, 1440)).map(sorted).map(tuple).filter(lambda w: w[0] < w[1]),
    max_size=3,
).map(merged)


@st.composite
def calendars_and_starts(draw):
    """A calendar and a moment near a change of the clock or anywhere."""
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    weekly = draw(st.dictionaries(st.integers(0, 6), windows, max_size=7))
    day = draw(st.sampled_from(CHANGES) | st.dates(date(2025, 1, 1), date(2027, 12, 31)))
    days = draw(st.dictionaries(st.integers(0, 3).map(lambda n: day + timedelta(days=n)), windows, max_size=2))
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) + MINUTE * draw(st.integers(0, 1439))
    return Calendar(zone, weekly, days), start


def counted(calendar, start, end):
    """Working time counted one minute at a time."""
    total, moment = timedelta(0), start
    while moment < end:
        total += MINUTE if calendar.is_working_at(moment) else timedelta(0)
        moment += MINUTE
    return total


@given(calendars_and_starts(), st.integers(0, 3 * 1440))
@example((Calendar(ZoneInfo("Europe/Berlin"), {6: ((90, 240),)}), datetime(2026, 10, 24, 20, tzinfo=UTC)), 1440)
@example((Calendar(ZoneInfo("Europe/Berlin"), {6: ((60, 240),)}), datetime(2026, 3, 28, 20, tzinfo=UTC)), 1440)
@example((Calendar(ZoneInfo("Asia/Beirut"), {6: ((0, 120),)}), datetime(2026, 3, 28, 20, tzinfo=UTC)), 1440)
@trying(max_examples=120, deadline=None)
def test_working_time_equals_a_count_minute_by_minute(case, minutes):
    calendar, start = case
    end = start + MINUTE * minutes
    assert working_time_between(calendar, start, end) == counted(calendar, start, end)


@given(calendars_and_starts(), st.integers(1, 2000))
@trying(max_examples=120, deadline=None)
def test_adding_working_time_is_the_inverse_of_measuring_it(case, minutes):
    calendar, start = case
    amount = MINUTE * minutes
    a_week = sum(end - start for day in calendar.weekly.values() for start, end in day)
    assume(a_week >= 30)
    end = add_working_time(calendar, start, amount)
    assert working_time_between(calendar, start, end) == amount
    # It is the first such moment: a minute earlier some working time is still missing.
    assert working_time_between(calendar, start, end - MINUTE) < amount


def test_the_clock_stops_over_lunch_night_and_weekend():
    friday = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)  # 17:30 in Shanghai
    assert add_working_time(SHANGHAI, friday, timedelta(hours=1)) == datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    monday = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    assert working_time_between(SHANGHAI, friday, monday) == timedelta(minutes=30)
    assert working_time_between(SHANGHAI, monday, friday) == -timedelta(minutes=30)


def test_a_calendar_without_hours_is_refused_instead_of_searched_for_ever():
    with pytest.raises(InvalidInput):
        add_working_time(Calendar(ZoneInfo("UTC"), {}), datetime(2026, 1, 1, tzinfo=UTC), MINUTE)


@pytest.mark.django_db
def test_national_day_with_its_make_up_saturday():
    actor = system_actor()
    row = calendars.save_calendar(
        actor=actor, name="公司", zone="Asia/Shanghai", weekly=dict.fromkeys(range(5), OFFICE), is_default=True
    )
    for day in range(1, 8):
        calendars.set_day(actor=actor, calendar_id=row.pk, on=date(2026, 10, day), works_as=None, title="国庆节")
    calendars.set_day(actor=actor, calendar_id=row.pk, on=date(2026, 10, 10), works_as=0, title="调休")
    calendar = calendars.load()
    evening = datetime(2026, 9, 30, 10, 0, tzinfo=UTC)  # 18:00, the office closes
    # Thursday 8 and Friday 9 October, then Saturday 10 worked like a Monday.
    assert add_working_time(calendar, evening, timedelta(hours=17)) == datetime(2026, 10, 10, 2, 0, tzinfo=UTC)
    assert not calendar.is_working_at(datetime(2026, 10, 5, 2, 0, tzinfo=UTC))
    calendars.clear_day(actor=actor, calendar_id=row.pk, on=date(2026, 10, 5))
    assert calendars.load().is_working_at(datetime(2026, 10, 5, 2, 0, tzinfo=UTC))


@pytest.mark.django_db
def test_new_hours_replace_the_old_ones_and_only_one_calendar_is_the_default():
    actor = system_actor()
    first = calendars.save_calendar(actor=actor, name="A", zone="UTC", weekly={0: OFFICE}, is_default=True)
    calendars.save_calendar(actor=actor, name="B", zone="UTC", weekly={1: [(0, 60)]}, is_default=True)
    assert calendars.load().weekly == {1: ((0, 60),)}
    calendars.save_calendar(
        actor=actor, name="A", zone="UTC", weekly={2: [(60, 120), (90, 180)]}, is_default=True, calendar_id=first.pk
    )
    assert calendars.load().weekly == {2: ((60, 180),)}
    assert Operation.objects.filter(name="core.save_calendar").count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "weekly", "words"),
    [
        ("Mars/Base", {0: OFFICE}, "time zone"), ("UTC", {7: []}, "weekday"), ("UTC", {0: [(60, 60)]}, "begin before"),
        ("UTC", {}, "no working time"), ("UTC", {0: [], 1: []}, "no working time"),
    ],
)  # fmt: skip
def test_impossible_hours_are_refused(zone, weekly, words):
    with pytest.raises(InvalidInput, match=words):
        calendars.save_calendar(actor=system_actor(), name="X", zone=zone, weekly=weekly)


@pytest.mark.django_db
def test_without_a_calendar_days_are_those_of_the_installation(settings):
    """A promise of working days ends at its own midnight, not at that of Greenwich."""
    settings.TIME_ZONE = "Asia/Shanghai"
    for calendar in (calendars.load(), calendars.load_all()[0]):
        assert calendar.zone.key == "Asia/Shanghai"
        assert calendar.windows_on(date(2026, 12, 5)) == ((0, 1440),)


@pytest.mark.django_db
def test_without_a_calendar_all_time_counts():
    start = datetime(2026, 1, 1, tzinfo=UTC)
    assert working_time_between(calendars.load(), start, start + timedelta(days=9)) == timedelta(days=9)
