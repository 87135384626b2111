"""One request that succeeds for each operation of the API, made by the keeper of `world.py`, with every place filled.

The description says which operations there are and where ids stand; a row of the matrix says what to send; what a row
leaves out (a place that may stay empty, a record in the state that the operation asks for) is added in `FULLER`.
Whoever adds an operation adds a row, and something here only where that row alone does not succeed.
"""

import copy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from django.utils import timezone

from guanxi.core import ids, money
from guanxi.core.actor import actor_of, system_actor
from guanxi.core.models import Change, Role, RolePermission
from guanxi.core.records import RecordRef
from guanxi.customers.models import Customer
from guanxi.customers.privacy.erasing import acting, requesting
from guanxi.customers.services.customers import create_customer, update_customer
from guanxi.customers.services.merging import merge_customers
from guanxi.customers.services.removing import remove_customer
from guanxi.importing.models import Import
from guanxi.importing.services import uploads
from guanxi.integration.services import create_token
from guanxi.integration.webhooks.models import WebhookEndpoint, WebhookMessage
from guanxi.integration.webhooks.spreading import new_message_id
from guanxi.routing.models import Queue, QueueMember
from guanxi.routing.public import enter
from guanxi.routing.services.work import take
from guanxi.service.complaints.services import handling, remedies
from guanxi.service.models import RemedyKind, RemedyLimit
from guanxi.service.public import open_case, set_state
from guanxi.workflow.models import Approval, ApprovalPolicy, ApprovalStep
from tests.matrix.belongings import OTHER_WORD, WORD, Record
from tests.matrix.rows import Operation, operations
from tests.matrix.world import World, build

DOCUMENT = Path(__file__).resolve().parent.parent / "openapi.json"
Told = Mapping[str, Any]

# What the keeper may do beside a seller's rights, so that one person gets through every operation and yet sees no
# customer, order, task or webhook of others.
MORE = {
    ("customer", "merge"): "own",
    ("customer", "erase"): "own",
    ("customer", "import"): "all",
    ("customer", "undo"): "all",
    ("operation", "undo"): "own",
    ("history", "view"): "own",
    ("privacy", "view"): "all",
    ("privacy", "manage"): "all",
    ("user", "view"): "all",
    ("user", "manage"): "all",
    ("value", "view"): "all",
    **{("rule", action): "all" for action in ("view", "create", "change", "delete")},
    **{("queue", action): "own" for action in ("create", "change", "delete")},
    ("service_setting", "view"): "all",
    ("service_setting", "change"): "all",
    ("approval", "view"): "own",
    ("presence", "view"): "all",
    ("presence", "change"): "all",
}
RULE = {
    "conditions": {"all": [{"fact": "task.priority", "is": "is", "value": 3}]},
    "actions": [{"action": "tell.role", "parameters": {"role": "manager"}}],
}
# Where a row of the matrix does not succeed, or leaves a place of an id empty: what is sent beside or instead.
FULLER: dict[str, dict[str, Any]] = {
    "approvals_decide": {"places": {"approval_id": "{to_decide}"}},
    "approvals_delegate": {"places": {"approval_id": "{to_decide}"}},
    "cases_list_cases": {"query": {"customer": "{customer}", "parent": "{case}"}},
    "cases_create": {
        "body": {"customer": "{customer}", "conversation": "{conversation}", "parent": "{case}", "custom": {}}
    },
    "cases_change": {
        "body": {
            "customer": "{customer}",
            "conversation": "{other_conversation}",
            "parent": "{to_close}",
            "custom": {},
        }
    },
    "clocks_list_clocks": {"query": {"case": "{case}"}},
    "complaints_list_complaints": {"query": {"customer": "{customer}"}},
    "complaints_close": {"places": {"complaint_id": "{to_close}"}},
    "complaints_reopen": {"places": {"complaint_id": "{closed}"}},
    "complaints_decide_objection": {"places": {"complaint_id": "{objected}"}},
    "conversations_list_conversations": {"query": {"customer": "{customer}"}},
    "conversations_change": {"body": {"customer": "{company}"}},
    "conversations_reply": {"body": {"channel": "{mailbox}"}},
    "customers_list_customers": {"query": {"owner": "{user_id}"}},
    "customers_create": {
        "body": {
            "contact_points": [{"kind": "phone", "value": "13900005555"}],
            "external_ids": [{"source": "till", "value": "77"}],
            "custom": {},
        }
    },
    "customers_look": {"body": {"custom": {}}},
    "customers_change": {"body": {"custom": {}}},
    "customers_merge": {"body": {"choices": {"city": "{twin}"}}},
    "customers_undo": {"body": {"operation": "{operation_id}"}},
    # A customer is asked for instead of a record.
    "history_read_history": {
        "query": {"kind": "customer", "record": "{customer}", "actor": "{user_id}"},
        "instead": {"customer": "{customer}"},
    },
    "history_read_operation": {"places": {"operation_id": "{operation_id}"}},
    "imports_check": {"places": {"import_id": "{import}"}},
    "imports_commit": {"places": {"import_id": "{checked}"}, "body": {}},
    "imports_undo": {"places": {"import_id": "{in_force}"}},
    "own_hours_list_hours": {"query": {"customer": "{customer}"}},
    "orders_list_orders": {"query": {"customer": "{customer}"}},
    "presence_choose_for": {"places": {"user_id": "{user_id}"}},
    "promises_list_promises": {"query": {"customer": "{customer}", "case": "{case}"}},
    "promises_make": {"body": {"case": "{case}", "remedy": "{remedy}"}},
    "queues_create": {"body": {"overflow": "{spare_queue}"}},
    "queues_change": {"body": {"overflow": "{spare_queue}"}},
    "queues_remove": {"places": {"queue_id": "{spare_queue}"}},
    "rules_change_rule": {"body": RULE},
    "requests_record": {"body": {"customer": "{customer}"}},
    "requests_change": {"body": {"customer": "{customer}"}},
    "retention_begin": {"places": {"run_id": "{run_id}"}},
    "retention_read_run": {"places": {"run_id": "{run_id}"}},
    "retention_stop": {"places": {"run_id": "{run_id}"}},
    "tasks_create": {"body": {"about": "{customer}"}},
    "tasks_change": {"body": {"about": "{customer}"}},
    "tasks_list_tasks": {"query": {"about": "{customer}"}},
    "users_read_rights": {"places": {"user_id": "{user_id}"}},
    "users_read_user": {"places": {"user_id": "{user_id}"}},
    "webhooks_replay": {"body": {"messages": ["{sent}"], "failed": False}},
    "work_items_list_items": {"query": {"queue": "{queue}"}},
    "work_items_put_back": {"places": {"item_id": "{in_hand}"}},
}
UPLOAD = {"target": "customers"}, ("people.csv", "external_id,name\n9,Anders\n")


