"""Every screen and every call of the API that changes a setting leaves its line in the history: who, from where, by what means.

A screen under /settings without a body that changes something, or a reason why there is nothing to change, fails.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
import pytest
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import Client
from django.utils.html import escape

from guanxi.conversations.models import Macro
from guanxi.core import calendars, records
from guanxi.core.actor import system_actor
from guanxi.core.models import Change, Operation, RoleField, RolePermission, User
from guanxi.people.models import Identity, IdentityProvider
from guanxi.routing.models import WorkItem
from guanxi.ui import history
from tests.matrix.rows import Operation as Call
from tests.matrix.rows import Page, operations, pages
from tests.matrix.test_operations import filled
from tests.matrix.trying import watched
from tests.matrix.world import World, build

pytestmark = [pytest.mark.full, pytest.mark.django_db]
PASSWORD = "Zinnober-und-Quarz-7"
PROVIDER = {"label": "Works", "slug": "works", "issuer": "https://id.example.com", "client_id": "x", "scopes": "openid",
            "secret": "s3cret", "is_active": "on"}  # fmt: skip
HOURS = {"name": "Office", "zone": "Asia/Shanghai", "day_0": "09:00-18:00"}
# What really changes something, where the matrix sends what only proves who gets in.
BODIES: dict[str, dict[str, Any]] = {
    "/settings/profile/password": {"current": PASSWORD, "password": PASSWORD + "x", "again": PASSWORD + "x"},
    "/settings/backups": {
        "is_on": "on", "at": "03:45", "folder": "", "keep_daily": "5", "keep_weekly": "4", "keep_monthly": "6",
        "public_key": "", "is_rehearsed": "on",
    },
    "/settings/departments/{department:pk}/close": {"into": "{elsewhere}"},
    "/settings/absences/new": {
        "user": "{user:pk}", "deputy": "{nothing}", "from_at": "2031-01-01T08:00", "to_at": "2031-01-05T18:00",
        "reason": "leave",
    },
    "/settings/calendars/new": HOURS,
    "/settings/calendars/{calendar:pk}": HOURS | {"day_1": "10:00-12:00"},
    "/settings/calendars/{calendar:pk}/days": {"first": "2030-01-01", "last": "2030-01-02", "works_as": "", "title": "New year"},
    "/settings/calendars/{calendar:pk}/days/clear": {"on": "2029-01-01"},
    "/settings/sign-in-rules": {"roles": "{role:pk}", "only_providers": "on"},
    "/settings/sign-in-rules/providers/new": PROVIDER,
    "/settings/sign-in-rules/providers/1": PROVIDER | {"label": "Other works", "slug": "other"},
    "/settings/sign-in-rules/providers/1/remove": {},
    "/settings/webhooks/{webhook}/active": {"active": "no"},
    "/settings/users/{user:pk}/active": {},
    "/settings/teams/{team:pk}": {"name": "Another team", "members": "{user:pk}"},
}  # fmt: skip
OWN_TESTS = (
    "it needs a device, a session or a failure of somebody's; the tests of people walk it and its line in the history"
)
# Screens that take a POST and set nothing.
SETS_NOTHING = {
    "/settings/backups/now": "it makes a copy; the page of backups lists it",
    "/settings/health/look": "it looks again",
    "/settings/roles/{role:pk}/see-as": "a look, which the history has as one: test_seeing_as",
    "/settings/users/{user:pk}/see-as": "a look, which the history has as one: test_seeing_as",
    "/settings/see-as/stop": "the end of a look",
    "/settings/channels/mailbox/{mailbox}/test": "it tries whether the mailbox answers",
    "/settings/macros/preview": "it shows what a macro would write",
    "/settings/fields/indexes": "it tries again what a setting asked for",
    "/settings/webhooks/{webhook}/replay": "it sends again",
    "/settings/security/sessions/end": OWN_TESTS,
    "/settings/security/sessions/end-others": OWN_TESTS,
    "/settings/users/{user:pk}/sessions/end": OWN_TESTS,
    "/settings/users/{user:pk}/sessions/end-all": OWN_TESTS,
    "/settings/users/{user:pk}/unlock": OWN_TESTS,
    "/settings/users/{user:pk}/second-factors/reset": OWN_TESTS,
    "/settings/security/app": OWN_TESTS,
    "/settings/security/app/1/remove": OWN_TESTS,
    "/settings/security/passkeys/new": OWN_TESTS,
    "/settings/security/passkeys/1/remove": OWN_TESTS,
    "/settings/security/passkeys/1/name": OWN_TESTS,
    "/settings/security/recovery-codes": OWN_TESTS,
}
# Kinds that are settings, and calls that change them.
SETTINGS = re.compile(
    r"^/api/v1/(webhooks|tokens|users|roles|fields|calendars|departments|teams|settings|consents|tiers)\b"
)
# Tables that follow from what is written elsewhere, or are the machine's own; retention rules stand as parameters.
FOLLOWS = re.compile(
    r"^(core_(operation|change|outboxevent|eventdelivery|job|livemessage|schedule|backuprun|customfieldindex|checkresult|session)"
    r"|search_.*|service_rulesstamp|tasks_notification|conversations_(channelhealth|mailfolder)|integration_(webhookmessage|webhookattempt|keptanswer)|ui_bulkrun|django_.*)$"
)
# What ends with something and has no line of its own there: limits of a role; what the engine keeps of a rule that never
# did anything, and of whose turn it is; of which policy a step came.
ENDS_WITH = {
    "/settings/roles/{role:pk}/remove": {"approvallimit", "remedylimit"},
    "/settings/rules/{rule}/remove": {"firing", "ruleclock"},
    "/settings/queues/{queue}/remove": {"turn"},
    "/settings/approvals/{approval_policy:pk}/remove": {"approvalstep"},
}
# Under which kind the history has what stands in a table, where it is not that of its model.
TOLD_AS = {"core_parameter": "parameter", "customers_retentionrule": "parameter", "tasks_calendarfeed": "user"}


@dataclass
class Tried:
    """What a request wrote, and what the history has of it."""

    status: int
    tables: set[str]
    acts: list[Operation]
    kinds: set[str]
    told: str


def tried(owner: User, send: Callable[[Client], Any]) -> Tried:
    """Send as the owner, look at the history as they read it, take everything back."""
    block = transaction.atomic()
    block._from_testcase = True  # as the test's own: durable blocks of the product may be inside  # type: ignore[attr-defined]
    with block:
        client = Client()
        client.force_login(owner)
        last = Operation.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        with watched() as written:
            answer = send(client)
        acts = list(Operation.objects.filter(pk__gt=last).order_by("pk"))
        kinds = set(Change.objects.filter(operation__in=acts).values_list("kind", flat=True))
        told = client.get("/history/").content.decode()
        transaction.set_rollback(True)
    return Tried(answer.status_code, set(written), acts, kinds, told)


def wrong(found: Tried, owner: User, means: str, address: str = "") -> str:
    """What is missing of a line in the history, '' for nothing."""
    if found.status >= 400:
        return f"was refused with {found.status}"
    if not found.acts:
        return "nothing stands in the history"
    tables = {model._meta.db_table: records.kind_of(model) for model in apps.get_models()}
    meant = {table for table in found.tables if not FOLLOWS.match(table)}
    named = {TOLD_AS.get(table) or tables.get(table, table) for table in meant} - ENDS_WITH.get(address, set())
    if unsaid := named - found.kinds:
        return f"the history has nothing of {sorted(unsaid)}, only {sorted(found.kinds)}"
    if not found.kinds:
        return "the history does not say what was changed"
    mine = [act for act in found.acts if (act.actor_id, act.means) == (owner.pk, means) and act.address]
    if not mine:
        return f"by {[(act.actor_name, act.means, act.address) for act in found.acts]}"
    for act in mine:
        label = history.operation_label(act.name)
        if str(escape(label)) not in found.told:
            return f"“{label}” is not on the page of the history"
    return ""


@pytest.fixture
def world() -> World:
    """The company, with a provider that is number 1 in its addresses and an owner who knows their password."""
    made = build()
    owner = made.users["owner"]
    owner.set_password(PASSWORD)
    owner.save()
    IdentityProvider.objects.filter(pk=1).delete()
    calendar = made.records["calendar"].pk
    calendars.set_day(actor=system_actor(), calendar_id=calendar, on=date(2029, 1, 1), works_as=None, title="x")
    provider = IdentityProvider.objects.create(
        pk=1, slug="first", label="First", settings={"issuer": "https://a.example"}
    )
    with connection.cursor() as cursor:  # the next one must not be number 1 again
        for statement in connection.ops.sequence_reset_sql(no_style(), [IdentityProvider]):
            cursor.execute(statement)
    Identity.objects.create(provider=provider, subject="k", user=made.users["keeper"], made_at=owner.date_joined)
    # A team with macros and a queue with work stay.
    Macro.objects.filter(team=made.records["team"].pk).update(team=made.others["team"].pk)
    WorkItem.objects.filter(queue=made.records["queue"].pk).delete()
    spare = made.records["role"].pk
    RolePermission.objects.create(role_id=spare, kind="order", action="view", scope="own")
    RoleField.objects.create(role_id=spare, kind="customer", field="tax_id", visibility="masked")
    return made


def body_of(world: World, page: Page) -> dict[str, str]:
    """What is sent."""
    body = BODIES.get(page.address, page.body)
    people = {name: user.pk for name, user in world.users.items()}
    more = {"{nothing}": people["nothing"], "{elsewhere}": world.others["department"].pk}
    filled_in = {}
    for name, value in body.items():
        text = str(value)
        for sign, number in more.items():
            text = text.replace(sign, str(number))
        filled_in[name] = world.fill(text)
    return filled_in


def test_every_screen_of_the_settings_leaves_its_line(world: World) -> None:
    owner = world.users["owner"]
    chosen = [page for page in pages() if page.address.startswith("/settings/") and page.post is not None]
    assert len(chosen) > 60
    problems, proven = [], 0
    for page in chosen:
        if page.address in SETS_NOTHING:
            continue
        address = world.fill(page.address)
        body = body_of(world, page)
        found = tried(owner, lambda client, address=address, body=body: client.post(address, body))
        if problem := wrong(found, owner, "web", page.address):
            problems.append(f"{page.address}: {problem}")
        proven += 1
    assert not problems, "\n".join(problems)
    assert proven > 40
    known = {page.address for page in chosen}
    assert set(SETS_NOTHING) | set(BODIES) <= known, sorted((set(SETS_NOTHING) | set(BODIES)) - known)


def test_every_call_that_changes_a_setting_leaves_its_line(world: World) -> None:
    owner = world.users["owner"]
    problems, count = [], 0
    for row in operations():
        if row.method in {"GET", "HEAD"} or not SETTINGS.match(row.address) or row.address.endswith("/replay"):
            continue
        count += 1
        found = tried(owner, lambda _client, row=row: sent(world, row))
        if problem := wrong(found, owner, "api"):
            problems.append(f"{row.method} {row.address}: {problem}")
    assert not problems, "\n".join(problems)
    assert count >= 5


def sent(world: World, row: Call) -> Any:
    """Call an operation with the owner's key."""
    body = b"" if row.body is None else orjson.dumps(filled(world, row.body))
    headers = dict(row.headers) | {"Authorization": f"Bearer {world.tokens['owner']}"}
    return Client().generic(row.method, world.fill(row.address), body, "application/json", headers=headers)
