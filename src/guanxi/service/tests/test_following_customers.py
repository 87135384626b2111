"""Open cases follow their customer's tier: priority and promises anew, quietly, with the reason in both histories."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from guanxi.core import changes, events, jobs
from guanxi.core.actor import Actor, system_actor
from guanxi.core.models import Change, Operation
from guanxi.customers.events import StandingsRecorded
from guanxi.customers.models import Standing
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.merging import merge_customers, undo_merge
from guanxi.service.choices import CaseState, Priority
from guanxi.service.clocks.services.promising import save_policy
from guanxi.service.clocks.wording import because_words
from guanxi.service.models import Case, ClockEvent, Escalation
from guanxi.service.public import open_case, set_state, update_case
from guanxi.service.services import tiers
from guanxi.service.tests.conftest import Time, clocks

pytestmark = pytest.mark.django_db
Become = Callable[..., None]


@pytest.fixture
def become(db: None) -> Become:
    """Let customers have other tiers, as a measurement does: `become({zoe: "vip"})`."""

    def measure(given: dict[Any, str]) -> None:
        for customer, tier in given.items():
            Standing.objects.filter(pk=customer.pk).update(tier=tier)
        events.publish(StandingsRecorded(run=1))
        settle()

    return measure


def settle() -> None:
    """Let everything that hears of something, and its work, come to its end."""
    events.deliver_pending()
    jobs.run_pending()
    events.deliver_pending()


def customer(name: str) -> Any:
    """A customer."""
    return create_customer(actor=system_actor(), values={"name": name})


def stands(case: Case) -> tuple[str, int]:
    """Tier and priority of a case."""
    return Case.objects.values_list("tier", "priority").get(pk=case.pk)


def test_open_cases_get_the_tier_of_the_day_and_what_follows_from_it(ann: Actor, time: Time, become: Become) -> None:
    """A priority set by hand stays; what ended keeps its tier until it is opened again; nobody is woken by the new promise."""
    gold = save_policy(
        actor=system_actor(),
        values={
            "name": "Gold", "asks": {"tier": ["vip"]},
            "targets": [{"sort": "solution", "priority": 0, "amount": 60, "unit": "working_minutes"}],
            "steps": [{"sort": "solution", "at_percent": 50, "act": "notify", "whom": "owner"}],
        },
    )  # fmt: skip
    jobs.run_pending()
    zoe, max_ = customer("Zoe"), customer("Max")
    case, fixed, ended, others = (
        open_case(actor=ann, values={"subject": "Cup", "customer": whose.pk, "impact": 2, **more})
        for whose, more in ((zoe, {}), (zoe, {"priority": Priority.LOW}), (zoe, {}), (max_, {}))
    )
    set_state(actor=ann, case_id=ended.pk, state=CaseState.SOLVED)
    assert stands(case) == ("", Priority.NORMAL)
    before = clocks(case)["solution", 1].due_at
    time.go(minutes=90)
    become({zoe: "vip"})
    assert [stands(one) for one in (case, fixed, ended, others)] == [
        ("vip", Priority.HIGH), ("vip", Priority.LOW), ("", Priority.NORMAL), ("", Priority.NORMAL),
    ]  # fmt: skip
    clock = clocks(case)["solution", 1]
    assert (clock.policy, clock.due_at, clock.state) == (gold, before - timedelta(hours=4), "broken")
    assert set(Escalation.objects.filter(clock=clock).values_list("done__act", flat=True)) == {"passed"}
    told = ClockEvent.objects.get(clock=clock, what="recomputed")
    assert "the tier of the customer changed" in because_words(told.what, told.because)
    rows = Change.objects.filter(operation__name=tiers.FOLLOWING, record_id=case.pk)
    assert set(rows.values_list("field", "before", "after")) == {("tier", "", "vip"), ("priority", 3, 2)}
    assert ClockEvent.objects.filter(case=others.pk).exclude(what="started").count() == 0
    become({})
    assert Operation.objects.filter(name=tiers.FOLLOWING).count() == 1, "what follows already is left alone"
    set_state(actor=ann, case_id=ended.pk, state=CaseState.OPEN)
    assert stands(ended) == ("vip", Priority.HIGH)
    become({zoe: ""})
    assert [stands(one) for one in (case, fixed, ended)] == [
        ("", Priority.NORMAL), ("", Priority.LOW), ("", Priority.NORMAL),
    ]  # fmt: skip
    assert clocks(case)["solution", 1].due_at == before


def test_a_case_has_the_tier_of_whoever_it_is_of(ann: Actor, become: Become) -> None:
    """Given to another customer, to nobody, to the survivor of a merge and back, and by an undo."""
    zoe, max_ = customer("Zoe"), customer("Max")
    become({zoe: "vip", max_: "small"})
    case = open_case(actor=ann, values={"subject": "Cup", "customer": zoe.pk})
    assert stands(case)[0] == "vip"
    moved = update_case(actor=ann, case_id=case.pk, values={"customer": max_.pk})
    assert stands(case) == ("small", Priority.NORMAL)
    become({zoe: "major"})
    assert moved is not None
    changes.undo_operation(actor=ann, operation_id=moved)
    settle()
    assert stands(case)[0] == "major", "not the tier of the time before"
    update_case(actor=ann, case_id=case.pk, values={"customer": None})
    assert stands(case) == ("", Priority.NORMAL)
    update_case(actor=ann, case_id=case.pk, values={"customer": max_.pk})
    [merge] = merge_customers(actor=system_actor(), keep_id=zoe.pk, absorb_ids=[max_.pk])
    settle()
    assert stands(case) == ("major", Priority.HIGH)
    undo_merge(actor=system_actor(), merge_id=merge.pk)
    Standing.objects.filter(pk=max_.pk).update(tier="small")
    settle()
    assert stands(case) == ("small", Priority.NORMAL)


def test_many_cases_follow_in_parts(
    ann: Actor, become: Become, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    """A part is one operation, and a case more costs three statements, not thirty."""
    monkeypatch.setattr(tiers, "CHUNK", 4)
    zoe = customer("Zoe")
    cases = [open_case(actor=ann, values={"subject": f"Cup {number}", "customer": zoe.pk}) for number in range(10)]
    become({zoe: "vip"})
    assert {stands(case)[0] for case in cases} == {"vip"}
    parts = Operation.objects.filter(name=tiers.FOLLOWING)
    assert sorted(part.changes.values("record_id").distinct().count() for part in parts) == [2, 4, 4]
    Standing.objects.filter(pk=zoe.pk).update(tier="small")
    with django_assert_max_num_queries(70):
        assert tiers.follow_tiers([case.pk for case in cases]) == 10