@cache
def document() -> Told:
    """The description of the API."""
    told: Told = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    return told


@dataclass(frozen=True)
class Call:
    """A request: which operation, and what stands in which place."""

    name: str
    method: str
    path: str
    places: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    form: Mapping[str, str] | None = None
    file: tuple[str, str] | None = None

    @property
    def address(self) -> str:
        """Where it goes."""
        path = re.sub(r"{(\w+)}", lambda place: quote(self.places[place[1]], safe=""), self.path)
        return path + (f"?{urlencode(self.query)}" if self.query else "")

    @property
    def told(self) -> Told:
        """What the description says of the operation."""
        found: Told = document()["paths"][self.path][self.method.lower()]
        return found

    def put(self, place: str, steps: tuple[str | int, ...], value: Any) -> "Call":
        """The same with another value in one place: `path`, `query` or `body` and the way to it."""
        if place == "path":
            return replace(self, places={**self.places, str(steps[0]): value})
        if place == "query":
            return replace(self, query={**self.query, str(steps[0]): value})
        body = copy.deepcopy(self.body)
        into = body
        for step in steps[:-1]:
            into = into[step]
        if isinstance(into, list) and steps[-1] == len(into):
            into.append(value)
        else:
            into[steps[-1]] = value
        return replace(self, body=body)


def shape(path: str) -> str:
    """An address with its ids left out."""
    return re.sub(r"\{[^}]*\}", "{}", path.partition("?")[0]).rstrip("/")


def calls(world: World) -> Iterator[Call]:
    """A request that succeeds for every operation of the description; KeyError names one that has no row.

    Two where an operation is asked in one of two ways.
    """
    rows = {(row.method, shape(row.address)): row for row in reversed(operations())}
    for path, methods in document()["paths"].items():
        for method, told in methods.items():
            name = told["operationId"]
            call = _call(world, rows[method.upper(), shape(path)], path, method.upper(), name)
            yield call
            if "instead" in FULLER.get(name, {}):
                yield replace(call, query=_filled(world, FULLER[name]["instead"]))


