"""How the demo company's desk is arranged: hours, queues, channels, service levels, categories, who approves what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from guanxi.conversations.adapters.email.services.taking_in import Mailbox
from guanxi.conversations.choices import Audience
from guanxi.conversations.models import Channel
from guanxi.conversations.services.channels import create_channel
from guanxi.conversations.services.macros import create_macro
from guanxi.core import calendars, clock, money
from guanxi.core.actor import Actor, actor_of
from guanxi.core.models import Department, Role, User
from guanxi.demo import users
from guanxi.demo.desk import arrangement
from guanxi.demo.desk.acts import Channels
from guanxi.routing.membership import Membership
from guanxi.routing.models import Queue
from guanxi.routing.services.capacity import set_capacity
from guanxi.routing.services.queues import save_queue, set_members
from guanxi.service.clocks.services.promising import save_policy
from guanxi.service.complaints.services.settings import save_limit, save_step_rule, save_unit
from guanxi.service.models import CaseCategory, MomentCriterion, RemedyKind, ResponsibleUnit
from guanxi.service.services.moments import save_criterion
from guanxi.service.services.settings import save_category, save_checklist
from guanxi.workflow.services.approval_settings import create_policy, set_head
from guanxi.workflow.services.rules import create_rule


@dataclass(frozen=True)
class Company:
    """What the stories need to know of how the desk is arranged."""

    people: Mapping[str, User]
    queues: Mapping[str, Queue]
    channels: Channels
    categories: Mapping[str, CaseCategory]
    firms: Mapping[str, ResponsibleUnit]
    calendar: calendars.Calendar

    def actor(self, name: str) -> Actor:
        """A colleague at the desk."""
        return actor_of(self.people[name])

    def unit(self, name: str) -> dict[str, int]:
        """A unit that can be responsible, as services take it: a firm outside, or a department."""
        if name in self.firms:
            return {"unit_id": self.firms[name].pk}
        return {"department_id": Department.objects.values_list("pk", flat=True).get(name=name)}


def arrange(actor: Actor) -> Company:
    """Arrange the desk as a company does in its settings."""
    people = users.known_users()
    calendar = _keep_hours(actor)
    queues = _line_up(actor, people)
    channels = _open_channels(actor, queues)
    categories = _sort_cases(actor)
    _promise(actor)
    firms = _settle_who_answers(actor, people)
    for values in arrangement.MACROS:
        create_macro(actor=actor, values={"audience": Audience.ALL, **values, "actions": _actions(values, categories)})
    for rule in arrangement.RULES:
        create_rule(actor=actor, values=_rule(rule, people, queues), is_active=rule["is_active"])
    return Company(people, queues, channels, categories, firms, calendar)


def _keep_hours(actor: Actor) -> calendars.Calendar:
    """Office hours from Monday to Friday, and the holidays that fall on the same date every year."""
    zone = clock.company_zone().key
    weekly = dict.fromkeys(range(5), arrangement.HOURS)
    row = calendars.save_calendar(actor=actor, name=arrangement.CALENDAR, zone=zone, weekly=weekly, is_default=True)
    year = clock.today().year
    days: dict[date, tuple[int | None, str]] = {}
    for one in (year - 1, year, year + 1):
        days |= {date(one, month, day): (None, title) for month, day, title in arrangement.HOLIDAYS}
    calendars.take_days(actor=actor, calendar_id=row.pk, days=days)
    return calendars.load()


def _line_up(actor: Actor, people: Mapping[str, User]) -> dict[str, Queue]:
    """Queues with their members, the first of which is the one that every installation begins with."""
    found: dict[str, Queue] = {}
    service = Department.objects.get(name=users.DEPARTMENTS[1])
    for order, (code, values, members) in enumerate(arrangement.QUEUES):
        standing = Queue.objects.order_by("order", "id").first() if not order else None
        row = save_queue(
            actor=actor,
            queue_id=standing.pk if standing is not None else None,
            values={"code": code, "order": 10 * (order + 1), "department": service.pk, **values},
        )
        found[code] = row
        told = [Membership(user_id=people[name].pk, level=level) for name, level in members]
        set_members(actor=actor, queue_id=row.pk, members=told)
    for name, total, most in arrangement.CAPACITY:
        set_capacity(actor=actor, user_id=people[name].pk, total=total, most=most)
    return found


def _open_channels(actor: Actor, queues: Mapping[str, Queue]) -> Channels:
    """Mailboxes without servers, a chat and a form on the shop's site."""
    service = Department.objects.get(name=users.DEPARTMENTS[1])
    made: dict[str, Channel] = {}
    for key, (kind, values) in arrangement.CHANNELS.items():
        given = {**values, "queue_id": queues[values["queue_id"]].pk}
        made[key] = create_channel(actor=actor, kind=kind, department_id=service.pk, **given)
    mail = {language: Mailbox.of(made[f"mail-{language}"]) for language in ("zh-hans", "en")}
    return Channels(mail, made["chat"], made["form"])


