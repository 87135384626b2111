"""What the company in the matrix keeps: a record of every kind for each holder, and the words that stand in them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from django.utils import timezone

from guanxi.catalog.models import Product
from guanxi.commerce.models import Order, OrderLine
from guanxi.core import calendars
from guanxi.core.actor import actor_of, system_actor
from guanxi.core.models import Change, CustomField, Deputy, Role, Team, User
from guanxi.core.records import RecordRef
from guanxi.customers.models import (
    ContactPoint,
    Customer,
    DuplicateDecision,
    DuplicatePair,
    DuplicateScan,
    Erasure,
    ExternalId,
    Hold,
    Purpose,
    RetentionRule,
    RetentionRun,
)
from guanxi.customers.privacy.consents import record_consent
from guanxi.customers.privacy.packing import making
from guanxi.customers.privacy.register.keeping import record_request, settle_request
from guanxi.customers.services import core_cards, profiles, relations, visits
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.merging import merge_customers
from guanxi.files.services import store
from guanxi.importing.engine.folders import folder_of
from guanxi.importing.engine.refusals import RefusalFile
from guanxi.importing.mapping import MappingDefinition
from guanxi.importing.services import mappings, uploads
from guanxi.integration.services import create_token
from guanxi.integration.webhooks.services import create_endpoint
from guanxi.routing.models import PresenceReason, Queue, QueueMember
from guanxi.routing.public import enter
from guanxi.tasks.services.tasks import create_task
from guanxi.ui.models import BulkRun, SavedView
from guanxi.workflow.models import Approval, ApprovalLimit, ApprovalPolicy, ApprovalStep
from guanxi.workflow.services import rules
from tests.matrix import front_desk

SECRETS = (
    r"139\D{0,2}0000\D{0,2}1111",
    r"zinnober@keramik",
    r"11010519491231002X",
    r"Pollenallergie",
    r"Brennofengasse 12",
)
# Words that stand in the keeper's records and in the outsider's, and nowhere else.
WORD, OTHER_WORD = "Zinnober", "Quarzit"


@dataclass(frozen=True)
class Record:
    """One record of the world: `{name}` writes what stands in addresses, `{name:pk}` its number."""

    pk: int
    public: str
    holder: str

    def __format__(self, spec: str) -> str:
        """The public id, or the number where there is none or it is asked for."""
        return str(self.pk) if spec == "pk" or not self.public else self.public


def records_of(users: Mapping[str, User], holder: str, word: str, phone: str, number: str) -> dict[str, Record]:
    """A record of every kind, with a holder."""
    system, user = system_actor(), users[holder]
    company = create_customer(
        actor=system, values={"name": f"{word} GmbH", "kind": "organisation", "owner": user.pk, "note": f"{word} note"}
    )
    customer = create_customer(
        actor=system,
        values={"name": f"{word} Anna", "kind": "person", "owner": user.pk, "tax_id": number},
        contact_points=[
            {"kind": "phone", "value": phone},
            {"kind": "email", "value": f"{word}@keramik.example".lower()},
            {"kind": "address", "value": f"{word} Brennofengasse 12"},
        ],
        external_ids=[("shop", f"{word}-1")],
        tags=[f"{word}-tag"],
    )
    profiles.update_profile(actor=system, customer_id=customer.pk, values={"health": f"{word} Pollenallergie"})
    note = visits.add_note(actor=system, customer_id=customer.pk, text=f"{word} remark")
    visit = visits.record_visit(
        actor=system, customer_id=customer.pk, values={"purpose": f"{word} visit", "visitor_id": user.pk}
    )
    relation = relations.relate(actor=system, subject_id=customer.pk, object_id=company.pk, kind="works_for")
    core_cards.save_core_card(
        actor=system, customer_id=customer.pk, values={"keeper": user.pk, "needs": f"{word} needs"}
    )
    twin, other = (
        create_customer(actor=system, values={"name": f"{word} {name}", "owner": user.pk}) for name in ("Ann", "Anne")
    )
    found = {
        "twin": twin,
        "merge": merge_customers(actor=system, keep_id=twin.pk, absorb_ids=[other.pk])[0],
        "customer": customer,
        "company": company,
        "contact": ContactPoint.objects.get(customer=customer, kind="phone"),
        "external_id": ExternalId.objects.get(customer=customer),
        "note": note,
        "visit": visit,
        "relation": relation,
        "task": create_task(
            actor=system,
            values={"title": f"{word} call", "assignee": user, "about": RecordRef("customer", customer.pk)},
        ),
        "consent": record_consent(
            actor=system,
            customer_id=customer.pk,
            purpose="marketing",
            state="given",
            evidence=f"{word} form",
        )[0],
        "hold": Hold.objects.create(customer=company, reason="x", set_at=timezone.now(), set_by_name="x"),
        "pack": making.make_now(actor=system, customer_id=customer.pk),
        "purpose": Purpose.objects.get(key="survey"),
        "erasure": Erasure.objects.create(
            customer_id=0,
            customer_created_at=timezone.now(),
            reason="x",
            by_name="x",
            means="web",
            asked_at=timezone.now(),
        ),
        "retention_run": _retention(holder),
        **_requests(customer, word),
        **_alike(customer, company, word),
        **_trade(customer, word),
        **_kept(users, holder, word),
        **_workflow(customer, user, word),
        **_work(user, customer, holder),
        **front_desk.records_of(user, customer, word),
    }
    whose = {
        "scan": "",
        "product": "",
        "calendar": "",
        "field": "",
        "purpose": "",
        "erasure": "",
        "retention_run": "",
        "request": "",
        "settled": "",
        "rule": "",
        "approval_policy": "",
        "approval_limit": "",
        "reason": "",
        **dict.fromkeys(front_desk.SETTINGS, ""),
    }
    return {
        name: Record(row.pk, getattr(row, "public_id", ""), whose.get(name, holder)) for name, row in found.items()
    } | {"operation": Record(_operation_of(customer), "", ""), "kept_kind": Record(0, "notes", "")}


def _workflow(customer: Customer, user: User, word: str) -> dict[str, Any]:
    """A rule of the company's that is off, who approves remedies, and a request of the user's for the word of the owner's role."""
    system, now, role = system_actor(), timezone.now(), Role.objects.get(key="owner")
    told = {"action": "tell.user", "parameters": {"user": user.pk}}
    values = {"name": f"{user.username} rule", "trigger": "task.created", "actions": [told]}
    approval = Approval.objects.create(
        sort="remedy", record_kind="customer", record_id=customer.pk, amount_minor=100, currency="CNY",
        asked_by=user, reason=f"{word} remedy", created_at=now,
    )  # fmt: skip
    policy = ApprovalPolicy.objects.create(sort="test", approver="role", role=role, created_at=now)
    ApprovalStep.objects.create(approval=approval, number=1, policy=policy, approver="role", role=role, state="waiting")
    return {
        "rule": rules.create_rule(actor=system, values=values),
        "approval": approval,
        "approval_policy": policy,
        "approval_limit": ApprovalLimit.objects.create(role=role, sort=word, currency="CNY", most_minor=10**9),
    }


