"""Writing rules: made, changed, switched on and off, taken away."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from guanxi.core import access, changes, clock
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, Forbidden, InvalidInput
from guanxi.core.models import User
from guanxi.core.sentences import gettext as _
from guanxi.workflow import conditions
from guanxi.workflow.choices import Limit
from guanxi.workflow.definitions import (
    checked_conditions,
    checked_steps,
    checked_trigger,
    facts_for,
    facts_open_to,
)
from guanxi.workflow.models import Firing, Rule

FIELDS = frozenset({
    "name", "note", "trigger", "offset_minutes", "conditions", "actions", "order", "stops_others", "limit",
    "from_at", "until_at", "owner",
})  # fmt: skip
# What a change of leaves the version as it is: it changes nothing of what the rule does.
UNVERSIONED = frozenset({"name", "note", "owner", "order"})


def create_rule(*, actor: Actor, values: Mapping[str, Any], is_active: bool = False) -> Rule:
    """Write a rule; it does nothing until it is switched on."""
    access.require(actor, "rule", "create")
    clean = checked(actor=actor, values={"owner": actor.user_id, **values})
    if "order" not in values:
        clean["order"] = (Rule.objects.aggregate(most=Max("order"))["most"] or 0) + 10
    now = clock.now()
    with changes.operation(actor=actor, name="workflow.create_rule") as op:
        rule: Rule = op.create(
            Rule(**clean, is_active=is_active, active_since=now if is_active else None, created_at=now)
        )
    return rule


def draft_rule(*, actor: Actor, values: Mapping[str, Any], standing: Rule | None = None) -> Rule:
    """A rule as it would be written, for a dry run: checked and not stored."""
    access.require(actor, "rule", "view")
    clean = checked(actor=actor, values=values, standing=standing)
    if standing is None:
        return Rule(**clean)
    for name, value in clean.items():
        setattr(standing, name, value)
    return standing


def require_sight(*, actor: Actor, rule: Rule) -> None:
    """Refuse a dry run of a rule that asks what the actor may not see."""
    asked = set(conditions.facts_of(conditions.stored(rule.conditions)))
    if asked & set(facts_for(rule.trigger)) - set(facts_open_to(actor, rule.trigger)):
        raise Forbidden(_("This rule asks for fields that your role does not see."))


def update_rule(*, actor: Actor, rule_id: int, values: Mapping[str, Any]) -> int | None:
    """Change a rule; the operation's number, None when nothing differs. What it does differently counts as a version."""
    with transaction.atomic():
        rule = _locked(actor, rule_id)
        clean = checked(actor=actor, values=values, standing=rule)
        differs = {name for name, value in clean.items() if getattr(rule, _column(name)) != _plain(value)}
        if not differs:
            return None
        if differs - UNVERSIONED:
            clean["version"] = rule.version + 1
        with changes.operation(actor=actor, name="workflow.update_rule") as op:
            op.update(rule, **clean)
        return op.id


def switch_rule(*, actor: Actor, rule_id: int, is_active: bool) -> int | None:
    """Switch a rule on or off; the operation's number, None where it stood so already."""
    with transaction.atomic():
        rule = _locked(actor, rule_id)
        if rule.is_active == is_active:
            return None
        if is_active:
            # What it says was checked when it was written; what it needs may have gone since.
            checked(
                actor=actor, values={"trigger": rule.trigger, "actions": rule.actions, "conditions": rule.conditions}
            )
        name = "workflow.switch_rule_on" if is_active else "workflow.switch_rule_off"
        with changes.operation(actor=actor, name=name) as op:
            op.update(rule, is_active=is_active, active_since=clock.now() if is_active else None)
        return op.id


def delete_rule(*, actor: Actor, rule_id: int) -> int:
    """Take away a rule that never did anything; others are switched off, so that their log stays."""
    with transaction.atomic():
        rule = _locked(actor, rule_id, "delete")
        if rule.key or Firing.objects.filter(rule=rule).exists():
            raise Conflict(_("This rule has a log of what it did, or came with Guanxi: switch it off instead."))
        with changes.operation(actor=actor, name="workflow.delete_rule") as op:
            op.delete(rule)
        return op.id


def ensure_rule(*, actor: Actor, key: str, values: Mapping[str, Any], is_active: bool = True) -> Rule:
    """The rule that a module brings along under this key, made where it is new; one that stands is left as it is."""
    standing = Rule.objects.filter(key=key).first()
    if standing is not None:
        return standing
    clean = checked(actor=actor, values=values)
    now = clock.now()
    with changes.operation(actor=actor, name="workflow.create_rule") as op:
        rule: Rule = op.create(
            Rule(**clean, key=key, is_active=is_active, active_since=now if is_active else None, created_at=now)
        )
    return rule


