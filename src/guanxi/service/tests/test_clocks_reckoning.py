"""Clocks against a count minute by minute, told in one go or bit by bit, over days that differ and changes of the clock."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.core import working_time
from guanxi.core.calendars import Calendar, merged
from guanxi.service.clocks.choices import Sort, Unit
from guanxi.service.clocks.choosing import Facts, Policy, Rules, choose
from guanxi.service.clocks.measures import Target
from guanxi.service.clocks.reckoning import Happening, History, What
from guanxi.service.tests import minute_by_minute as slow

# Changes of the clock by an hour and by half an hour, none at all, and an offset of three quarters.
ZONES = ["Asia/Shanghai", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
# Days before changes of the clock in those zones in 2026.
CHANGES = [
    date(2026, 3, 7),
    date(2026, 3, 27),
    date(2026, 4, 3),
    date(2026, 10, 2),
    date(2026, 10, 23),
    date(2026, 10, 30),
]
PRIORITIES = ["urgent", "normal", "low"]
PAUSES = [frozenset({"waiting"}), frozenset({"held", "waiting"}), frozenset({"held"})]

WHATS = ["wrote", "answered", "paused", "paused", "open", "open", "ended", "facts"]


def _hours(chance):
    """Up to three windows, which may overlap; now and then none."""
    spans = [sorted(chance.sample(range(97), 2)) for _ in range(chance.choice([0, 1, 1, 2, 2, 3]))]
    return [(a * 15, b * 15) for a, b in spans]


def _target(chance, days):
    """A promise that falls within the story as often as not."""
    unit = chance.choice(list(Unit))
    most = {Unit.WORKING_MINUTES: days * 200, Unit.MINUTES: days * 700, Unit.WORKING_DAYS: days // 3}.get(
        unit, days // 2
    )
    return Target(chance.randint(1, most), unit, chance.choice([1, 50, 75, 99, 100]), chance.choice(PAUSES))


def story(seed, days):
    """A calendar over so many days, what is promised at each priority, what happened to a case, and when we look."""
    chance = Random(seed)
    first = chance.choice([*CHANGES, date(2026, 1, 1) + timedelta(days=chance.randrange(365))])
    near = [first + timedelta(days=number) for number in range(-2, days)]
    year = slow.Year(
        zone=chance.choice(ZONES),
        weekly={weekday: _hours(chance) for weekday in range(7)},
        holidays=frozenset(chance.sample(near, chance.randint(0, max(4, days // 20)))),
        make_up={day: chance.randrange(7) for day in chance.sample(near, chance.randint(0, max(2, days // 40)))},
        first=datetime(first.year, first.month, first.day, tzinfo=UTC),
        minutes=days * 1440,
    )
    targets = {(sort, priority): _target(chance, days) for sort in Sort for priority in PRIORITIES}
    last = year.minutes // 2
    opened = chance.randint(0, last // 2)
    told = [
        (chance.randint(opened, last), chance.choice(WHATS), chance.choice(PRIORITIES))
        for _ in range(chance.randint(0, 12))
    ]
    events = [(opened, "facts", chance.choice(PRIORITIES)), (opened, "opened", ""), (opened, "wrote", "")]
    events += sorted(told, key=lambda event: event[0])
    return year, targets, events, chance.randint(opened, last)


def stories(days):
    """Stories by the number that they grow from."""
    return st.integers(0, 2**32).map(lambda seed: story(seed, days))


def _happenings(year, events):
    """The events as the engine hears them."""
    found = []
    for order, (minute, what, more) in enumerate(events):
        at = working_time.seconds_of(slow.moment(year, minute))
        more_of = {
            "facts": {"what": What.FACTS_SET, "facts": Facts(priority=more)},
            "opened": {"what": What.OPENED},
            "wrote": {"what": What.CUSTOMER_WROTE},
            "answered": {"what": What.ANSWERED},
            "paused": {"what": What.STATUS_SET, "pause": "waiting"},
            "open": {"what": What.STATUS_SET},
            "ended": {"what": What.STATUS_SET, "is_ended": True},
        }[what]
        found.append(Happening(at, order, **more_of))
    return found


def _rules(year, targets):
    """The calendar and the promises as the engine knows them."""
    weekly = {weekday: merged(spans) for weekday, spans in year.weekly.items()}
    days = dict.fromkeys(year.holidays, ())
    days |= {day: weekly.get(weekday, ()) for day, weekday in year.make_up.items()}
    calendar = Calendar(ZoneInfo(year.zone), weekly, days)
    return Rules([Policy(1, targets=targets)], {0: working_time.of(calendar)})


def _within(year, moment):
    """A moment, if the count minute by minute could see it."""
    return None if moment is None or moment > slow.moment(year, year.minutes - 1440) else moment


def _agrees(story):
    """Every clock of the engine is the one that was counted."""
    year, targets, events, now = story
    found = History.of(_happenings(year, events)).clocks(_rules(year, targets), slow.moment(year, now))
    expected = slow.cycles(events, now)
    key = lambda sort, started: (started, list(Sort).index(sort))  # noqa: E731
    expected.sort(key=lambda one: key(one.sort, one.started))
    assert [(clock.sort, clock.started_at) for clock in found] == [
        (one.sort, slow.moment(year, one.started)) for one in expected
    ]
    for clock, one in zip(found, expected, strict=True):
        target = targets[one.sort, one.facts]
        assert clock.target == target
        slow.count(one, target, year, events, now)
        assert clock.ended_at == (None if one.ended is None else slow.moment(year, one.ended))
        assert clock.consumed_seconds == one.used
        due = None if one.due is None else slow.moment(year, one.due)
        assert _within(year, clock.due_at) == _within(year, due)
        if _within(year, due) is not None:
            warn = None if one.warn is None else year.first + timedelta(seconds=one.warn)
            assert clock.warn_at == warn or (warn is None and clock.warn_at == clock.started_at)
        assert clock.state == one.state
        spans = clock.spans
        assert spans[0].begins_at == clock.started_at
        assert spans[-1].ends_at == clock.ended_at
        assert all(a.ends_at == b.begins_at for a, b in pairwise(spans))


@given(stories(days=12))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_clocks_equal_a_count_minute_by_minute(story):
    _agrees(story)


@pytest.mark.full
@given(stories(days=12))
@settings(max_examples=300, deadline=None)
def test_many_clocks_equal_a_count_minute_by_minute(story):
    _agrees(story)


@pytest.mark.full
@given(stories(days=365))
@settings(max_examples=20, deadline=None)
def test_clocks_over_a_year_equal_a_count_minute_by_minute(story):
    _agrees(story)


@given(stories(days=6), st.integers(0, 10**6))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_told_bit_by_bit_in_any_order_is_told_in_one_go(story, seed):
    year, targets, events, now = story
    rules, at = _rules(year, targets), slow.moment(year, now)
    told = _happenings(year, events)
    Random(seed).shuffle(told)
    history, known = History(), []
    for happening in told:
        history.add(happening)
        known.append(happening)
        assert history.clocks(rules, at) == History.of(known).clocks(_rules(year, targets), at)
    for happening in told[: len(told) // 2]:
        history.remove(happening)
        known.remove(happening)
        assert history.clocks(rules, at) == History.of(known).clocks(_rules(year, targets), at)


OFFICE = merged([(9 * 60, 12 * 60), (13 * 60, 18 * 60)])


def _one(calendar, target, *events, now, sort=Sort.SOLUTION):
    """One clock of a case opened by the first event's moment."""
    happenings = [
        Happening(working_time.seconds_of(at), order, what, **more) for order, (at, what, more) in enumerate(events)
    ]
    rules = Rules([Policy(1, targets={(sort, ""): target})], {0: working_time.of(calendar)})
    return History.of(happenings).clocks(rules, now)[0]


