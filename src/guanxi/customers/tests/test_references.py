"""Everything that points at customers is spoken for, and what cannot stand twice is known beforehand."""

from collections.abc import Callable
from datetime import date

import pytest

from guanxi.core import references
from guanxi.core.actor import Actor
from guanxi.core.references import Reference, Treatment
from guanxi.customers.models import ContactPoint, Customer, CustomerTag, Relation
from guanxi.customers.queries.finding import customers_by_contact
from guanxi.customers.services.relations import end_relation, relate

pytestmark = pytest.mark.django_db
Enter = Callable[..., Customer]


def reference(key: str) -> Reference:
    """One of the references that move."""
    return references.moving("customer")[key]


def test_every_column_that_points_at_customers_is_registered() -> None:
    assert references.unspoken("customer", Customer) == []


def test_a_column_that_nobody_spoke_for_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = [
        entry for entry in references._references if entry.model_label not in {"commerce.Order", "files.StoredFile"}
    ]
    monkeypatch.setattr(references, "_references", kept)
    assert references.unspoken("customer", Customer) == ["commerce.order.customer_id", "files.storedfile.record_id"]


def test_rows_that_move_have_a_key_of_their_own() -> None:
    """A row whose key is its customer cannot be re-pointed; it is merged field by field, or made anew."""
    for one in references.of("customer", Treatment.MOVES):
        assert one.model._meta.pk is not None
        assert one.model._meta.pk.attname != one.column, one.key


def test_what_the_target_has_is_set_aside(enter: Enter) -> None:
    one = enter("张三", contact_points=[{"kind": "phone", "value": "13800138000"}], tags=["老客户"])
    two = enter(
        "张叁",
        contact_points=[{"kind": "phone", "value": "138-0013-8000"}, {"kind": "phone", "value": "13900139000"}],
        tags=["老客户", "重要"],
    )
    aside = reference("customers.contactpoint.customer_id").set_aside(two.pk, one.pk)
    assert aside == {ContactPoint.objects.get(customer=two, normalised="+8613800138000").pk}
    tag = CustomerTag.objects.get(customer=two, tag__name="老客户")
    assert reference("customers.customertag.customer_id").set_aside(two.pk, one.pk) == {tag.pk}


def test_relations_to_oneself_doubles_and_circles_are_set_aside(owner: Actor, enter: Enter) -> None:
    one, two, mother, daughter = (enter(f"{name}有限公司", "organisation") for name in ("甲", "乙", "母", "子"))
    selves = relate(actor=owner, subject_id=two.pk, object_id=one.pk, kind="supplies")
    relate(actor=owner, subject_id=one.pk, object_id=mother.pk, kind="customer_of")
    double = relate(actor=owner, subject_id=two.pk, object_id=mother.pk, kind="customer_of")
    over = relate(actor=owner, subject_id=two.pk, object_id=daughter.pk, kind="customer_of")
    relate(actor=owner, subject_id=one.pk, object_id=daughter.pk, kind="customer_of")
    end_relation(actor=owner, relation_id=over.pk, on=date(2020, 1, 1))
    above = relate(actor=owner, subject_id=daughter.pk, object_id=one.pk, kind="parent")
    circle = relate(actor=owner, subject_id=two.pk, object_id=daughter.pk, kind="parent")
    assert reference("customers.relation.subject_id").set_aside(two.pk, one.pk) == {selves.pk, double.pk, circle.pk}
    assert reference("customers.relation.object_id").set_aside(one.pk, two.pk) == {selves.pk, above.pk}


def test_an_absorbed_customer_is_out_of_everything_that_is_asked_for_customers(enter: Enter) -> None:
    one = enter("张三", contact_points=[{"kind": "phone", "value": "13800138000"}])
    two = enter("张叁", contact_points=[{"kind": "phone", "value": "13800138000"}])
    other = enter("李四")
    Relation.objects.create(subject=two, object=other, kind="knows", created_at=two.created_at)
    Customer.everything.filter(pk=two.pk).update(merged_into=one)
    assert set(Customer.objects.all()) == {one, other}
    assert customers_by_contact("phone", "13800138000") == [one.pk]
    assert not Relation.objects.exists()
    assert Customer.everything.get(pk=two.pk).merged_into == one