def _requests(customer: Customer, word: str) -> dict[str, Any]:
    """What the customer asked about their data: one that waits, one that was settled."""
    values = {"kind": "access", "channel": "letter", "law": "EU", "identity_check": "document", "asked_by": word}
    waits, settled = (
        record_request(actor=system_actor(), values=values, customer_id=customer.pk) for _number in range(2)
    )
    settle_request(actor=system_actor(), request_id=settled.pk, state="done", answer=f"{word} answer")
    return {"request": waits, "settled": settled}


def _alike(customer: Customer, company: Customer, word: str) -> dict[str, Any]:
    """A pair that may be one customer, another that was decided to be two, and a search that waits."""
    now = timezone.now()
    twin = create_customer(
        actor=system_actor(), values={"name": f"{word} Twin", "kind": "person", "owner": customer.owner_id}
    )
    first, second = sorted((customer.pk, company.pk))
    return {
        "pair": DuplicatePair.objects.create(first_id=first, second_id=second, score=0.9, bits=5.0, found_at=now),
        "decision": DuplicateDecision.objects.create(customer=customer, other=twin, by_name=word, at=now),
        "scan": DuplicateScan.objects.create(asked_at=now),
    }


def _work(user: User, customer: Customer, holder: str) -> dict[str, Any]:
    """A queue of which the holder is a member, and something that waits in it."""
    queue = Queue.objects.create(name=f"{holder} desk", code=f"{holder}-desk")
    QueueMember.objects.create(queue=queue, user=user)
    record = RecordRef("customer", customer.pk)
    return {
        "queue": queue,
        "work_item": enter(actor=system_actor(), record=record, channel_kind="email", queue_id=queue.pk),
        "reason": PresenceReason.objects.create(state="break", name_en=f"{holder} tea", name_zh="茶"),
    }