def _at(zone, *parts):
    """A moment by the clock of a zone."""
    return datetime(*parts, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("zone", "opened", "unit", "amount", "due"),
    [
        # The night of Sunday 25 October has two hours from one to two in London, that of 29 March none.
        ("Europe/London", (2026, 10, 25, 0, 30), Unit.WORKING_MINUTES, 150, (2026, 10, 25, 2, 0)),
        ("Europe/London", (2026, 3, 29, 0, 30), Unit.WORKING_MINUTES, 150, (2026, 3, 29, 4, 0)),
        # Lord Howe puts its clock back by half an hour on 5 April.
        ("Australia/Lord_Howe", (2026, 4, 5, 1, 0), Unit.WORKING_MINUTES, 120, (2026, 4, 5, 2, 30)),
        ("America/New_York", (2026, 11, 1, 0, 0), Unit.MINUTES, 24 * 60, (2026, 11, 1, 23, 0)),
        ("America/New_York", (2026, 11, 1, 0, 0), Unit.DAYS, 1, (2026, 11, 3, 0, 0)),
    ],
)
def test_changes_of_the_clock(zone, opened, unit, amount, due):
    always = Calendar(ZoneInfo(zone), dict.fromkeys(range(7), ((0, 1440),)))
    begins = _at(zone, *opened)
    clock = _one(always, Target(amount, unit), (begins, What.OPENED, {}), now=begins)
    assert clock.due_at == _at(zone, *due)