def _call(world: World, row: Operation, path: str, method: str, name: str) -> Call:
    """The request of one operation."""
    fuller = FULLER.get(name, {})
    address, _mark, asked = row.address.partition("?")
    filled = re.fullmatch(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path), address)
    assert filled, (path, address)
    places = filled.groupdict() | fuller.get("places", {})
    body = row.body
    if "body" in fuller:
        body = {**(body or {}), **fuller["body"]}
    query = dict(parse_qsl(asked)) | fuller.get("query", {})
    call = Call(name, method, path, _filled(world, places), _filled(world, query), _filled(world, body))
    return replace(call, form=UPLOAD[0], file=UPLOAD[1]) if name == "imports_upload" else call


def _filled(world: World, value: Any) -> Any:
    """Records put in their places."""
    if isinstance(value, dict):
        return {name: _filled(world, item) for name, item in value.items()}
    if isinstance(value, list):
        return [_filled(world, item) for item in value]
    return world.fill(value) if isinstance(value, str) else value


def company() -> World:
    """The company of the matrix, the keeper with more rights, and records in the states that operations ask for."""
    world = build()
    role = Role.objects.get(key="seller")
    for (kind, action), scope in MORE.items():
        RolePermission.objects.update_or_create(role=role, kind=kind, action=action, defaults={"scope": scope})
    kind = world.records["remedy_kind"].pk
    RemedyLimit.objects.create(kind_id=kind, role=role, limit_minor=10_000, currency=money.reporting_currency())
    _token, key = create_token(actor=system_actor(), user=world.users["keeper"], scope="write", per_minute=0)
    own, others = _further(world, "keeper", WORD), _further(world, "outsider", OTHER_WORD)
    return replace(
        world,
        records={**world.records, **own},
        others={**world.others, **others},
        tokens={**world.tokens, "keeper": key},
    )


def _further(world: World, holder: str, word: str) -> dict[str, Record]:
    """What one of the two holds beside the records of the matrix."""
    user = world.users[holder]
    mine = world.records if holder == "keeper" else world.others
    actor = actor_of(user)
    customer = Customer.objects.get(pk=mine["customer"].pk)
    update_customer(actor=actor, customer_id=customer.pk, values={"city": f"{word} City"})
    return {
        "operation_id": _record("opr", _last_operation(customer.pk), holder),
        "deletion": _record("opr", _deletion(world, holder, word), holder),
        "view": _record("viw", mine["view"].pk, holder),
        "user_id": _record("usr", user.pk, ""),
        "run_id": _record("rtn", mine["retention_run"].pk, ""),
        "absorbed": _record("cus", _absorbed(world, holder, word), holder),
        "erased": _record("cus", _erased(world, holder, word), holder),
        "sent": _sent(mine["webhook"].pk, word),
        **_desk(world, holder),
        **_complaints(world, holder, word),
        **_imports(world, holder, word),
    }


def _record(prefix: str, number: int, holder: str) -> Record:
    """A record under its public id."""
    return Record(number, ids.public_id(prefix, number), holder)


def _last_operation(customer_id: int) -> int:
    """The number of what was last done to a customer."""
    return Change.objects.filter(customer_id=customer_id).order_by("-pk").values_list("operation_id", flat=True)[0]


def _entered(world: World, holder: str, name: str) -> Customer:
    """A customer of somebody."""
    made: Customer = create_customer(
        actor=system_actor(), values={"name": name, "kind": "person", "owner": world.users[holder].pk}
    )
    return made


def _deletion(world: World, holder: str, word: str) -> int:
    """The number of the operation by which somebody deleted a customer of theirs."""
    made = _entered(world, holder, f"{word} Gone")
    removed = remove_customer(actor=actor_of(world.users[holder]), customer_id=made.pk)
    assert removed.is_deleted
    assert removed.operation_id
    return removed.operation_id


def _absorbed(world: World, holder: str, word: str) -> int:
    """A customer that was absorbed."""
    keep, absorbed = (_entered(world, holder, f"{word} {name}") for name in ("Keep", "Absorbed"))
    merge_customers(actor=system_actor(), keep_id=keep.pk, absorb_ids=[absorbed.pk])
    return absorbed.pk