def _operation_of(customer: Customer) -> int:
    """The number of the operation that entered a customer."""
    return (
        Change.objects.filter(kind="customer", record_id=customer.pk)
        .order_by("id")
        .values_list("operation_id", flat=True)[0]
    )


def _trade(customer: Customer, word: str) -> dict[str, Any]:
    """An order of a product."""
    at = datetime(2024, 5, 1, 10, tzinfo=UTC)
    product = Product.objects.create(source="shop", code=f"P-{customer.pk}", name="Vase")
    order = Order.objects.create(
        source="shop", number=f"{word}-1001", customer=customer, customer_ref="1", ordered_at=at, ordered_on=at.date(),
        currency="CNY", amount_minor=1000, line_count=1,
    )  # fmt: skip
    OrderLine.objects.create(
        order=order, product=product, description=f"{word} vase", quantity=1, amount_minor=1000, line_key=1
    )
    return {"order": order, "product": product}


def _retention(holder: str) -> RetentionRun:
    """A preview of a kind with a period, of another kind for each holder: the newest of a kind is the one that counts."""
    kind = {"keeper": "notes", "outsider": "visits"}.get(holder, "data_requests")
    RetentionRule.objects.get_or_create(kind=kind, defaults={"days": 800})
    now = timezone.now()
    return RetentionRun.objects.create(
        kind=kind,
        days=800,
        before=now - timedelta(days=800),
        state="previewed",
        expected_count=1,
        previewed_at=now,
        by_name="x",
        asked_at=now,
    )


def _kept(users: Mapping[str, User], holder: str, word: str) -> dict[str, Any]:
    """What people keep: imports, mappings, views, files, tokens, absences."""
    user, system = users[holder], system_actor()
    run = uploads.receive_upload(
        actor=system, target_key="customers", file=BytesIO(f"external_id,name\n1,{word}\n".encode()), file_name="c.csv"
    )
    folder_of(run.pk).refused.parent.mkdir(parents=True, exist_ok=True)
    with RefusalFile(folder_of(run.pk).refused, ["external_id", "name"]) as refused:
        refused.add(2, "name", "no name", ["2", ""])
    mapping = mappings.save_mapping(
        actor=actor_of(user),
        definition=MappingDefinition(target="customers", columns={"name": "name"}, name=f"{word}-mapping"),
        is_shared=False,
    )
    now = timezone.now()
    absent = {
        "user": user,
        "deputy": users["nothing"],
        "from_at": now + timedelta(days=9),
        "to_at": now + timedelta(days=10),
    }
    token, _key = create_token(actor=system, user=user, scope="read", label=word)
    return {
        "import": run,
        "mapping": mapping,
        "view": SavedView.objects.create(list_key="customers", name=f"{word}-view", state="sort=name", owner=user),
        "webhook": create_endpoint(actor=replace(system, user_id=user.pk), label=word, url="https://example.com/hook")[
            0
        ],
        "file": store(actor=actor_of(user), name=f"{word}.txt", source=BytesIO(word.encode())),
        "token": token,
        "bulk_run": BulkRun.objects.create(
            list_key="customers", action="assign", user=user, rows_total=1, asked_at=now, state="done"
        ),
        "calendar": calendars.save_calendar(
            actor=system, name=f"{holder} hours", zone="Asia/Shanghai", weekly={0: [(540, 1080)]}, is_default=False
        ),
        "field": CustomField.objects.create(
            kind="customer", key=f"shoe_{holder}", label_en="Shoe", label_zh="鞋", type="text"
        ),
        "user": user,
        "role": Role.objects.create(key=f"spare-{holder}", name_en="Spare", name_zh="备用"),
        "department": user.department,
        "team": Team.objects.get(members=user),
        "deputy": Deputy.objects.create(**absent),
    }