def test_the_national_holiday_and_its_make_up_day():
    zone = "Asia/Shanghai"
    days = {date(2026, 10, number): () for number in range(1, 8)} | {date(2026, 10, 10): OFFICE}
    calendar = Calendar(ZoneInfo(zone), dict.fromkeys(range(5), OFFICE), days)
    opened = _at(zone, 2026, 9, 30, 10)

    def due(amount, unit):
        return _one(calendar, Target(amount, unit), (opened, What.OPENED, {}), now=opened).due_at

    assert due(1, Unit.WORKING_DAYS) == _at(zone, 2026, 10, 8, 18)
    assert due(3, Unit.WORKING_DAYS) == _at(zone, 2026, 10, 10, 18)  # a Saturday, worked
    assert due(7 * 60 + 60, Unit.WORKING_MINUTES) == _at(zone, 2026, 10, 8, 10)
    assert due(7, Unit.DAYS) == _at(zone, 2026, 10, 8, 0)
    assert due(7, Unit.DAYS_ROLLED) == _at(zone, 2026, 10, 9, 0)  # the 7th is a holiday, so the 8th is the last day


def test_waiting_for_the_customer_stands_and_the_hours_count():
    zone = "Asia/Shanghai"
    calendar = Calendar(ZoneInfo(zone), dict.fromkeys(range(5), OFFICE))
    opened = _at(zone, 2026, 11, 20, 11)  # Friday
    waiting = (_at(zone, 2026, 11, 20, 11, 30), What.STATUS_SET, {"pause": "waiting"})
    back = (_at(zone, 2026, 11, 23, 9, 30), What.STATUS_SET, {})
    target = Target(240)
    clock = _one(calendar, target, (opened, What.OPENED, {}), waiting, now=_at(zone, 2026, 11, 22, 8))
    assert (clock.state, clock.due_at, clock.left, clock.paused_by) == ("paused", None, 210 * 60, "waiting")
    clock = _one(calendar, target, (opened, What.OPENED, {}), waiting, back, now=_at(zone, 2026, 11, 23, 10))
    assert clock.due_at == _at(zone, 2026, 11, 23, 14)
    assert clock.warn_at == _at(zone, 2026, 11, 23, 12)
    assert clock.consumed_seconds == 3600
    assert clock.moment(percent=50) == _at(zone, 2026, 11, 23, 11)
    assert clock.moment(offset_seconds=-30 * 60) == _at(zone, 2026, 11, 23, 13, 30)
    assert clock.moment(offset_seconds=5 * 3600) == _at(zone, 2026, 11, 24, 10)
    standing = Target(240, pauses=frozenset())
    clock = _one(calendar, standing, (opened, What.OPENED, {}), waiting, now=_at(zone, 2026, 11, 22, 8))
    assert clock.due_at == _at(zone, 2026, 11, 20, 16)