def _erased(world: World, holder: str, word: str) -> int:
    """A customer who was erased."""
    made = _entered(world, holder, f"{word} Erased")
    order = requesting.request_erasure(
        actor=system_actor(), customer_id=made.pk, typed=made.public_id, reason="letter", requested_by="person"
    )
    acting.carry_out(order.pk)
    return made.pk


def _sent(endpoint_id: int, word: str) -> Record:
    """A message of a webhook that was given up."""
    now = timezone.now()
    row = WebhookMessage.objects.create(
        endpoint=WebhookEndpoint.objects.get(pk=endpoint_id), message_id=new_message_id(), type="customer.changed",
        about="customer:1", data={}, happened_at=now, state="failed", ended_at=now, tries=3,
    )  # fmt: skip
    return Record(row.pk, row.message_id, "keeper" if word == WORD else "outsider")


def _desk(world: World, holder: str) -> dict[str, Record]:
    """A queue with nothing in it, work in hand, and a request that waits for the word of this one alone."""
    user, now = world.users[holder], timezone.now()
    mine = world.records if holder == "keeper" else world.others
    queue = Queue.objects.create(name=f"{holder} spare", code=f"{holder}-spare")
    QueueMember.objects.create(queue=queue, user=user)
    item = enter(
        actor=system_actor(), record=RecordRef("customer", mine["company"].pk), channel_kind="email",
        queue_id=mine["queue"].pk,
    )  # fmt: skip
    take(actor=actor_of(user), item_id=item.pk)
    approval = Approval.objects.create(
        sort="remedy", record_kind="customer", record_id=mine["company"].pk, amount_minor=100, currency="CNY",
        asked_by=world.users["mate" if holder == "keeper" else "manager"], reason="x", created_at=now,
    )  # fmt: skip
    policy = ApprovalPolicy.objects.get(pk=mine["approval_policy"].pk)
    ApprovalStep.objects.create(approval=approval, number=1, policy=policy, approver="user", user=user, state="waiting")
    return {
        "spare_queue": _record("que", queue.pk, holder),
        "in_hand": _record("wki", item.pk, holder),
        "to_decide": _record("apr", approval.pk, holder),
    }


def _complaints(world: World, holder: str, word: str) -> dict[str, Record]:
    """A complaint whose unit objects, one that lacks nothing, one that is closed."""
    user, system, found = world.users[holder], system_actor(), {}
    for name in ("objected", "to_close", "closed"):
        values = {"subject": f"{word} {name}", "description": word, "case_type": "complaint", "owner": user.pk}
        case = open_case(actor=system, values=values | {"department": user.department_id})
        mine = world.records if holder == "keeper" else world.others
        handling.settle_unit(actor=system, case_id=case.pk, unit_id=mine["unit"].pk)
        if name == "objected":
            handling.object_to(actor=system, case_id=case.pk, reasons=f"{word} says no")
        else:
            cause = mine["cause"].pk
            handling.sum_up(actor=system, case_id=case.pk, cause_id=cause, whys=[word], prevention=word)
            sorry = remedies.plan_remedy(
                actor=system, case_id=case.pk, kind_id=RemedyKind.objects.get(key="apology").pk
            )
            remedies.finish_remedy(actor=system, remedy_id=sorry.pk)
            handling.ask_customer(actor=system, case_id=case.pk, outcome="confirmed", channel="phone", text=word)
        if name == "closed":
            set_state(actor=system, case_id=case.pk, state="closed")
        found[name] = _record("cas", case.pk, holder)
    return found


def _imports(world: World, holder: str, word: str) -> dict[str, Record]:
    """Files that came in: checked, in force; the outsider's are of orders, which the keeper does not import."""
    target = "customers" if holder == "keeper" else "orders"
    found = {}
    for state in ("draft", "checked", "in_force"):
        content = f"external_id,name\n{state},{word}\n".encode()
        run = uploads.receive_upload(
            actor=system_actor(), target_key=target, file=BytesIO(content), file_name=f"{word}.csv"
        )
        Import.objects.filter(pk=run.pk).update(
            state=state, rows_read=1, rows_stored=1, by=world.users[holder].pk, by_name=holder
        )
        found["import" if state == "draft" else state] = _record("imp", run.pk, holder)
    return found
