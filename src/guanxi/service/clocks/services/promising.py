"""Making and changing policies: whom they are for, what they promise, what happens when it is not kept."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.conversations.choices import ChannelKind
from guanxi.core import access, changes, clock
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, InvalidInput
from guanxi.core.models import Department, Role, User
from guanxi.core.models.calendars import WorkingCalendar
from guanxi.customers.choices import Tier
from guanxi.service.choices import CaseType, Priority
from guanxi.service.clocks.choices import DAYS, Act, Sort, Unit, Whom
from guanxi.service.clocks.choosing import ASPECTS
from guanxi.service.clocks.jobs import recompute_all
from guanxi.service.clocks.telling import PAUSING
from guanxi.service.models import CaseCategory, EscalationStep, RulesStamp, SlaPolicy, SlaTarget

MOST_STEPS = 30
MOST_MINUTES = 1_000_000
MOST_DAYS = 1_000
CODES: dict[str, frozenset[str]] = {
    "type": frozenset(CaseType.values),
    "tier": frozenset(Tier.values),
    "channel": frozenset(ChannelKind.values),
    "priority": frozenset(str(value) for value in Priority.values),
}
_ROWS: dict[str, Any] = {"category": CaseCategory, "department": Department}


def rules_changed(*, because: Mapping[str, Any], customer_id: int = 0) -> None:
    """Let everybody read the rules anew, and reckon all live cases by them, or those of one customer, in a job."""
    RulesStamp.objects.update_or_create(pk=1, defaults={"value": uuid4().hex})
    key = f"service.clocks.recompute{f':{customer_id}' if customer_id else ''}"
    recompute_all.using(unique_key=key).enqueue(because=dict(because), customer_id=customer_id)  # type: ignore[call-arg]


def save_policy(*, actor: Actor, values: Mapping[str, Any], policy_id: int | None = None) -> SlaPolicy:
    """Make a policy or change one; of a standing one only what is given.

    `values`: name, position, is_active, asks {aspect: values}, calendar, targets [{sort, priority, amount, unit,
    warn_percent, pauses}], steps [{sort, at_percent or offset_minutes, act, whom, role, user, id of a standing one}].
    """
    access.require(actor, "service_setting", "change")
    clean = _cleaned(values, is_new=policy_id is None)
    targets = [_target(one) for one in values["targets"]] if "targets" in values else None
    steps = [_step(one) for one in values["steps"]] if "steps" in values else None
    if targets is not None and len({(one["sort"], one["priority"]) for one in targets}) < len(targets):
        raise InvalidInput(_("Each promise can be made once."), column="targets")
    if steps is not None and len(steps) > MOST_STEPS:
        raise InvalidInput(_("A service level has at most %(limit)s steps.") % {"limit": MOST_STEPS}, column="steps")
    with transaction.atomic():
        others = SlaPolicy.objects.exclude(pk=policy_id or 0)
        if "name" in clean and others.filter(name=clean["name"]).exists():
            raise Conflict(_("There is a service level of this name already."), column="name")
        with changes.operation(actor=actor, name="service.save_sla_policy") as op:
            if policy_id is None:
                clean.setdefault(
                    "position", (others.order_by("-position").values_list("position", flat=True).first() or 0) + 1
                )
                row: SlaPolicy = op.create(SlaPolicy(created_at=clock.now(), **clean))
            else:
                row = SlaPolicy.objects.select_for_update(of=("self",)).get_visible(actor, "change", pk=policy_id)
                op.update(row, **clean)
            parts = (targets is not None and _write_targets(op, row, targets)) | (
                steps is not None and _write_steps(op, row, steps)
            )
            if parts and policy_id is not None:
                op.touch(row)
            rules_changed(because={"event": "policy", "policy": row.pk})
    return row


def _cleaned(values: Mapping[str, Any], *, is_new: bool) -> dict[str, Any]:
    """Fields of the policy itself as they are stored."""
    clean: dict[str, Any] = {}
    if "name" in values or is_new:
        name = " ".join(str(values.get("name") or "").replace("\x00", "").split())
        if not name or len(name) > 120:
            raise InvalidInput(_("A name has between 1 and 120 characters."), column="name")
        clean["name"] = name
    if "position" in values:
        clean["position"] = _number(values["position"], 0, 100_000, "position")
    if "is_active" in values:
        clean["is_active"] = bool(values["is_active"])
    if "asks" in values:
        clean["asks"] = _asks(values["asks"])
    if "calendar" in values:
        clean["calendar"] = calendar_with(values["calendar"])
    return clean


def _asks(given: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
    """What a policy asks of a case, every value one that there is."""
    found: dict[str, list[Any]] = {}
    for aspect, values in given.items():
        if aspect not in ASPECTS:
            raise InvalidInput(
                _("A service level cannot ask for “%(what)s”.") % {"what": str(aspect)[:40]}, column="asks"
            )
        wanted = list(dict.fromkeys(str(value) for value in values))
        if not wanted:
            continue
        if aspect in CODES:
            unknown = [value for value in wanted if value not in CODES[aspect]]
            kept: list[Any] = wanted
        else:
            known = set(
                _ROWS[aspect].objects.filter(pk__in=[v for v in wanted if v.isdecimal()]).values_list("pk", flat=True)
            )
            unknown = [value for value in wanted if not value.isdecimal() or int(value) not in known]
            kept = [int(value) for value in wanted if value.isdecimal()]
        if unknown:
            raise InvalidInput(_("“%(value)s” is not one of the choices.") % {"value": unknown[0][:40]}, column=aspect)
        found[aspect] = kept
    return found


def calendar_with(value: Any) -> WorkingCalendar | None:
    """The calendar; one without any working time would never let anything be due."""
    key = getattr(value, "pk", value)
    if key in (None, "", 0):
        return None
    row = WorkingCalendar.objects.filter(pk=key).first() if str(key).isdecimal() else None
    if row is None:
        raise InvalidInput(_("There is no such calendar."), column="calendar")
    if not row.windows.exists():
        raise InvalidInput(
            _("The calendar “%(name)s” has no working time at all, so nothing would ever be due by it.")
            % {"name": row.name},
            column="calendar",
        )
    return row


def _target(given: Mapping[str, Any]) -> dict[str, Any]:
    """One promise as it is stored."""
    sort, unit = _one_of(given.get("sort"), Sort, "targets"), _one_of(given.get("unit"), Unit, "targets")
    pauses = [str(state) for state in given.get("pauses", ())]
    if not set(pauses) <= {state.value for state in PAUSING}:
        raise InvalidInput(_("A clock can stand only while a case waits."), column="targets")
    priority = _number(given.get("priority", 0), 0, max(Priority.values), "targets")
    most = MOST_DAYS if unit in DAYS else MOST_MINUTES
    return {
        "sort": sort, "priority": priority, "amount": _number(given.get("amount"), 1, most, "targets"), "unit": unit,
        "warn_percent": _number(given.get("warn_percent", 75), 1, 100, "targets"), "pauses": sorted(set(pauses)),
    }  # fmt: skip


def _step(given: Mapping[str, Any]) -> dict[str, Any]:
    """One step of escalation as it is stored."""
    percent, offset = given.get("at_percent"), given.get("offset_minutes")
    if (percent is None) == (offset is None):
        raise InvalidInput(
            _("A step comes at a share of the time, or minutes before or after it is due."), column="steps"
        )
    act, whom = _one_of(given.get("act"), Act, "steps"), _one_of(given.get("whom", Whom.OWNER), Whom, "steps")
    role, user = given.get("role"), given.get("user")
    if whom == Whom.ROLE and not Role.objects.filter(pk=role or 0).exists():
        raise InvalidInput(_("Choose the role that a step reaches."), column="steps")
    if whom == Whom.USER and not User.objects.filter(pk=user or 0, is_active=True).exists():
        raise InvalidInput(_("Choose the person whom a step reaches."), column="steps")
    if act == Act.HAND_OVER and whom == Whom.OWNER:
        raise InvalidInput(
            _("A case is with who answers for it already; hand it over to somebody else."), column="steps"
        )
    return {
        "id": int(given.get("id") or 0),
        "sort": _one_of(given.get("sort"), Sort, "steps"),
        "at_percent": None if percent is None else _number(percent, 1, 1_000, "steps"),
        "offset_minutes": None if offset is None else _number(offset, -MOST_MINUTES, MOST_MINUTES, "steps"),
        "act": act, "whom": whom,
        "role_id": role if whom == Whom.ROLE else None, "user_id": user if whom == Whom.USER else None,
    }  # fmt: skip


def _write_targets(op: changes.OperationInHand, row: SlaPolicy, wanted: Sequence[Mapping[str, Any]]) -> bool:
    """Let exactly these promises stand; whether any differed."""
    standing = {(one.sort, one.priority): one for one in row.targets.all()}
    is_changed = False
    for one in wanted:
        known = standing.pop((one["sort"], one["priority"]), None)
        if known is None:
            op.create(SlaTarget(policy=row, **one))
            is_changed = True
        else:
            is_changed |= bool(op.update(known, **one))
    for gone in standing.values():
        op.delete(gone)
        is_changed = True
    return is_changed


def _write_steps(op: changes.OperationInHand, row: SlaPolicy, wanted: Sequence[Mapping[str, Any]]) -> bool:
    """Let exactly these steps stand; one that stays keeps its number, so that it is not taken twice."""
    standing = {one.pk: one for one in row.steps.all()}
    is_changed = False
    for one in wanted:
        values = {name: value for name, value in one.items() if name != "id"}
        known = standing.pop(one["id"], None)
        if known is None:
            op.create(EscalationStep(policy=row, **values))
            is_changed = True
        else:
            is_changed |= bool(op.update(known, **values))
    for gone in standing.values():
        op.delete(gone)
        is_changed = True
    return is_changed


def _one_of(value: Any, choices: Any, column: str) -> str:
    """A value of some choices."""
    if value not in choices.values:
        raise InvalidInput(_("“%(value)s” is not one of the choices.") % {"value": str(value)[:40]}, column=column)
    return str(choices(value).value)


def _number(value: Any, least: int, most: int, column: str) -> int:
    """A whole number within its bounds."""
    text = str(value if value is not None else "").strip()
    if not text.lstrip("-").isdecimal() or not least <= int(text) <= most:
        raise InvalidInput(
            _("Give a whole number from %(least)s to %(most)s.") % {"least": least, "most": most}, column=column
        )
    return int(text)
