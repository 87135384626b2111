"""What tests of service share: an agent, a channel, somebody who writes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from guanxi.conversations.choices import ChannelKind
from guanxi.conversations.matching import Contact
from guanxi.conversations.models import Channel
from guanxi.conversations.public import Inbound, Received, receive
from guanxi.core import calendars, clock, jobs
from guanxi.core.actor import Actor, actor_of, system_actor
from guanxi.core.models import Role, User
from guanxi.service.clocks.choices import Sort, Unit
from guanxi.service.clocks.services.promising import save_policy
from guanxi.service.models import Case, CaseClock, SlaPolicy

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
OFFICE = dict.fromkeys(range(5), ((540, 720), (780, 1080)))


@pytest.fixture
def ann(db: None) -> Actor:
    """An agent."""
    return actor_of(User.objects.create_user("ann", password="x", role=Role.objects.get(key="agent"), name="Ann"))


@pytest.fixture
def max_(db: None) -> Actor:
    """A manager."""
    return actor_of(User.objects.create_user("max", password="x", role=Role.objects.get(key="manager"), name="Max"))


@pytest.fixture
def hear(db: None) -> Any:
    """Take a message in: `hear("text", "zoe@example.org", **fields of Inbound)`."""
    channel = Channel.objects.create(kind=ChannelKind.WEBHOOK, name="Connector", created_at=clock.now())

    def take(text: str, address: str = "zoe@example.org", **given: Any) -> Received:
        """One message by e-mail address."""
        return receive(Inbound(channel=channel, contact=Contact("email", address, "Zoe"), text=text, **given))

    return take


class Time:
    """The time as tests turn it."""

    def __init__(self) -> None:
        """Monday morning."""
        self.moment = MONDAY

    def go(self, **by: float) -> datetime:
        """Let some of it pass."""
        self.moment += timedelta(**by)
        return self.moment


@pytest.fixture
def time(db: None, monkeypatch: pytest.MonkeyPatch) -> Time:
    """The clock in our hands, an office calendar, and one service level with plain promises."""
    time = Time()
    monkeypatch.setattr(clock, "now", lambda: time.moment)
    system = system_actor()
    calendars.save_calendar(actor=system, name="办公", zone="Asia/Shanghai", weekly=OFFICE, is_default=True)
    policy = SlaPolicy.objects.get()
    promises = [
        {"sort": sort, "priority": priority, "amount": amount, "unit": Unit.WORKING_MINUTES, "pauses": pauses}
        for sort, pauses in ((Sort.FIRST_ANSWER, []), (Sort.NEXT_ANSWER, []), (Sort.SOLUTION, ["waiting"]))
        for priority, amount in ((0, 240), (1, 60))
    ]
    save_policy(actor=system, policy_id=policy.pk, values={"targets": promises, "steps": []})
    jobs.run_pending()
    return time


def clocks(case: Case) -> dict[tuple[str, int], CaseClock]:
    """The clocks of a case."""
    return {(row.sort, row.number): row for row in CaseClock.objects.filter(case=case)}