def checked(*, actor: Actor, values: Mapping[str, Any], standing: Rule | None = None) -> dict[str, Any]:
    """Values as they are stored; InvalidInput names the field that cannot be used."""
    unknown = sorted(set(values) - FIELDS)
    if unknown:
        raise InvalidInput(_("A rule has no field “%(field)s”.") % {"field": unknown[0][:40]}, column=unknown[0])
    if standing is None and not {"trigger", "actions"} <= set(values):
        raise InvalidInput(_("A rule needs to know when it starts and what it does."), column="trigger")
    clean: dict[str, Any] = {}
    trigger = standing.trigger if standing is not None else ""
    if "trigger" in values or "offset_minutes" in values:
        offset = values.get("offset_minutes", standing.offset_minutes if standing is not None else 0)
        trigger, clean["offset_minutes"] = checked_trigger(values.get("trigger", trigger), offset)
        clean["trigger"] = trigger
    if {"trigger", "conditions"} & set(values):
        raw = values.get("conditions", standing.conditions if standing is not None else {})
        clean["conditions"] = checked_conditions(actor, trigger, raw)
    if {"trigger", "actions"} & set(values):
        raw = values.get("actions", standing.actions if standing is not None else [])
        clean["actions"] = [step.as_json() for step in checked_steps(actor, trigger, raw)]
    clean |= _plain_fields(values)
    from_at = clean.get("from_at", standing.from_at if standing is not None else None)
    until_at = clean.get("until_at", standing.until_at if standing is not None else None)
    if from_at is not None and until_at is not None and until_at <= from_at:
        raise InvalidInput(_("The rule would end before it begins."), column="until_at")
    return clean


def _plain_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Name, note, order, limit, times and owner."""
    clean: dict[str, Any] = {}
    for name, longest in (("name", 120), ("note", 500)):
        if name in values:
            clean[name] = " ".join(str(values[name] or "").replace("\x00", "").split())
            if len(clean[name]) > longest:
                raise InvalidInput(
                    _("At most %(limit)s characters can be kept here.") % {"limit": longest}, column=name
                )
    if "name" in values and not clean["name"]:
        raise InvalidInput(_("Give the rule a name."), column="name")
    if "order" in values:
        clean["order"] = _whole(values["order"])
    if "stops_others" in values:
        clean["stops_others"] = bool(values["stops_others"])
    if "limit" in values:
        if values["limit"] not in Limit.values:
            raise InvalidInput(_("“%(value)s” is not one of the choices.") % {"value": str(values["limit"])[:40]},
                               column="limit")  # fmt: skip
        clean["limit"] = str(values["limit"])
    for name in ("from_at", "until_at"):
        if name in values:
            clean[name] = _moment(values[name], name)
    if "owner" in values:
        clean["owner"] = _person(values["owner"])
    return clean


def _whole(given: Any) -> int:
    """The place of a rule among the others."""
    try:
        number = int(given)
    except (TypeError, ValueError):
        number = -1
    if not 0 <= number <= 1_000_000:
        raise InvalidInput(_("Give a whole number from 0 to 1,000,000."), column="order")
    return number


def _moment(value: Any, column: str) -> datetime | None:
    """A moment with its time zone, or none."""
    if value in (None, ""):
        return None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise InvalidInput(_("A moment needs a date, a time and a time zone."), column=column)
    return value


def _person(value: Any) -> User | None:
    """Who looks after it, or nobody."""
    if value in (None, ""):
        return None
    key = value.pk if isinstance(value, User) else value
    found = User.objects.filter(pk=key, is_active=True).first() if str(key).isdecimal() else None
    if found is None:
        raise InvalidInput(_("Choose who looks after the rule."), column="owner")
    return found


def _locked(actor: Actor, rule_id: int, action: str = "change") -> Rule:
    """The rule, locked against other writers; NotFound when it is missing or not for this actor."""
    found: Rule = Rule.objects.get_visible(actor, action, pk=rule_id)
    return Rule.objects.select_for_update().get(pk=found.pk)


def _column(name: str) -> str:
    """The attribute that holds a field's stored value."""
    return "owner_id" if name == "owner" else name


def _plain(value: Any) -> Any:
    """A value as its attribute holds it."""
    return value.pk if isinstance(value, User) else value
