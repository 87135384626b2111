"""The front desk of the demo company: moments counted back from today, and what a newcomer finds there."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from guanxi.conversations.models import Conversation, Macro, Message
from guanxi.core import calendars, clock
from guanxi.core.actor import system_actor
from guanxi.core.models.events import EventDelivery
from guanxi.demo.desk import grievances, talks_en, talks_zh
from guanxi.demo.desk.arrangement import CATEGORIES
from guanxi.demo.desk.bringing import COMPLAINTS
from guanxi.demo.desk.times import Times
from guanxi.service.choices import CaseType
from guanxi.service.complaint_choices import PromiseState, Step
from guanxi.service.complaints.silent import silent_customers
from guanxi.service.models import Case, CaseClock, Complaint, MomentMark, Promise, RecurrenceCheck
from guanxi.workflow.models import Approval, Firing

OFFICE = calendars.Calendar(ZoneInfo("Asia/Shanghai"), dict.fromkeys(range(5), ((540, 1080),)), {})


class TestTimes:
    """Nothing happens on days off, whenever the demo is brought."""

    # A Saturday, a Sunday before dawn, a Monday, New Year's Eve a year later.
    @pytest.mark.parametrize("now", ["2026-11-28 12:00", "2026-11-28 20:00", "2026-11-30 01:00", "2027-12-31 15:30"])
    def test_working_days_are_counted(self, now: str) -> None:
        """Back from today, on from the moment before; minutes and hours ago whatever the day."""
        times = Times(datetime.fromisoformat(now).replace(tzinfo=UTC), OFFICE)
        first = times.moment("-3d 09:40")
        assert first < times.moment("-2d 09:40") < times.moment("-1d 09:40") < times.now
        assert all(OFFICE.windows_on(times.moment(f"-{n}d 10:00").date()) for n in range(1, 30))
        assert times.moment("+1d 10:00", first) == times.moment("-2d 10:00")
        assert times.moment("+25m", first) - first == timedelta(minutes=25)
        assert times.now - times.moment("95m ago") == timedelta(minutes=95)
        with pytest.raises(ValueError, match="no moment"):
            times.moment("soon")


def test_every_matter_is_written_as_the_desk_knows_it() -> None:
    """Types, categories and steps that there are; in every step a complaint; both languages alike."""
    known = {f"{key}.{sub}" for key, _name, below in CATEGORIES for sub, _sub_name in below}
    matters = [*talks_zh.TALKS, *talks_en.TALKS]
    assert {one.category for one in matters} | {one.category for one in COMPLAINTS} <= known
    assert {one.case_type for one in matters} >= set(CaseType.values) - {"complaint", "grievance"}
    assert {one.until for one in COMPLAINTS} == set(grievances.STEPS)
    assert abs(len(talks_zh.TALKS) - len(talks_en.TALKS)) <= 3


def check_that_the_desk_has_been_at_work() -> None:
    """Every channel, type, step and state; clocks of every colour; nothing failed, nothing lies in the future.

    Called by the test that brings the whole company, which takes long enough once.
    """
    now = clock.now()
    assert not EventDelivery.objects.exclude(error="").exists()
    assert 60 <= Conversation.objects.count() <= 120
    kinds = Counter(Conversation.objects.values_list("channel_kind", flat=True))
    assert set(kinds) == {"email", "chat", "form", "phone", "visit", "letter"}
    assert not Message.objects.filter(at__gt=now).exists()
    assert not Case.objects.filter(opened_at__gt=now).exists()
    assert set(Case.objects.values_list("case_type", flat=True)) == set(CaseType.values)
    assert set(Case.objects.values_list("state", flat=True)) >= {"new", "open", "waiting", "held", "solved", "closed"}
    assert set(Complaint.objects.values_list("step", flat=True)) == set(Step.values)
    assert set(Complaint.objects.values_list("grade", flat=True)) == {"ordinary", "major", "group", "public"}
    assert Complaint.objects.filter(authority="12315").exclude(authority_number="").get().authority_due_at > now
    assert set(Promise.objects.values_list("state", flat=True)) == set(PromiseState.values)
    assert RecurrenceCheck.objects.filter(looked_at__isnull=False).count() >= 5
    running = CaseClock.objects.filter(ended_at=None, due_at__isnull=False)
    assert running.filter(broken_at__isnull=False).exists()
    assert running.filter(warned_at__isnull=False, broken_at=None).exists()
    assert running.filter(warned_at=None).exists()
    assert Approval.objects.filter(state="waiting").count() >= 2
    assert Firing.objects.filter(outcome="fired").values("rule").distinct().count() >= 3
    assert MomentMark.objects.exists()
    assert all(set(one.texts) == {"en", "zh-hans"} for one in Macro.objects.all())
    assert silent_customers(system_actor())
