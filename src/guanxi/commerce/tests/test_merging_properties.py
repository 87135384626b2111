"""Any sequence of merges and undos leaves every phone, order, relation and note on exactly one customer.

The test keeps a book of its own: on whom each thing was put (its home), and which customers stand for which. A thing
that can stand any number of times is always with whoever stands for its home; of things that are alike one is seen.
"""

import os
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from guanxi.commerce.models import Order
from guanxi.core import changes, clock, references
from guanxi.core.actor import system_actor
from guanxi.core.errors import Conflict
from guanxi.core.models import Role, User
from guanxi.customers.models import (
    ContactPoint,
    CoreCard,
    CoreCardReading,
    Customer,
    CustomerTag,
    DuplicateDecision,
    ExternalId,
    Hold,
    Merge,
    MergedRow,
    Note,
    Relation,
    VisitRecord,
)
from guanxi.customers.public import ensure_customers
from guanxi.customers.services import visits
from guanxi.customers.services.bulk_changes import bulk_tag_customers, bulk_update_customers
from guanxi.customers.services.contact_points import add_contact_point, update_contact_point
from guanxi.customers.services.customers import create_customer, remove_external_id, update_customer
from guanxi.customers.services.merging import merge_customers, undo_merge
from guanxi.customers.services.relations import relate
from guanxi.files.models import StoredFile
from guanxi.tasks.models import Follow, Notification, Task

pytestmark = pytest.mark.django_db
PHONES = tuple(f"1380013800{n}" for n in range(4))
TAGS = ("甲", "乙")
MOST = 6
CITIES = ("", "上海", "北京", "广州")
ACTOR = system_actor()
# Things of which a customer can have any number; always with the survivor.
COUNTED: dict[str, tuple[Any, str]] = {
    "order": (Order, "customer_id"),
    "note": (Note, "customer_id"),
    "visit": (VisitRecord, "customer_id"),
    "external_id": (ExternalId, "customer_id"),
}
# What the other modules hang on customers, by the registry: made here without their services.
OTHERS = ("task", "follow", "notification", "file", "hold", "decision", "reading")
BOOKED = {
    "commerce.order.customer_id", "customers.note.customer_id", "customers.visitrecord.customer_id",
    "customers.externalid.customer_id", "customers.contactpoint.customer_id", "customers.customertag.customer_id",
    "customers.relation.subject_id", "customers.relation.object_id",
}  # fmt: skip
# Of these a customer has one of a sort; the others can stand any number of times.
ALIKE = {
    "tasks.follow.about_id", "customers.duplicatedecision.customer_id", "customers.duplicatedecision.other_id",
    "customers.corecardreading.card_id",
}  # fmt: skip


