"""Figures of service: each against a second count, each leading to exactly the cases that it counts."""

import re
from datetime import timedelta
from html import unescape
from random import Random
from statistics import median
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from guanxi.core import clock
from guanxi.core.actor import actor_of, system_actor
from guanxi.core.models import Role, User
from guanxi.insight.desk_figures.measuring import duration_of, share_of
from guanxi.routing.models import Queue
from guanxi.service.choices import OPEN_STATES, CaseState
from guanxi.service.models import Case, CaseClock, SlaPolicy
from guanxi.ui.lists.endpoints import scene_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases(db: None) -> list[Case]:
    """Sixty cases of the last forty days, some answered, some solved, some opened again, one closed elsewhere."""
    chance, now = Random(7), clock.now()
    made = []
    for number in range(60):
        opened = now - timedelta(days=chance.uniform(0, 40))
        answered = opened + timedelta(minutes=chance.uniform(1, 600)) if chance.random() < 0.8 else None
        solved = (answered or opened) + timedelta(hours=chance.uniform(1, 90)) if chance.random() < 0.6 else None
        solved = solved if solved is not None and solved < now else None
        made.append(
            Case(
                subject=f"case {number}", case_type=chance.choice(["enquiry", "repair"]), opened_at=opened, created_at=opened,
                first_answered_at=answered, solved_at=solved, state=CaseState.SOLVED if solved else CaseState.OPEN,
                reopened_count=int(chance.random() < 0.2), came_back_count=int(chance.random() < 0.4),
            )
        )  # fmt: skip
    made[0].state = CaseState.CLOSED_ELSEWHERE
    _told_apart(made, chance)
    Case.objects.bulk_create(made)
    rows = list(Case.objects.all())
    _with_clocks(rows, chance)
    return rows


def _told_apart(cases: list[Case], chance: Random) -> None:
    """Whose they are (one who is gone by now among them), where they waited, of which tier, by which channel; some of none."""
    role = Role.objects.get(key="agent")
    people = [User.objects.create_user(name, password="x", role=role, name=name) for name in ("Ann", "Bo", "Gone")]
    User.objects.filter(name="Gone").update(is_active=False)
    queues = [Queue.objects.create(name=name, code=name) for name in ("first", "second")]
    for case in cases:
        case.owner = chance.choice([*people, None])
        case.queue = chance.choice([*queues, None])
        case.tier = chance.choice(["vip", "small", ""])
        case.channel_kind = chance.choice(["email", "chat", ""])


def _with_clocks(cases: list[Case], chance: Random) -> None:
    """Clocks that were kept, kept late, broken, stopped or still run; several of one case, so that some have both."""
    policy = SlaPolicy.objects.all()[0]
    CaseClock.objects.bulk_create(
        CaseClock(
            case=case, sort="next_answer", number=number, state=state, started_at=case.opened_at, reckoned_at=case.opened_at,
            ended_at=None if state == "running" else case.opened_at + timedelta(days=chance.uniform(0, 8)), amount=1,
            unit="minutes", policy=policy,
        )
        for case in cases for number in range(1, chance.randint(1, 4))
        for state in [chance.choice(["met", "met", "met_late", "broken", "stopped", "running"])]
    )  # fmt: skip


def figures_of(client: Client, **asked: str) -> dict[str, list[tuple[str, str]]]:
    """The rows of the page: name -> (text, link) of each figure."""
    text = client.get(reverse("insight:desk_figures"), asked).content.decode()
    rows = {}
    for row in re.findall(r"<tr(?: class=\"is-all\")?><th scope=\"row\">(.*?)</tr>", text, re.DOTALL):
        name = row.split("</th>")[0]
        cells = re.findall(r'<td class="num"[^>]*>(?:<a href="([^"]*)"[^>]*>)?([^<]*)', row)
        rows[unescape(name)] = [(words.strip(), unescape(url)) for url, words in cells]
    return rows


