"""Rules about customers: tagged when they come in, over bulk changes too, reached from the tasks about them."""

import pytest

from guanxi.core.actor import system_actor
from guanxi.core.money import Money
from guanxi.core.records import RecordRef
from guanxi.core.sentences import told
from guanxi.customers.models import Customer, CustomerTag, Standing
from guanxi.customers.rule_parts import _read_net_revenue
from guanxi.customers.services.bulk_changes import bulk_tag_customers
from guanxi.customers.services.customers import create_customer, update_customer
from guanxi.tasks.public import create_task
from guanxi.workflow.engine import hearing
from guanxi.workflow.models import Firing
from guanxi.workflow.tests.people import happen, outcomes, person, rule

pytestmark = pytest.mark.django_db


def tags_of(customer: Customer) -> list[str]:
    """The tags on a customer."""
    return sorted(CustomerTag.objects.filter(customer=customer).values_list("tag__name", flat=True))


def test_a_customer_is_tagged_beside_what_is_there() -> None:
    """Once; a second time there is nothing to do."""
    north = {"all": [{"fact": "customer.city", "is": "is", "value": "Harbin"}]}
    made = rule("customer.created", [{"action": "customer.tag", "parameters": {"tags": "north，cold"}}], north)
    again = rule("customer.changed", made.actions, north)
    customer = create_customer(actor=system_actor(), values={"name": "王先生", "city": "Harbin"}, tags=["own"])
    create_customer(actor=system_actor(), values={"name": "李女士", "city": "Xiamen"})
    happen()
    assert tags_of(customer) == ["cold", "north", "own"]
    assert sorted(outcomes(made)) == ["fired", "not_met"]
    assert outcomes(again) == ["fired"]  # the change that the first rule made; there was nothing left to do
    update_customer(actor=system_actor(), customer_id=customer.pk, values={"city": "Beijing"})
    happen()
    assert outcomes(again) == ["fired", "not_met"]


def test_many_at_once_go_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A change of many customers is heard for each of them."""
    monkeypatch.setattr(hearing, "AT_ONCE", 2)
    made = rule(
        "customer.changed",
        [{"action": "customer.tag", "parameters": {"tags": ["seen"]}}],
        {"all": [{"fact": "customer.tags", "is": "has", "value": "new"}]},
    )
    customers = [create_customer(actor=system_actor(), values={"name": f"c{n}"}) for n in range(5)]
    bulk_tag_customers(actor=system_actor(), queryset=Customer.objects.all(), add=["new"], remove=[])
    happen()
    assert outcomes(made).count("fired") == 5
    assert [tags_of(customer) for customer in customers] == [["new", "seen"]] * 5


def test_net_revenue_is_money_of_its_currency() -> None:
    """Whoever never bought has none."""
    ann, bob = (create_customer(actor=system_actor(), values={"name": name}) for name in ("Ann", "Bob"))
    Standing.objects.filter(customer=ann).update(net_revenue_minor=500, currency="CNY")
    assert _read_net_revenue([ann.pk, bob.pk]) == {ann.pk: Money(500, "CNY"), bob.pk: None}


def test_rules_about_tasks_reach_the_customer() -> None:
    """Its facts and its acts; a task about nobody has none."""
    made = rule(
        "task.created",
        [{"action": "customer.tag", "via": "task.customer", "parameters": {"tags": ["has a task"]}}],
        {"all": [{"fact": "task.customer>customer.city", "is": "is", "value": "Harbin"}]},
    )
    empty = rule("task.created", made.actions)
    customer = create_customer(actor=system_actor(), values={"name": "王先生", "city": "Harbin"})
    ann = person("ann")
    for about in (RecordRef("customer", customer.pk), None):
        create_task(actor=system_actor(), values={"title": "x", "assignee": ann, "about": about})
    happen()
    assert (outcomes(made), outcomes(empty)) == (["fired", "not_met"], ["fired", "fired"])
    assert tags_of(customer) == ["has a task"]
    last = Firing.objects.filter(rule=empty).latest("id")
    assert told(last.why["actions"][0]["done"]) == "There is no record to do it to."
