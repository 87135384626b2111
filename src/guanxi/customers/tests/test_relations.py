"""Relations, buying centre, household, hierarchy, visits and the core card."""

from datetime import date, timedelta

import pytest

from guanxi.core import changes, clock
from guanxi.core.actor import actor_of
from guanxi.core.errors import Conflict, InvalidInput, NotFound
from guanxi.customers.lists import FILTERS
from guanxi.customers.models import CoreCard, CoreCardReading, Customer, Relation, Standing
from guanxi.customers.queries import relations as web
from guanxi.customers.services import core_cards, relations, visits


def relate(owner, subject, target, kind, **values):
    """Note one relation."""
    return relations.relate(actor=owner, subject_id=subject.pk, object_id=target.pk, kind=kind, values=values)


def test_the_buying_centre_knows_roles_and_attitudes(owner, enter):
    firm = enter("某某公司", "organisation")
    boss, clerk = enter("王总"), enter("李雷")
    relate(owner, boss, firm, "works_for", role="总经理", buying_role="decision_maker", attitude="leans", strength="4")
    relation = relate(owner, clerk, firm, "works_for", buying_role="gatekeeper", attitude="opposes", strength=2)
    centre = web.buying_centre(owner, firm.pk)
    assert {(r.subject.name, r.buying_role, r.strength) for r in centre} == {
        ("王总", "decision_maker", 4),
        ("李雷", "gatekeeper", 2),
    }
    relations.end_relation(actor=owner, relation_id=relation.pk, on=date(2020, 1, 1))
    assert [r.subject.name for r in web.buying_centre(owner, firm.pk)] == ["王总"]
    assert len(web.relations_of(owner, firm.pk)) == 2


@pytest.mark.parametrize(
    ("kind", "values", "error"),
    [
        ("works_for", {"strength": 6}, InvalidInput),
        ("works_for", {"buying_role": "king"}, InvalidInput),
        ("works_for", {"since_on": date(2021, 1, 2), "until_on": date(2021, 1, 1)}, InvalidInput),
        ("parent", {}, InvalidInput),
        ("nonsense", {}, InvalidInput),
    ],
)
def test_what_does_not_fit_is_refused(owner, enter, kind, values, error):
    firm, person = enter("某某公司", "organisation"), enter("李雷")
    with pytest.raises(error):
        relate(owner, person, firm, kind, **values)
    assert Relation.objects.count() == 0


def test_the_same_relation_is_on_record_once(owner, enter):
    one, two = enter("甲"), enter("乙")
    relate(owner, one, two, "household")
    with pytest.raises(Conflict):
        relate(owner, two, one, "household")
    with pytest.raises(InvalidInput):
        relate(owner, one, one, "knows")


def test_a_household_is_found_from_any_member(owner, enter):
    father, mother, child = enter("张父"), enter("李母"), enter("张子")
    relate(owner, father, mother, "household", role="夫妻")
    relate(owner, child, mother, "household", role="子女")
    assert {c.name for c in web.household(owner, father.pk)} == {"李母", "张子"}
    assert {c.name for c in web.household(owner, child.pk)} == {"李母", "张父"}


def test_value_rolls_up_a_hierarchy(owner, enter):
    group, east, shop = (enter(name, "organisation") for name in ("集团", "华东公司", "一店"))
    for customer, amount in ((group, 100), (east, 20), (shop, 3)):
        Standing.objects.filter(pk=customer.pk).update(net_revenue_minor=amount, currency="CNY")
    relate(owner, east, group, "parent")
    relate(owner, shop, east, "parent")
    tree = web.hierarchy(owner, shop.pk)
    assert (tree.name, tree.total_minor, tree.member_count) == ("集团", 123, 3)
    assert (tree.children[0].total_minor, tree.children[0].children[0].is_current) == (23, True)
    with pytest.raises(InvalidInput):
        relate(owner, group, shop, "parent")
    with pytest.raises(Conflict):
        relate(owner, shop, group, "parent")
    assert web.hierarchy(owner, enter("独立公司", "organisation").pk) is None


def test_what_the_actor_may_not_see_is_left_out_of_the_web(owner, enter, make_seller):
    anna = actor_of(make_seller("anna"))
    firm = enter("某某公司", "organisation", actor=anna)
    hidden = enter("王总")
    relate(owner, hidden, firm, "works_for")
    assert web.relations_of(anna, firm.pk) == []
    assert web.buying_centre(anna, firm.pk) == []
    with pytest.raises(NotFound):
        relate(anna, firm, hidden, "knows")


def test_a_visit_moves_the_last_contact_forward_and_can_be_undone(owner, enter):
    made = enter("李雷")
    when = clock.now() - timedelta(days=3)
    visit = visits.record_visit(
        actor=owner, customer_id=made.pk, values={"purpose": "回访", "visited_at": when, "kind": "out"}
    )
    assert Customer.objects.get(pk=made.pk).last_contact_at == when
    assert visit.visitor_id == owner.user_id
    with pytest.raises(InvalidInput):
        visits.record_visit(
            actor=owner, customer_id=made.pk, values={"purpose": "x", "visited_at": clock.now() + timedelta(days=1)}
        )
    with pytest.raises(InvalidInput):
        visits.record_visit(actor=owner, customer_id=made.pk, values={"purpose": ""})


def test_notes(owner, enter):
    made = enter("李雷")
    note = visits.add_note(actor=owner, customer_id=made.pk, text="喜欢绿茶")
    operation = visits.remove_note(actor=owner, note_id=note.pk)
    changes.undo_operation(actor=owner, operation_id=operation)
    assert made.notes.get().text == "喜欢绿茶"
    with pytest.raises(InvalidInput):
        visits.add_note(actor=owner, customer_id=made.pk, text=" ")


def test_a_core_card_has_one_keeper_and_logs_its_readers(owner, enter, make_seller):
    anna, ben = actor_of(make_seller("anna")), actor_of(make_seller("ben"))
    made = enter("大客户", "organisation", actor=anna)
    card = core_cards.save_core_card(actor=anna, customer_id=made.pk, values={"needs": "按时交货"})
    assert card.keeper_id == anna.user_id
    core_cards.read_core_card(actor=anna, customer_id=made.pk)
    with pytest.raises(NotFound):
        core_cards.read_core_card(actor=ben, customer_id=made.pk)
    core_cards.read_core_card(actor=owner, customer_id=made.pk)
    assert [r.user_name for r in CoreCardReading.objects.order_by("id")] == ["anna", "老板"]
    core_cards.save_core_card(actor=owner, customer_id=made.pk, values={"risks": "换采购经理", "keeper": ben.user_id})
    assert CoreCard.objects.get().keeper_id == ben.user_id
    assert CoreCard.objects.get().needs == "按时交货"
    with pytest.raises(InvalidInput):
        core_cards.save_core_card(actor=owner, customer_id=made.pk, values={"keeper": ""})


def test_core_customers_and_due_reviews_are_a_filter_of_the_list(owner, enter):
    kept, other = enter("大客户", "organisation"), enter("小客户", "organisation")
    core_cards.save_core_card(actor=owner, customer_id=kept.pk, values={})
    card_filter = next(f for f in FILTERS if f.key == "card")

    def found(text: str) -> set[int]:
        """The customers that the filter keeps."""
        return set(card_filter.narrow(Customer.objects.all(), text).values_list("pk", flat=True))

    assert (found("any"), found("due"), found("-")) == ({kept.pk}, set(), {other.pk})
    CoreCard.objects.update(reviewed_on=clock.today() - timedelta(days=31))
    assert found("due") == {kept.pk}