class Merging(RuleBasedStateMachine):
    """Customers, what hangs on them, and merges made and taken back in any order."""

    def __init__(self) -> None:
        """Begin in a transaction that is rolled back at the end."""
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.parents: dict[int, tuple[int, int]] = {}  # absorbed -> (keep, merge)
        self.homes: dict[tuple[str, int], int] = {}
        self.relations: dict[int, tuple[int, int]] = {}
        self.cities: dict[int, str] = {}
        self.written: dict[int, tuple[int, str, str]] = {}  # merge -> customer, city before, city written
        self.others: dict[tuple[str, int], int] = {}  # any other row that the registry knows -> its home
        self.removed: list[tuple[int, int, int]] = []  # operation, external id, home
        self.bulk: list[int] = []
        self.serial = 0

    def teardown(self) -> None:
        """Part all that is merged: each has what it had and what was put on it since."""
        try:
            for merge in sorted((merge for _keep, merge in self.parents.values()), key=lambda n: n * 7919 % 101):
                self._undo(merge)
            assert not Customer.everything.filter(merged_into__isnull=False).exists()
            assert not MergedRow.objects.exists()
            self.check()
            for (key, number), home in self.others.items():
                reference = references.moving("customer")[key]
                assert reference.every_row().values_list(reference.column, flat=True).get(pk=number) == home, key
            for (kind, number), home in self.homes.items():
                model, column = {
                    **COUNTED,
                    "phone": (ContactPoint, "customer_id"),
                    "tag": (CustomerTag, "customer_id"),
                }[kind]
                assert getattr(model._base_manager.get(pk=number), column) == home
            for number, ends in self.relations.items():
                row = Relation.everything.get(pk=number)
                assert (row.subject_id, row.object_id) == ends
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def root(self, number: int) -> int:
        """Who stands for a customer now."""
        while number in self.parents:
            number = self.parents[number][0]
        return number

    def chain(self, number: int) -> list[int]:
        """A customer and all that stand for it, one above the other."""
        found = [number]
        while found[-1] in self.parents:
            found.append(self.parents[found[-1]][0])
        return found

    @initialize()
    def begin(self) -> None:
        """Four customers stand from the beginning, some of them alike."""
        for city, phone in zip(CITIES, (PHONES[0], PHONES[0], PHONES[1], PHONES[1]), strict=True):
            self._add_phone(self._enter(city), phone)

        role = Role.objects.filter(key="owner").first() or Role.objects.create(key="owner", name_en="O", name_zh="O")
        self.user = User.objects.create_user("follower", "secret-enough", role=role)

    def live(self) -> list[int]:
        """The customers that stand for themselves."""
        return sorted(number for number in self.cities if number not in self.parents)

    def _enter(self, city: str) -> int:
        """One more customer."""
        self.serial += 1
        made = create_customer(actor=ACTOR, values={"name": f"客户{self.serial}", "city": city})
        self.cities[made.pk] = city
        return made.pk

    @precondition(lambda self: len(self.cities) < MOST)
    @rule(city=st.sampled_from(CITIES))
    def enter(self, city: str) -> None:
        """A new customer."""
        self._enter(city)

    @rule(data=st.data(), what=st.sampled_from(("phone", "phone", "tag", "note", "visit", "order", "known")))
    def put(self, data: Any, what: str) -> None:
        """Something is put on a customer; a file brings an order under an id that a source gave, known or new."""
        customer = data.draw(st.sampled_from(self.live()))
        if what == "phone":
            self._add_phone(customer, data.draw(st.sampled_from(PHONES)))
        elif what == "tag":
            tag = data.draw(st.sampled_from(TAGS))
            bulk_tag_customers(actor=ACTOR, queryset=Customer.objects.filter(pk=customer), add=[tag], remove=[])
            for row in CustomerTag.objects.filter(customer=customer):
                self.homes.setdefault(("tag", row.pk), customer)
        elif what == "note":
            note = visits.add_note(actor=ACTOR, customer_id=customer, text="说明")
            self.homes[("note", note.pk)] = customer
        elif what == "visit":
            visit = visits.record_visit(actor=ACTOR, customer_id=customer, values={"purpose": "回访"})
            self.homes[("visit", visit.pk)] = customer
        else:
            self._import_order(customer, is_known=what == "known")

    @rule(data=st.data(), what=st.sampled_from(OTHERS))
    def hang(self, data: Any, what: str) -> None:
        """Something of another module is put on a customer."""
        customer, *rest = data.draw(st.permutations(self.live()))
        now = clock.now()
        about = {"about_kind": "customer", "about_id": customer}
        if what == "task":
            Task.objects.create(title="回电", assignee=self.user, created_at=now, **about)
        elif what == "follow":
            Follow.objects.get_or_create(user=self.user, defaults={"at": now}, **about)
        elif what == "notification":
            Notification.objects.create(user=self.user, sort="mention", at=now, **about)
        elif what == "file":
            StoredFile.objects.create(
                name="合同.pdf", sha256="0" * 64, size=1, record_kind="customer", record_id=customer, created_at=now
            )
        elif what == "hold":
            Hold.objects.create(customer_id=customer, reason="诉讼", set_at=now, set_by_name="法务")
        elif what == "decision" and rest:
            known = DuplicateDecision.objects.filter(customer__in=(customer, rest[0]), other__in=(customer, rest[0]))
            if not known.exists():
                DuplicateDecision.objects.create(customer_id=customer, other_id=rest[0], at=now, by_name="我")
            self._book_others({"customers.duplicatedecision.other_id": rest[0]})
        elif what == "reading" and CoreCard.objects.filter(pk=customer).exists():
            CoreCardReading.objects.create(card_id=customer, user_name="我", means="web", at=now)
        self._book_others({}, customer)

    def _book_others(self, homes: dict[str, int], home: int = 0) -> None:
        """Write down where rows are that were not there before."""
        for key, reference in references.moving("customer").items():
            if key in BOOKED or not (home or key in homes):
                continue
            for number in reference.every_row().values_list("pk", flat=True):
                self.others.setdefault((key, number), homes.get(key, home))

    @rule(data=st.data())
    def remove(self, data: Any) -> None:
        """An id without an order is removed, or one that was removed is brought back, wherever its home is by now."""
        if self.removed and data.draw(st.booleans()):
            operation, number, home = self.removed.pop()
            changes.undo_operation(actor=ACTOR, operation_id=operation)
            self.homes[("external_id", number)] = home
            return
        number = ExternalId.objects.filter(customer__in=self.live()).values_list("pk", flat=True).first()
        if number is not None:
            operation = remove_external_id(actor=ACTOR, external_id=number)
            self.removed.append((operation, number, self.homes.pop(("external_id", number))))

    @rule(data=st.data(), country=st.sampled_from(("中国", "法国")))
    def edit_many(self, data: Any, country: str) -> None:
        """Several customers are given a country in one act, or such an act is taken back."""
        if self.bulk and data.draw(st.booleans()):
            operation = self.bulk.pop(data.draw(st.integers(0, len(self.bulk) - 1)))
            try:
                with transaction.atomic():
                    changes.undo_operation(actor=ACTOR, operation_id=operation)
            except Conflict:
                return  # changed since by another act or by a merge
            return
        some = Customer.objects.filter(pk__in=self.live()[: data.draw(st.integers(1, 4))])
        _count, operation_id = bulk_update_customers(actor=ACTOR, queryset=some, values={"country": country})
        if operation_id is not None:
            self.bulk.append(operation_id)

    def _add_phone(self, customer: int, phone: str) -> None:
        """A telephone number, unless the customer is seen to have it."""
        try:
            with transaction.atomic():
                point = add_contact_point(actor=ACTOR, customer_id=customer, kind="phone", value=phone)
        except Conflict:
            return
        self.homes[("phone", point.pk)] = customer

    def _import_order(self, customer: int, *, is_known: bool) -> None:
        """An order under an external id of the customer."""
        known = ExternalId.objects.filter(customer=customer).order_by("pk").first()
        self.serial += 1
        if known is None or not is_known:
            known = ExternalId.objects.create(customer_id=customer, source="erp", value=f"{self.serial}")
            self.homes[("external_id", known.pk)] = customer
        found = ensure_customers(source="erp", values=[known.value], import_run=None)[known.value]
        assert found == customer
        now = clock.now()
        order = Order.objects.create(
            source="erp",
            number=f"{self.serial}",
            customer_id=found,
            ordered_at=now,
            ordered_on=now.date(),
            currency="CNY",
        )
        self.homes[("order", order.pk)] = customer

    @precondition(lambda self: len(self.live()) > 1)
    @rule(data=st.data())
    def acquaint(self, data: Any) -> None:
        """Two customers know each other."""
        one, two = data.draw(st.permutations(self.live()))[:2]
        try:
            with transaction.atomic():
                made = relate(actor=ACTOR, subject_id=one, object_id=two, kind="knows")
        except Conflict:
            return
        self.relations[made.pk] = (one, two)

    @rule(data=st.data(), city=st.sampled_from(CITIES), label=st.sampled_from(("", "家", "公司")))
    def edit(self, data: Any, city: str, label: str) -> None:
        """A field is changed, or a telephone number."""
        customer = data.draw(st.sampled_from(self.live()))
        point = ContactPoint.objects.filter(customer=customer).order_by("pk").first()
        if label and point is not None:
            update_contact_point(actor=ACTOR, contact_point_id=point.pk, values={"label": label, "is_primary": True})
        else:
            update_customer(actor=ACTOR, customer_id=customer, values={"city": city})
            self.cities[customer] = city

    @precondition(lambda self: len(self.live()) > 1)
    @rule(data=st.data(), takes=st.booleans(), most=st.integers(1, 3))
    def merge(self, data: Any, takes: bool, most: int) -> None:
        """One customer absorbs another, or several at once."""
        keep, *others = data.draw(st.permutations(self.live()))
        absorbed = others[:most]
        chosen = absorbed[0] if takes else None
        choices = {"city": chosen} if chosen else {}
        merges = merge_customers(actor=ACTOR, keep_id=keep, absorb_ids=absorbed, choices=choices)
        for made, number in zip(merges, absorbed, strict=True):
            self.parents[number] = (keep, made.pk)
            before = self.cities[keep]
            if number == chosen or (not before and not chosen):
                self.written[made.pk] = (keep, before, self.cities[number])
                self.cities[keep] = self.cities[number]

    @precondition(lambda self: self.parents)
    @rule(data=st.data())
    def part(self, data: Any) -> None:
        """Any merge that stands is taken back."""
        self._undo(data.draw(st.sampled_from(sorted(merge for _keep, merge in self.parents.values()))))

    def _undo(self, merge: int) -> None:
        """Take one merge back, in the book too."""
        undo_merge(actor=ACTOR, merge_id=merge)
        self.parents = {number: pair for number, pair in self.parents.items() if pair[1] != merge}
        if merge in self.written:
            keep, before, written = self.written.pop(merge)
            if self.cities[keep] == written:
                self.cities[keep] = before

    @invariant()
    def check(self) -> None:
        """Everything is in exactly one place, and nothing is out of sight."""
        self._check_customers()
        self._check_counted()
        self._check_alike("phone", ContactPoint, "normalised")
        self._check_alike("tag", CustomerTag, "tag_id")
        self._check_relations()
        self._check_others()

    def _check_others(self) -> None:
        """What the registry knows besides is at its home or with one that stands for it, and nothing is lost."""
        for key, reference in references.moving("customer").items():
            if key in BOOKED:
                continue
            there = dict(reference.every_row().values_list("pk", reference.column))
            booked = {number: home for (k, number), home in self.others.items() if k == key}
            assert there.keys() == booked.keys(), key
            for number, customer in there.items():
                assert customer in self.chain(booked[number]), key
                assert key in ALIKE or customer == self.root(booked[number]), key

    def _check_customers(self) -> None:
        """Who stands for whom, and what they hold."""
        for number, into, city in Customer.everything.values_list("pk", "merged_into_id", "city"):
            assert into == (self.root(number) if number in self.parents else None)
            assert city == self.cities[number]
        assert Merge.objects.filter(undone_at__isnull=True).count() == len(self.parents)

    def _check_counted(self) -> None:
        """With the survivor, every one of them."""
        for kind, (model, column) in COUNTED.items():
            there = dict(model._base_manager.values_list("pk", column))
            assert there == {n: self.root(home) for (k, n), home in self.homes.items() if k == kind}

    def _check_alike(self, kind: str, model: Any, value: str) -> None:
        """Each is at its home or with one that stands for it; of those alike the survivor shows one."""
        seen: dict[int, list[Any]] = {}
        wanted: dict[int, set[Any]] = {}
        for number, customer, word in model._base_manager.values_list("pk", "customer_id", value):
            home = self.homes[(kind, number)]
            assert customer in self.chain(home)
            wanted.setdefault(self.root(home), set()).add(word)
            if customer not in self.parents:
                seen.setdefault(customer, []).append(word)
        assert {number: sorted(words) for number, words in seen.items()} == {
            number: sorted(words) for number, words in wanted.items()
        }
        if kind == "phone":
            for number in seen:
                assert ContactPoint.objects.filter(customer=number, is_primary=True).count() == 1

    def _check_relations(self) -> None:
        """Each end is at its home or with one that stands for it; one relation is seen between two that had any."""
        rows = {row.pk: row for row in Relation.everything.all()}
        assert rows.keys() == self.relations.keys()
        wanted = set()
        for number, (one, two) in self.relations.items():
            assert rows[number].subject_id in self.chain(one)
            assert rows[number].object_id in self.chain(two)
            if self.root(one) != self.root(two):
                wanted.add(frozenset((self.root(one), self.root(two))))
        seen = [frozenset((row.subject_id, row.object_id)) for row in Relation.objects.all()]
        assert len(seen) == len(set(seen))
        assert set(seen) == wanted


def run(examples: int, steps: int) -> None:
    """Try sequences."""
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Merging,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=examples < 10,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


@pytest.mark.full
def test_some_sequences_of_merges_and_undos() -> None:
    run(examples=2, steps=12)


@pytest.mark.full
@pytest.mark.timeout(0 if "MERGE_EXAMPLES" in os.environ else 1200)
def test_many_sequences_of_merges_and_undos() -> None:
    """More of them, for as long as they take, with MERGE_EXAMPLES=2000."""
    run(examples=int(os.environ.get("MERGE_EXAMPLES", "10")), steps=25)
