"""Runs beside a server: makes its company, then says what it has on record about a conversation, one line of JSON each."""

import json
import sys
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import django

django.setup()

from django.utils import timezone, translation  # noqa: E402 - Django first

from guanxi.conversations.models import Conversation, Message  # noqa: E402
from guanxi.conversations.services.channels import create_channel, secrets_of  # noqa: E402
from guanxi.core import clock, ids, money  # noqa: E402
from guanxi.core.actor import system_actor  # noqa: E402
from guanxi.core.models import Change, Department, Role, User  # noqa: E402
from guanxi.core.models.calendars import CalendarDay, WorkingCalendar, WorkingWindow  # noqa: E402
from guanxi.service.models import Case, CaseClock, RemedyKind, RemedyLimit  # noqa: E402
from guanxi.ui.templatetags.guanxi_ui import exactly  # noqa: E402
from guanxi.workflow.models import DepartmentHead  # noqa: E402
from guanxi.workflow.services.approval_settings import create_policy  # noqa: E402

ZONE = "Asia/Shanghai"
# A morning and an afternoon on five days; tomorrow nobody works, and the Saturday after is worked like a Monday.
WINDOWS = ((8 * 60 + 30, 12 * 60), (13 * 60, 17 * 60 + 30))


def make(given: dict[str, Any]) -> dict[str, Any]:
    """Departments, people, hours, limits, channels."""
    root = Department.objects.order_by("pk").first() or _department("Tea House 茶馆", None)
    desk, fitters = _department("Front desk 前台", root), _department("Fitters 安装部", root)
    users = {}
    for name, role, department in (("lena", "agent", desk), ("paul", "agent", fitters), ("mira", "manager", root)):
        user = User.objects.create_user(
            name, password=given["password"], role=Role.objects.get(key=role), name=given["names"][name]
        )
        user.department = department
        user.save()
        users[name] = user.pk
    DepartmentHead.objects.create(department=fitters, user_id=users["paul"])
    calendar = WorkingCalendar.objects.create(name="House 店内", zone=ZONE, is_default=True)
    for weekday in range(5):
        for start, end in WINDOWS:
            WorkingWindow.objects.create(calendar=calendar, weekday=weekday, start_minute=start, end_minute=end)
    today = clock.now().astimezone(ZoneInfo(ZONE)).date()
    CalendarDay.objects.create(calendar=calendar, on=today + timedelta(days=1))
    saturday = today + timedelta(days=(5 - today.weekday()) % 7 or 7)
    if saturday != today + timedelta(days=1):
        CalendarDay.objects.create(calendar=calendar, on=saturday, works_as=0)
    currency = money.reporting_currency()
    refund = RemedyKind.objects.get(key="refund")
    for role, limit in (("agent", 100_00), ("manager", 1000_00)):
        RemedyLimit.objects.create(kind=refund, role=Role.objects.get(key=role), limit_minor=limit, currency=currency)
    manager = Role.objects.get(key="manager")
    policy = {"sort": "remedy", "currency": currency, "approver": "role", "role": manager.pk, "from_minor": 100_01}
    create_policy(actor=system_actor(), values=policy)
    hand = system_actor()
    create_channel(actor=hand, name="Support 客服", **given["mailbox"])
    origins = {"origins": [given["origin"]]}
    chat = create_channel(
        actor=hand, kind="chat", name="Chat 网聊", secrets={"identity_key": given["key"]},
        settings={**origins, "asking": "always", "title_en": "Tea house", "title_zh": "茶馆"},
    )  # fmt: skip
    form = create_channel(actor=hand, kind="form", name="Contact 联系我们", settings=origins)
    assert secrets_of(chat)["identity_key"] == given["key"]
    return {"chat": chat.public_id, "form": form.public_id, "today": today.isoformat()}


def _department(name: str, parent: Department | None) -> Department:
    """One node of the company."""
    made = Department.objects.create(name=name, parent=parent)
    made.path = f"{parent.path if parent is not None else '/'}{made.pk}/"
    made.save()
    return made


def tell(given: dict[str, Any]) -> dict[str, Any]:
    """What is on record about a conversation: entries, cases with the moments of their states, clocks."""
    row = Conversation.objects.get(pk=ids.parse("cnv", given["conversation"]))
    cases = list(Case.everything.filter(conversation=row).order_by("pk"))
    standing = [case for case in cases if case.parent_id is None][-1]
    moments = Change.objects.filter(kind="case", record_id=standing.pk, field="state").order_by("pk")
    clocks = CaseClock.objects.filter(case=standing).order_by("started_at", "pk")
    with (
        translation.override(given["language"]),
        timezone.override(given.get("zone") or timezone.get_default_timezone()),
    ):
        told = [
            {
                "sort": one.sort, "number": one.number, "state": one.state, "used": one.consumed_seconds,
                "amount": one.amount, "unit": one.unit, "started": _iso(one.started_at), "ended": _iso(one.ended_at),
                "due": _iso(one.due_at), "due_words": str(exactly(one.due_at)) if one.due_at else "",
            }
            for one in clocks
        ]  # fmt: skip
    entries = Message.objects.filter(conversation=row, kind="message").order_by("at", "id")
    return {
        "customers": sorted(set(entries.values_list("customer", flat=True)), key=str),
        "channels": [one.channel_kind for one in entries],
        "said": [
            [_iso(one.at), str(one.direction), one.needs_answer and not one.details.get("automatic")]
            for one in entries if one.direction == "in" or not one.details.get("automatic")
        ],
        "case": {
            "id": standing.public_id, "type": standing.case_type, "state": standing.state,
            "opened": _iso(standing.opened_at), "solved": _iso(standing.solved_at),
            "states": [[_iso(one.operation.at), one.after] for one in moments.select_related("operation")],
        },
        "clocks": told,
        "open_conversations": Conversation.objects.filter(
            customer=row.customer_id, merged_into__isnull=True, state="open"
        ).count(),
    }  # fmt: skip


def _iso(moment: Any) -> str | None:
    """A moment as text."""
    return moment.isoformat() if moment is not None else None


ACTS = {"make": make, "tell": tell}
print("ready", flush=True)
for line in sys.stdin:
    act, given = json.loads(line)
    print(json.dumps(ACTS[act](given), ensure_ascii=False), flush=True)
