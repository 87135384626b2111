"""Rows of the settings that nothing uses can be removed, and come back by an undo; what is used says so and stays."""

from typing import Any

import pytest
from django.test import Client

from guanxi.core import changes
from guanxi.core.actor import Actor, system_actor
from guanxi.core.errors import Conflict, Forbidden, NotFound
from guanxi.core.models import Operation, Role, User
from guanxi.service.clocks.services.promising import save_policy
from guanxi.service.complaints.services.handling import settle_unit
from guanxi.service.complaints.services.settings import save_cause, save_limit, save_remedy_kind, save_unit
from guanxi.service.models import CaseCategory, Cause, Checklist, MomentCriterion, RemedyKind, SlaPolicy, SlaTarget
from guanxi.service.public import open_case, update_case
from guanxi.service.services.moments import mark_moment, save_criterion
from guanxi.service.services.removing import remove_setting
from guanxi.service.services.settings import save_category, save_checklist
from guanxi.workflow.services.rules import create_rule, delete_rule

pytestmark = pytest.mark.django_db
LEVEL = {
    "name": "Gold", "asks": {"type": ["praise"]},
    "targets": [{"sort": "solution", "priority": 0, "amount": 60, "unit": "minutes"}],
    "steps": [{"sort": "solution", "at_percent": 50, "act": "notify", "whom": "owner"}],
}  # fmt: skip


def rows(actor: Actor) -> dict[str, Any]:
    """One unused row of each sort."""
    return {
        "category": save_category(actor=actor, name="Kettles", is_active=False),
        "checklist": save_checklist(actor=actor, name="List", case_type="repair", items=["Look"], is_active=False),
        "criterion": save_criterion(actor=actor, step="tone", text="Was it warm?", is_active=False),
        "level": save_policy(actor=actor, values={**LEVEL, "is_active": False}),
        "unit": save_unit(actor=actor, name="Kiln & Co", is_active=False),
        "cause": save_cause(actor=actor, name="Heat"),
        "remedy": save_remedy_kind(actor=actor, name="Bouquet"),
    }


def test_what_nothing_uses_is_removed_on_its_page_and_comes_back(max_: Actor, client: Client) -> None:
    made = rows(max_)
    client.force_login(User.objects.get(pk=max_.user_id))
    addresses = {
        what: f"/settings/cases/{what}/{row.pk}/remove" if what != "level" else f"/settings/service-levels/{row.public_id}/remove"
        for what, row in made.items()
    }  # fmt: skip
    save_cause(actor=max_, name="Heat", is_active=False, cause_id=made["cause"].pk)
    save_limit(actor=max_, kind_id=made["remedy"].pk, role_id=Role.objects.get(key="agent").pk, limit_minor=500)
    save_remedy_kind(actor=max_, name="Bouquet", is_active=False, kind_id=made["remedy"].pk)
    shown = ("cases", "service-levels", "complaints")
    pages = "".join(client.get(f"/settings/{page}").content.decode() for page in shown)
    for what, address in addresses.items():
        assert f'action="{address}"' in pages
        assert client.post(address).status_code == 302
        assert not type(made[what]).objects.filter(pk=made[what].pk).exists()
        changes.undo_operation(actor=max_, operation_id=Operation.objects.latest("pk").pk)
        assert type(made[what]).objects.get(pk=made[what].pk) == made[what]
    assert (SlaTarget.objects.filter(policy=made["level"]).count(), made["level"].steps.count()) == (1, 1)
    assert made["remedy"].limits.get().limit_minor == 500
    assert client.post("/settings/cases/queue/1/remove").status_code == 404
    assert client.post("/settings/cases/category/999/remove").status_code == 404


def test_what_is_used_stays_and_says_so(max_: Actor, ann: Actor, client: Client) -> None:
    made, system = rows(max_), system_actor()
    root = made["category"]
    case = open_case(actor=ann, values={"subject": "Kettle", "category": save_category(actor=max_, name="Pots").pk})
    pots = CaseCategory.objects.get(name="Pots")

    def is_kept(what: str, row: Any) -> None:
        with pytest.raises(Conflict, match="is in use, or was"):
            remove_setting(actor=max_, what=what, number=row.pk)

    is_kept("category", pots)
    below = save_category(actor=max_, name="Leaks", parent_id=root.pk)
    is_kept("category", root)
    save_policy(actor=system, policy_id=made["level"].pk, values={"asks": {"category": [below.pk]}})
    is_kept("category", below)
    save_policy(actor=system, policy_id=made["level"].pk, values={"asks": {}})
    asked = {"all": [{"fact": "case.category", "is": "in", "value": [below.pk]}]}
    told = [{"action": "tell.role", "parameters": {"role": "manager"}}]
    rule = create_rule(
        actor=system, values={"name": "r", "trigger": "case.opened", "conditions": asked, "actions": told}
    )
    is_kept("category", below)
    delete_rule(actor=system, rule_id=rule.pk)
    remove_setting(actor=max_, what="category", number=below.pk)
    remove_setting(actor=max_, what="category", number=root.pk)
    save_checklist(
        actor=max_, name="List", case_type="repair", items=["Look"], checklist_id=made["checklist"].pk, is_active=True
    )
    update_case(actor=ann, case_id=case.pk, values={"case_type": "repair"})
    is_kept("checklist", Checklist.objects.get())
    mark_moment(actor=ann, case_id=case.pk, criterion=f"own-{made['criterion'].pk}", is_met=True)
    is_kept("criterion", MomentCriterion.objects.get())
    is_kept("cause", Cause.objects.exclude(key="")[0])
    is_kept("remedy", RemedyKind.objects.exclude(key="")[0])
    update_case(actor=ann, case_id=case.pk, values={"case_type": "complaint"})
    save_unit(actor=max_, name="Kiln & Co", unit_id=made["unit"].pk)
    settle_unit(actor=max_, case_id=case.pk, unit_id=made["unit"].pk)
    is_kept("unit", made["unit"])
    is_kept("level", SlaPolicy.objects.exclude(name="Gold").get())
    with pytest.raises(Forbidden):
        remove_setting(actor=ann, what="level", number=made["level"].pk)
    with pytest.raises(NotFound):
        remove_setting(actor=max_, what="queue", number=1)
    client.force_login(User.objects.get(pk=max_.user_id))
    client.post(f"/settings/cases/category/{pots.pk}/remove")
    assert "“Pots” is in use, or was." in client.get("/settings/cases").content.decode()
    assert CaseCategory.objects.get() == pots