@pytest.mark.parametrize("by", ["owner", "queue", "tier", "channel", "type"])
def test_every_number_leads_to_exactly_the_cases_that_it_tells_of(
    client: Client, cases: list[Case], by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In every cell of every group: the list behind it holds as many cases as the number was made of."""
    user = User.objects.create_user("max", password="x", role=Role.objects.get(key="manager"))
    client.force_login(user)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    text = client.get(reverse("insight:desk_figures"), {"by": by}).content.decode()
    cells = re.findall(r'<td class="num"[^>]*>(.*?)</td>', text, re.DOTALL)
    told = {unescape(url): int(count) for url, count in re.findall(r'<a href="([^"]*)" data-count="(\d+)"', text)}
    assert len(told) > 30
    # No number stands without the way to its cases, but for those of none.
    for cell in cells:
        assert not re.search(r"[1-9]", re.sub(r"<a .*?</a>", "", cell, flags=re.DOTALL)), cell
    request = RequestFactory().get("/")
    request.actor = actor_of(user)  # type: ignore[attr-defined]
    for url, count in told.items():
        request.GET = QueryDict(url.partition("?")[2])
        assert scene_of(request, "cases").narrowed().count() == count, url


def test_every_figure_is_that_of_a_second_count_and_leads_to_its_cases(client: Client, cases: list[Case]) -> None:
    """Opened, settled by one answer, opened again, still to be done: the list that a figure leads to has as many rows."""
    client.force_login(User.objects.create_user("max", password="x", role=Role.objects.get(key="manager")))
    rows = figures_of(client, by="type")
    now = clock.now()
    ours = [case for case in cases if case.state != CaseState.CLOSED_ELSEWHERE]
    for name, kind in (("All", None), ("Enquiry", "enquiry"), ("Repair", "repair")):
        mine = [case for case in ours if kind in {None, case.case_type}]
        since = (timezone.localtime(now) - timedelta(days=29)).replace(hour=0, minute=0, second=0, microsecond=0)
        opened = [case for case in mine if case.opened_at >= since]
        solved = [case for case in mine if case.solved_at is not None and case.solved_at >= since]
        at_once = [c for c in solved if c.first_answered_at and not c.reopened_count and not c.came_back_count]
        could_be = [c for c in solved if c.first_answered_at]
        standing = [case for case in mine if case.state in OPEN_STATES]
        texts = [text for text, _url in rows[name]]
        assert texts[0] == str(len(opened))
        assert texts[4] == f"{len(at_once) / len(could_be):.1%}"
        assert texts[5] == f"{sum(c.reopened_count > 0 for c in solved) / len(solved):.1%}"
        assert texts[6] == str(len(standing))
        listed = client.get(rows[name][0][1]).content.decode()
        assert len(set(re.findall(r">case (\d+)</a>", listed))) == min(len(opened), 50)


def test_the_middle_and_its_interval(cases: list[Case]) -> None:
    """The median of a second count lies within its interval, which holds the ranks that order statistics give."""
    values = [(c.first_answered_at - c.opened_at).total_seconds() for c in cases if c.first_answered_at]
    found = duration_of(values)
    assert found.median == pytest.approx(median(values))
    assert found.low <= found.median <= found.high
    ordered = list(range(1, 101))
    hundred = duration_of([float(one) for one in ordered])
    assert (hundred.low, hundred.high) == (40.0, 61.0)  # ranks 40 and 61 of 100 (Conover 1999)
    assert duration_of([1.0, 2.0]).low is None
    assert duration_of([]) is None


def test_shares_of_little_say_how_little_they_say() -> None:
    """Wilson's interval of 3 of 3 (Newcombe 1998, 1)."""
    found = share_of(3, 3)
    assert (round(found.low, 4), found.high) == (0.4385, 1.0)
    assert share_of(0, 0).ratio is None


@pytest.mark.parametrize("by", ["owner", "queue", "tier", "channel", "type", "nonsense"])
def test_each_dimension_is_drawn_with_few_statements(
    client: Client, cases: list[Case], by: str, django_assert_max_num_queries: Any
) -> None:
    """Whatever is asked the page stands, and asks as much for many as for few."""
    client.force_login(User.objects.create_user("max", password="x", role=Role.objects.get(key="manager")))
    client.get(reverse("insight:desk_figures"))
    with django_assert_max_num_queries(16):
        rows = figures_of(client, by=by, **{"from": "2020-99-99"})
    assert rows["All"]


@pytest.mark.parametrize(
    "asked", ["from=0001-01-01&to=9999-12-31", "from=9999-12-31", "to=0001-01-01", "from=0001-01-01&to=0001-01-05"]
)
def test_days_at_the_end_of_time_are_none(client: Client, cases: list[Case], asked: str) -> None:
    """What nothing can be reckoned with counts as not asked, here and in the lists."""
    client.force_login(User.objects.create_user("max", password="x", role=Role.objects.get(key="manager")))
    assert client.get(f"{reverse('insight:desk_figures')}?{asked}").status_code == 200
    pareto = client.get(reverse("complaints:pareto"), {"since": "0001-01-01", "until": "9999-12-31"})
    assert pareto.status_code == 422
    first, last = "0001-01-01", "9999-12-31"
    for text in (f"{first}..{last}", f"{first}..", f"..{last}"):
        assert client.get(reverse("service:cases"), {"opened": text, "kept": text, "due": text}).status_code == 200


def test_who_sees_no_cases_sees_no_figures(client: Client, cases: list[Case]) -> None:
    """Rights decide what is counted."""
    client.force_login(
        User.objects.create_user("out", password="x", role=Role.objects.create(key="none", name_en="N", name_zh="无"))
    )
    assert client.get(reverse("insight:desk_figures")).status_code == 404
    assert system_actor().can("case", "view")