def test_in_the_very_second_is_in_time():
    always = Calendar(ZoneInfo("UTC"), dict.fromkeys(range(7), ((0, 1440),)))
    opened = datetime(2026, 5, 1, tzinfo=UTC)
    for late, state in ((0, "met"), (1, "met_late")):
        ended = (opened + timedelta(seconds=600 + late), What.STATUS_SET, {"is_ended": True})
        assert _one(always, Target(10), (opened, What.OPENED, {}), ended, now=ended[0]).state == state
    assert _one(always, Target(10), (opened, What.OPENED, {}), now=opened + timedelta(seconds=600)).state == "running"
    assert _one(always, Target(10), (opened, What.OPENED, {}), now=opened + timedelta(seconds=601)).state == "broken"


def test_a_calendar_without_working_time_promises_nothing_and_never_loops():
    none = Calendar(ZoneInfo("Asia/Shanghai"), {})
    opened = datetime(2026, 5, 1, tzinfo=UTC)
    for unit in (Unit.WORKING_MINUTES, Unit.WORKING_DAYS, Unit.DAYS_ROLLED):
        clock = _one(none, Target(1, unit), (opened, What.OPENED, {}), now=opened)
        assert (clock.state, clock.due_at, clock.warn_at) == ("running", None, None)


def test_the_most_special_policy_holds_and_says_why():
    plain = Policy(1, order=0)
    vip = Policy(2, order=5, asks={"tier": frozenset({"vip"})})
    repairs = Policy(3, order=3, asks={"category": frozenset({10})})
    pumps = Policy(4, order=9, asks={"category": frozenset({10, 12})})
    both = Policy(5, order=9, asks={"tier": frozenset({"vip", "major"}), "type": frozenset({"complaint"})})
    every = [plain, vip, repairs, pumps, both]

    def chosen(**facts):
        found = choose(every, Facts(**facts))
        return found.policy.id, found.met, found.by

    assert chosen() == (1, (), "only")
    assert chosen(tier="vip") == (2, ("tier",), "special")
    assert chosen(category=(10,)) == (3, ("category",), "order")
    assert chosen(category=(10, 12)) == (4, ("category",), "deep")
    assert chosen(tier="vip", type="complaint", category=(10, 12)) == (5, ("type", "tier"), "special")
    assert choose([vip], Facts(tier="small")) is None


@pytest.mark.full
def test_ten_thousand_open_cases_are_reckoned_in_seconds():
    calendar = Calendar(ZoneInfo("Asia/Shanghai"), dict.fromkeys(range(5), OFFICE))
    targets = {(sort, ""): Target(480) for sort in Sort}
    rules = Rules([Policy(1, targets=targets)], {0: working_time.of(calendar)})
    now = datetime(2026, 11, 20, tzinfo=UTC)
    begins = perf_counter()
    for number in range(10_000):
        at = working_time.seconds_of(now) - 5_000_000 + number * 300
        history = History.of([
            Happening(at, 0, What.OPENED, awaits_answer=True, facts=Facts(tier="vip")),
            Happening(at + 900, 1, What.ANSWERED), Happening(at + 900, 2, What.STATUS_SET, pause="waiting"),
            Happening(at + 90_000, 3, What.CUSTOMER_WROTE), Happening(at + 90_000, 4, What.STATUS_SET),
        ])  # fmt: skip
        assert len(history.clocks(rules, now)) == 3
    assert perf_counter() - begins < 10
