"""Who is responsible in a complaint sees it while that lasts, whatever the role reaches; nobody else does, and nothing else."""

from typing import Any

import pytest
from django.test import Client

from guanxi.core.actor import Actor, actor_of
from guanxi.core.errors import NotFound
from guanxi.core.models import Department, Role, RolePermission, User
from guanxi.service.complaints.services import handling, pacing
from guanxi.service.models import Case, Complaint, Remedy, ResponsibleUnit
from guanxi.service.public import open_case, update_case
from guanxi.workflow.models import DepartmentHead

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["nothing", "own"])
def hana(request: Any) -> User:
    """Who heads the workshop, with a role that reaches no cases at all, or only her own."""
    role = Role.objects.create(key=f"narrow-{request.param}", name_en="Narrow")
    if request.param == "own":
        for action in ("view", "change"):
            RolePermission.objects.create(role=role, kind="case", action=action, scope="own")
    user = User.objects.create_user("hana", password="x", role=role, name="Hana")
    workshop = Department.objects.create(name="Workshop", path="/w/")
    DepartmentHead.objects.create(department=workshop, user=user)
    return user


@pytest.fixture
def case(ann: Actor) -> Case:
    return open_case(actor=ann, values={"subject": "Leaks", "case_type": "complaint"})


def reached(user: User, action: str = "view") -> list[int]:
    """The complaints that somebody may see, or change; their cases are the same."""
    actor = actor_of(user)
    found = list(Complaint.objects.visible_to(actor, action).order_by("pk").values_list("pk", flat=True))
    assert found == list(Case.objects.visible_to(actor, action).order_by("pk").values_list("pk", flat=True))
    return found


def test_the_head_of_the_responsible_unit_sees_and_objects(ann: Actor, max_: Actor, hana: User, case: Case) -> None:
    """Until another unit answers for it; the rest of the work on it is not theirs."""
    open_case(actor=ann, values={"subject": "Another", "case_type": "complaint"})
    client = Client()
    client.force_login(hana)
    pages = [case.get_absolute_url(), f"{case.get_absolute_url()}complaint"]
    assert (reached(hana), [client.get(page).status_code for page in pages]) == ([], [404, 404])
    department = Department.objects.get(name="Workshop")
    handling.settle_unit(actor=ann, case_id=case.pk, department_id=department.pk)
    assert (reached(hana), reached(hana, "change"), reached(hana, "object")) == ([case.pk], [], [case.pk])
    assert [client.get(page).status_code for page in pages] == [200, 200]
    shown = client.get(pages[1]).content.decode()
    assert "complaint/object" in shown
    assert "complaint/evidence" not in shown
    assert client.get(f"{pages[1]}/evidence").status_code == 404
    with pytest.raises(NotFound):
        handling.add_evidence(actor=actor_of(hana), case_id=case.pk, sort="photo", text="x")
    with pytest.raises(NotFound):
        update_case(actor=actor_of(hana), case_id=case.pk, values={"priority": 1})
    assert client.post(f"{pages[1]}/object", {"reasons": "Not ours"}).status_code == 302
    assert Complaint.objects.get(pk=case.pk).objected_by_id == hana.pk
    other = ResponsibleUnit.objects.create(name="Store")
    handling.decide_objection(actor=max_, case_id=case.pk, is_upheld=True, answer="True", unit_id=other.pk)
    assert (reached(hana), [client.get(page).status_code for page in pages]) == ([], [404, 404])


def test_the_owner_of_a_step_works_on_it(ann: Actor, hana: User, case: Case) -> None:
    """As far as the role lets them change cases at all; it is over with the step, and with the case."""
    pacing.hand_over_step(actor=ann, case_id=case.pk, owner_id=hana.pk)
    may_change = hana.role is not None and hana.role.key == "narrow-own"
    assert (reached(hana), reached(hana, "change")) == ([case.pk], [case.pk] if may_change else [])
    assert not Remedy.objects.visible_to(actor_of(hana)).exists()
    if may_change:
        handling.add_evidence(actor=actor_of(hana), case_id=case.pk, sort="photo", text="The seal")
    handling.record_complaint(actor=ann, case_id=case.pk, values={"words": "It leaks."})
    handling.end_step(actor=ann, case_id=case.pk, step="record", owner_id=ann.user_id)
    assert (reached(hana), reached(hana, "change")) == ([], [])