def _sort_cases(actor: Actor) -> dict[str, CaseCategory]:
    """The tree of categories, checklists, and what is asked at moments of truth besides."""
    found: dict[str, CaseCategory] = {}
    for position, (key, name, below) in enumerate(arrangement.CATEGORIES):
        found[key] = save_category(actor=actor, name=name, position=position)
        for place, (sub, sub_name) in enumerate(below):
            found[f"{key}.{sub}"] = save_category(actor=actor, name=sub_name, parent_id=found[key].pk, position=place)
    for name, case_type, items in arrangement.CHECKLISTS:
        save_checklist(actor=actor, name=name, case_type=case_type, items=items)
    if not MomentCriterion.objects.exists():
        for step, case_type, text in arrangement.CRITERIA:
            save_criterion(actor=actor, step=step, case_type=case_type, text=text)
    return found


def _promise(actor: Actor) -> None:
    """Service levels beside the standard one."""
    for values in arrangement.LEVELS:
        save_policy(actor=actor, values=values)


def _settle_who_answers(actor: Actor, people: Mapping[str, User]) -> dict[str, ResponsibleUnit]:
    """Units that can be responsible, limits of remedies, who heads what and who approves what."""
    firms = {name: save_unit(actor=actor, name=name) for name in arrangement.FIRMS}
    roles = {row.key: row for row in Role.objects.filter(key__in=("owner", "manager", "agent"))}
    for kind in RemedyKind.objects.filter(has_amount=True):
        for role, limit in arrangement.LIMITS.items():
            save_limit(actor=actor, kind_id=kind.pk, role_id=roles[role].pk, limit_minor=limit)
    for step, minutes in arrangement.STEP_MINUTES.items():
        save_step_rule(actor=actor, step=step, working_minutes=minutes, evidence=arrangement.EVIDENCE.get(step, ()))
    for department, name in arrangement.HEADS:
        set_head(actor=actor, department=Department.objects.get(name=department), user=people[name])
    for values in arrangement.APPROVALS:
        given = {"sort": "remedy", "currency": money.reporting_currency(), "approver": "role", **values}
        named: dict[str, Any] = {
            name: roles[str(values[name])].pk for name in ("role", "escalates_to") if name in values
        }
        create_policy(actor=actor, values={**given, **named})
    return firms


def _actions(values: Mapping[str, Any], categories: Mapping[str, CaseCategory]) -> list[tuple[str, str]]:
    """What a macro sets, its category by number."""
    given = values.get("actions", ())
    return [(key, str(categories[value].pk) if key == "case.category" else value) for key, value in given]


def _rule(told: Mapping[str, Any], people: Mapping[str, User], queues: Mapping[str, Queue]) -> dict[str, Any]:
    """A rule with people and queues by number."""
    actions = []
    for one in told["actions"]:
        parameters = {}
        for name, value in one["parameters"].items():
            known: Any = value
            if name in {"user", "owner", "assignee"}:
                known = people[value].pk
            elif name == "queue":
                known = queues[value].pk
            parameters[name] = known
        actions.append({**one, "parameters": parameters})
    return {**{name: value for name, value in told.items() if name != "is_active"}, "actions": actions}
