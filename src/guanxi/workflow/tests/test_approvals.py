"""Approvals: by amount and role, never one's own, in the place of the absent, one after the other, in time."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from guanxi.core import changes, clock, events
from guanxi.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from guanxi.core.models import Change, Department, Deputy, Operation, Role, User
from guanxi.core.models.events import OutboxEvent
from guanxi.core.money import Money
from guanxi.core.records import RecordRef
from guanxi.people import roles
from guanxi.tasks.models import Notification
from guanxi.workflow import jobs
from guanxi.workflow.events import ApprovalDecided
from guanxi.workflow.models import Approval, ApprovalLimit, ApprovalPolicy, ApprovalStep, DepartmentHead
from guanxi.workflow.queries import to_decide
from guanxi.workflow.registries.approvals import ApprovalSort, approval_sorts
from guanxi.workflow.services.approvals import (
    ask_for_approval,
    decide_approval,
    delegate_approval,
    needs_approval,
    withdraw_approval,
)
from guanxi.workflow.tests.people import acting, person

pytestmark = pytest.mark.django_db
GIFT = RecordRef("task", 1)


@pytest.fixture(autouse=True)
def _sorts() -> Any:
    """Two sorts of approval, for as long as a test runs."""
    approval_sorts.add("test.gift", ApprovalSort("test.gift", "A gift", "task"))
    approval_sorts.add("test.word", ApprovalSort("test.word", "A word", "task", has_amount=False, is_free=False))
    yield
    for key in ("test.gift", "test.word"):
        approval_sorts._items.pop(key)


def policy(role: str = "manager", sort: str = "test.gift", **values: Any) -> ApprovalPolicy:
    """A policy by role."""
    given = {"approver": "role", "role": Role.objects.get(key=role), "currency": "CNY", "created_at": clock.now()}
    return ApprovalPolicy.objects.create(sort=sort, **{**given, **values})


def cny(yuan: int) -> Money:
    """An amount."""
    return Money(yuan * 100, "CNY")


def absent(who: User, deputy: User) -> None:
    """Somebody is away, another one takes their place."""
    now = clock.now()
    Deputy.objects.create(
        user=who, deputy=deputy, from_at=now - timedelta(days=1), to_at=now + timedelta(days=1), reason="holiday"
    )


def told(who: User) -> list[str]:
    """The sorts of what somebody was told."""
    return list(Notification.objects.filter(user=who).order_by("id").values_list("sort", flat=True))


def test_by_amount_and_role() -> None:
    """Small ones pass at once, larger ones wait, the largest need two words; amounts that cannot be compared are refused."""
    ann, max_, owen = person("ann"), person("max", "manager"), person("owen", "owner")
    policy(from_minor=10_001)
    policy("owner", from_minor=100_001, order=200)
    small = ask_for_approval(actor=acting(ann), sort="test.gift", record=GIFT, amount=cny(100))
    assert (small.state, small.decided_by) == ("approved", None)
    middle = ask_for_approval(actor=acting(ann), sort="test.gift", record=GIFT, amount=cny(101), reason="late")
    assert (middle.state, told(max_), told(owen)) == ("waiting", ["approval.asked"], [])
    with pytest.raises(Conflict):
        ask_for_approval(actor=acting(ann), sort="test.gift", record=GIFT, amount=cny(101))
    done = decide_approval(actor=acting(max_), approval_id=middle.pk, is_approved=True)
    assert (done.state, done.decided_by, done.on_behalf_of) == ("approved", max_, None)
    large = ask_for_approval(actor=acting(ann), sort="test.gift", record=GIFT, amount=cny(5000))
    assert decide_approval(actor=acting(max_), approval_id=large.pk, is_approved=True).state == "waiting"
    with pytest.raises(InvalidInput, match="why"):
        decide_approval(actor=acting(owen), approval_id=large.pk, is_approved=False)
    refused = decide_approval(actor=acting(owen), approval_id=large.pk, is_approved=False, words="too much")
    assert (refused.state, refused.words, told(ann)) == ("refused", "too much", ["approval.decided"] * 2)
    with pytest.raises(InvalidInput, match="EUR cannot be compared"):
        ask_for_approval(actor=acting(ann), sort="test.gift", record=GIFT, amount=Money(1, "EUR"))
    with pytest.raises(InvalidInput):
        ask_for_approval(actor=acting(ann), sort="test.gift", record=GIFT)
    with pytest.raises(InvalidInput):
        ask_for_approval(actor=acting(ann), sort="test.gift", record=GIFT, amount=Money(-1, "CNY"))
    with pytest.raises(Conflict):
        needs_approval(sort="test.word")
    said = [event.payload["state"] for event in _decided()]
    assert said == ["approved", "approved", "refused"]


def _decided() -> Any:
    """The events of decisions."""
    return OutboxEvent.objects.filter(name=ApprovalDecided.event_name).order_by("id")


def test_nobody_approves_their_own() -> None:
    """Not as the one with the role, not by whoever stands in for them, not standing in for another one."""
    max_, moe, deputy = person("max", "manager"), person("moe", "manager"), person("dee")
    policy()
    asked = ask_for_approval(actor=acting(max_), sort="test.gift", record=GIFT, amount=cny(1))
    with pytest.raises(Forbidden, match="Nobody approves"):
        decide_approval(actor=acting(max_), approval_id=asked.pk, is_approved=True)
    absent(max_, deputy)
    with pytest.raises(Forbidden, match="You stand in"):
        decide_approval(actor=acting(deputy), approval_id=asked.pk, is_approved=True)
    absent(moe, max_)
    with pytest.raises(Forbidden, match="Nobody approves"):
        decide_approval(actor=acting(max_), approval_id=asked.pk, is_approved=True)
    with pytest.raises(NotFound):
        decide_approval(actor=acting(person("eve")), approval_id=asked.pk, is_approved=True)
    assert ApprovalStep.objects.get().state == "waiting"
    moe.is_active = False
    moe.save()
    withdraw_approval(actor=acting(max_), approval_id=asked.pk)
    with pytest.raises(Conflict, match="Nobody else"):
        ask_for_approval(actor=acting(max_), sort="test.gift", record=GIFT, amount=cny(1))


def test_a_deputy_decides_in_the_absent_one_s_place_and_it_says_so() -> None:
    """A chain of absences hands it on; the journal names both."""
    ann, max_, first, second = person("ann"), person("max", "manager"), person("fay"), person("sue")
    policy()
    absent(max_, first)
    absent(first, second)
    asked = ask_for_approval(actor=acting(ann), sort="test.gift", record=GIFT, amount=cny(1))
    assert [told(who) for who in (max_, first, second)] == [["approval.asked"]] * 3
    done = decide_approval(actor=acting(second), approval_id=asked.pk, is_approved=True)
    assert (done.decided_by, done.on_behalf_of) == (second, max_)
    assert Operation.objects.get(name="workflow.approve").deputising_for == max_


def test_whoever_may_decide_hands_the_word_over_within_their_own_limit() -> None:
    """To a person by name, who is told and sees it; never to whoever asked, and not on from there; it can be taken back."""
    ann, max_, fay, sue = person("ann"), person("max", "manager"), person("fay"), person("sue")
    policy()
    ApprovalLimit.objects.create(role=max_.role, sort="", currency="CNY", most_minor=50_000)
    asked = ask_for_approval(actor=acting(ann), sort="test.gift", record=GIFT, amount=cny(400))
    assert to_decide(acting(fay)) == []
    with pytest.raises(NotFound):
        delegate_approval(actor=acting(fay), approval_id=asked.pk, to_id=sue.pk)
    for wrong in (ann.pk, max_.pk, 999):
        with pytest.raises(InvalidInput):
            delegate_approval(actor=acting(max_), approval_id=asked.pk, to_id=wrong)
    delegate_approval(actor=acting(max_), approval_id=asked.pk, to_id=fay.pk)
    assert told(fay) == ["approval.asked"]
    assert to_decide(acting(fay)) == [asked]
    with pytest.raises(Forbidden):
        delegate_approval(actor=acting(fay), approval_id=asked.pk, to_id=sue.pk)
    delegate_approval(actor=acting(max_), approval_id=asked.pk, to_id=None)
    assert to_decide(acting(fay)) == []
    delegate_approval(actor=acting(max_), approval_id=asked.pk, to_id=fay.pk)
    ApprovalLimit.objects.update(most_minor=30_000)
    with pytest.raises(Forbidden, match="up to"):
        decide_approval(actor=acting(fay), approval_id=asked.pk, is_approved=True)
    ApprovalLimit.objects.update(most_minor=50_000)
    done = decide_approval(actor=acting(fay), approval_id=asked.pk, is_approved=True)
    assert (done.decided_by, done.on_behalf_of) == (fay, max_)


def test_a_second_person_must_be_another_one() -> None:
    """Neither whoever gave the first word, nor in the place of that person."""
    ann, max_, moe, deputy = person("ann"), person("max", "manager"), person("moe", "manager"), person("dee")
    policy(needs_second=True)
    asked = ask_for_approval(actor=acting(ann), sort="test.gift", record=GIFT, amount=cny(1))
    absent(max_, deputy)
    decide_approval(actor=acting(deputy), approval_id=asked.pk, is_approved=True)
    for who in (deputy, max_):
        with pytest.raises(Forbidden, match="second person"):
            decide_approval(actor=acting(who), approval_id=asked.pk, is_approved=True)
    assert decide_approval(actor=acting(moe), approval_id=asked.pk, is_approved=True).decided_by == moe


def test_limits_lie_in_the_role() -> None:
    """A deputy has the limit of whose place they take; another currency is refused in words."""
    ann, max_, owen = person("ann"), person("max", "manager"), person("owen", "owner")
    policy(escalates_to=Role.objects.get(key="owner"), hours=1)
    ApprovalLimit.objects.create(role=max_.role, sort="", currency="CNY", most_minor=50_000)
    asked = ask_for_approval(actor=acting(ann), sort="test.gift", record=GIFT, amount=cny(500))
    assert decide_approval(actor=acting(max_), approval_id=asked.pk, is_approved=True).state == "approved"
    with pytest.raises(Conflict, match="Nobody else"):
        ask_for_approval(actor=acting(ann), sort="test.gift", record=GIFT, amount=cny(501))
    moe = person("moe", "manager")
    ApprovalLimit.objects.all().delete()
    asked = ask_for_approval(actor=acting(ann), sort="test.gift", record=GIFT, amount=cny(501))
    ApprovalLimit.objects.create(role=max_.role, sort="test.gift", currency="CNY", most_minor=50_000)
    with pytest.raises(Forbidden, match=r"up to CN¥500\.00"):
        decide_approval(actor=acting(moe), approval_id=asked.pk, is_approved=True)
    assert owen.role_id != moe.role_id


def test_a_head_of_department_and_handing_on_in_time() -> None:
    """The nearest head above that is not whoever asks; what nobody decides goes to others too, and lapses in the end."""
    root = Department.objects.create(name="Company")
    root.path = f"/{root.pk}/"
    root.save()
    team = Department.objects.create(name="Service", parent=root)
    team.path = f"{root.path}{team.pk}/"
    team.save()
    ann, boss, head, owen = person("ann"), person("boss"), person("head"), person("owen", "owner")
    User.objects.filter(pk__in=(ann.pk, head.pk)).update(department=team)
    DepartmentHead.objects.create(department=root, user=boss)
    DepartmentHead.objects.create(department=team, user=head)
    policy(role="owner", approver="head", hours=2, escalates_to=owen.role)
    ApprovalPolicy.objects.update(role=None)
    mine = ask_for_approval(actor=acting(head), sort="test.gift", record=RecordRef("task", 2), amount=cny(1))
    assert decide_approval(actor=acting(boss), approval_id=mine.pk, is_approved=True).decided_by == boss
    asked = ask_for_approval(actor=acting(ann), sort="test.gift", record=GIFT, amount=cny(1))
    with pytest.raises(NotFound):
        decide_approval(actor=acting(boss), approval_id=asked.pk, is_approved=True)
    with pytest.raises(Forbidden):
        decide_approval(actor=acting(owen), approval_id=asked.pk, is_approved=True)
    jobs.care_for_approvals.func()
    assert told(owen) == []
    ApprovalStep.objects.filter(approval=asked).update(due_at=clock.now() - timedelta(minutes=1))
    jobs.care_for_approvals.func()
    assert told(owen) == ["approval.asked"]
    assert decide_approval(actor=acting(owen), approval_id=asked.pk, is_approved=True).state == "approved"
    late = ask_for_approval(actor=acting(ann), sort="test.gift", record=GIFT, amount=cny(1))
    Approval.objects.filter(pk=late.pk).update(lapses_at=clock.now())
    jobs.care_for_approvals.func()
    late.refresh_from_db()
    assert late.state == "lapsed"
    with pytest.raises(Conflict):
        decide_approval(actor=acting(head), approval_id=late.pk, is_approved=True)
    events.deliver_pending()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_does() -> None:
    """The other one reads who was first."""
    for key in ("agent", "manager"):
        Role.objects.get_or_create(key=key, defaults={"name_en": key, "name_zh": key})
    ann, max_, moe = person("ann"), person("max", "manager"), person("moe", "manager")
    policy()
    asked = ask_for_approval(actor=acting(ann), sort="test.gift", record=GIFT, amount=cny(1))
    said: list[str] = []
    ready = threading.Barrier(2)

    def decide(who: User) -> None:
        """One of the two."""
        actor = acting(who)
        ready.wait()
        try:
            decide_approval(actor=actor, approval_id=asked.pk, is_approved=who == max_, words="my word")
            said.append("done")
        except Conflict as error:
            said.append(str(error))
        finally:
            connection.close()

    both = [threading.Thread(target=decide, args=(who,)) for who in (max_, moe)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(said)[1] == "done"
    assert "has decided this already" in sorted(said)[0]
    asked.refresh_from_db()
    assert asked.state == ("approved" if asked.decided_by == max_ else "refused")
    assert Operation.objects.filter(name__in=("workflow.approve", "workflow.refuse")).count() == 1


def test_what_was_set_for_a_role_goes_with_it_and_comes_back_with_it() -> None:
    """The journal names every row that a module hung on the role; what would mean nothing without it stands in the way."""
    owner = acting(person("boss", "owner"))
    role = roles.save_role(actor=owner, role_id=None, name_en="Seller", name_zh="销售", permissions={}, fields={})
    limit = ApprovalLimit.objects.create(role=role, sort="remedy", currency="CNY", most_minor=100)
    policy = ApprovalPolicy.objects.create(sort="remedy", approver="role", role=role, created_at=clock.now())
    with pytest.raises(Conflict, match="approval polic"):
        roles.remove_role(actor=owner, role_id=role.pk)
    policy.delete()
    number = roles.remove_role(actor=owner, role_id=role.pk)
    assert not ApprovalLimit.objects.exists()
    told = Change.objects.filter(operation=number, act="delete").values_list("kind", "record_id")
    assert ("approvallimit", limit.pk) in {*told}
    changes.undo_operation(actor=owner, operation_id=number)
    assert ApprovalLimit.objects.get(role__key="seller").most_minor == 100
