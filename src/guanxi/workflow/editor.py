"""The editor of a rule: a draft out of what was sent, edits of its shape, and what the page draws. Nothing is checked here.

The names of inputs say where they belong: `c.1.0:fact` is the fact of the first part of the second part of the
conditions, `s.0:do` the first act, `s.0:p:title` its parameter.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from guanxi.core.errors import InvalidInput
from guanxi.core.money import from_minor, plain, reporting_currency, to_minor
from guanxi.core.sentences import gettext as _
from guanxi.workflow.conditions import DEEPEST, MOST_PARTS
from guanxi.workflow.definitions import MOST_ACTIONS
from guanxi.workflow.models import Rule
from guanxi.workflow.registries.actions import actions

_PATH = re.compile(r"c(?:\.\d{1,2}){0,4}")
_STEP = re.compile(r"s\.(\d{1,2}):do")
UNITS = {"minutes": 1, "hours": 60, "days": 1440}
MOST_NAMES = 600
Raw = dict[str, Any]


def empty_question() -> Raw:
    """A row that is still to be filled in."""
    return {"fact": "", "is": "", "value": None}


def empty_step() -> Raw:
    """An act that is still to be chosen."""
    return {"action": "", "via": "", "parameters": {}}


@dataclass
class Draft:
    """A rule while it is written, as it was sent."""

    fields: Raw = field(default_factory=dict)
    tree: Raw = field(default_factory=lambda: {"all": []})
    steps: list[Raw] = field(default_factory=list)

    @property
    def trigger(self) -> str:
        """The trigger or moment chosen."""
        return str(self.fields.get("trigger", ""))

    def values(self) -> Raw:
        """What the services take."""
        given = dict(self.fields)
        offset = self._offset()
        order = {"order": given["order"]} if str(given.get("order") or "").strip() else {}
        return {
            **{name: given.get(name) for name in ("name", "note", "trigger", "limit", "owner")},
            **order,
            "stops_others": bool(given.get("stops_others")),
            "offset_minutes": offset,
            "from_at": _midnight(given.get("from_on"), "from_at"),
            "until_at": _midnight(given.get("until_on"), "until_at", days=1),
            "conditions": _filled(self.tree) or {},
            "actions": [step for step in (_given_step(one) for one in self.steps) if step["action"]],
        }

    def _offset(self) -> int:
        """Minutes after (before: negative) a moment."""
        text = str(self.fields.get("offset") or "0").strip()
        if not re.fullmatch(r"\d{1,6}", text):
            raise InvalidInput(_("Give a whole number of minutes, hours or days."), column="offset_minutes")
        minutes = int(text) * UNITS.get(str(self.fields.get("unit")), 1)
        return -minutes if self.fields.get("side") == "before" else minutes

    def edit(self, command: str) -> None:
        """Change the shape: add or remove a question, a group, an act; what names nothing changes nothing."""
        what, _colon, where = command.partition(":")
        if what == "add-act" and len(self.steps) < MOST_ACTIONS:
            self.steps.append(empty_step())
        elif what in {"remove-act", "up-act"} and where.isdecimal() and int(where) < len(self.steps):
            step = self.steps.pop(int(where))
            if what == "up-act":
                self.steps.insert(max(int(where) - 1, 0), step)
        elif what in {"add", "group", "remove"} and _PATH.fullmatch(where):
            self._edit_tree(what, [int(part) for part in where.split(".")[1:]])

    def _edit_tree(self, what: str, places: list[int]) -> None:
        """Add to a group, or take one part away."""
        group = self.tree
        *above, last = places if what == "remove" else [*places, -1]
        for place in above:
            parts = parts_of(group)
            if place >= len(parts):
                return
            group = parts[place]
        parts = parts_of(group)
        if what == "remove":
            del parts[last : last + 1]
        elif is_group(group) and len(parts) < MOST_PARTS:
            is_nested = what == "group" and len(above) + 1 < DEEPEST
            parts.append({"any": [empty_question()]} if is_nested else empty_question())


def is_group(node: Mapping[str, Any]) -> bool:
    """Whether a part is a group."""
    return sort_of(node) != ""


def sort_of(node: Mapping[str, Any]) -> str:
    """Which sort of group a part is, '' for a question."""
    return next((sort for sort in ("all", "any", "not") if sort in node), "")


def parts_of(node: Raw) -> list[Raw]:
    """The parts of a group."""
    found: list[Raw] = node[sort_of(node)] if is_group(node) else []
    return found


def sent(data: QueryDict) -> Draft:
    """The draft that a page sent."""
    if len(data) > MOST_NAMES:
        raise InvalidInput(_("A rule has at most %(limit)s conditions.") % {"limit": MOST_PARTS}, column="conditions")
    names = ("name", "note", "trigger", "offset", "unit", "side", "limit", "order", "owner", "from_on", "until_on")
    fields: Raw = {name: data.get(name, "").replace("\x00", "") for name in names}
    fields["stops_others"] = "stops_others" in data
    paths = {found[0] for name in data if (found := _PATH.match(name)) and name[found.end() : found.end() + 1] == ":"}
    numbers = sorted(int(found[1]) for name in data if (found := _STEP.fullmatch(name)))
    tree = _node(data, "c", paths)
    # The acts are asked for once a trigger is chosen: then one is there to be filled in.
    steps = [_step(data, number) for number in numbers] or [empty_step()]
    return Draft(fields, tree if is_group(tree) else {"all": []}, steps)


def _node(data: QueryDict, path: str, paths: set[str]) -> Raw:
    """One part of the conditions."""
    sort = data.get(f"{path}:sort", "")
    if sort in {"all", "any", "not"}:
        depth = path.count(".") + 1
        below = {one for one in paths if one.startswith(f"{path}.") and one.count(".") == depth}
        places = sorted(below, key=lambda one: int(one.rpartition(".")[2]))
        return {sort: [_node(data, one, paths) for one in places]}
    values = data.getlist(f"{path}:value")
    found: Raw = {"fact": data.get(f"{path}:fact", ""), "is": data.get(f"{path}:is", ""), "value": None}
    if f"{path}:currency" in data:
        found["value"] = {"amount": "".join(values[:1]).strip(), "currency": data[f"{path}:currency"]}
    elif f"{path}:several" in data:
        found["value"] = values
    elif values:
        found["value"] = values[0]
    return found


def _step(data: QueryDict, number: int) -> Raw:
    """One act."""
    via, _through, action = data.get(f"s.{number}:do", "").rpartition(">")
    prefix = f"s.{number}:p:"
    parameters = {
        name.removeprefix(prefix): data.getlist(name) if f"s.{number}:several:{name.removeprefix(prefix)}" in data
        else data.get(name, "")
        for name in data
        if name.startswith(prefix)
    }  # fmt: skip
    return {"action": action, "via": via, "parameters": parameters}


def _given_step(step: Raw) -> Raw:
    """An act as the services take it, without what was filled in for the act that was chosen before."""
    act = actions.get(step["action"])
    keys = {parameter.key for parameter in act.parameters} if act is not None else set()
    parameters = {key: value for key, value in step["parameters"].items() if key in keys}
    return {"action": step["action"], "via": step["via"], "parameters": parameters}


def _filled(node: Raw) -> Raw | None:
    """A tree without rows that nobody filled in, amounts in minor units; None where nothing is left."""
    if is_group(node):
        parts = [part for part in map(_filled, parts_of(node)) if part is not None]
        return {sort_of(node): parts} if parts else None
    if not node.get("fact"):
        return None
    value = node.get("value")
    if isinstance(value, dict) and "amount" in value:
        value = _minor(value)
    return {"fact": node["fact"], "is": node.get("is", ""), "value": value}


def _minor(value: Mapping[str, Any]) -> Raw:
    """An amount as it was written, in minor units; what is none stays for the check to refuse."""
    currency = str(value.get("currency", "")).strip().upper()[:3]
    try:
        amount = Decimal(str(value["amount"]).replace(",", "").replace(" ", ""))
        if not amount.is_finite() or abs(amount) >= 10**15:
            raise InvalidOperation
        return {"minor": to_minor(amount, currency), "currency": currency}
    except (InvalidOperation, ValueError):
        return {"minor": None, "currency": currency}


def _midnight(text: Any, column: str, *, days: int = 0) -> datetime | None:
    """A day as the moment at which it begins (or ends) for the reader."""
    if not text:
        return None
    try:
        on = date.fromisoformat(str(text)) + timedelta(days=days)
        return datetime.combine(on, time(), tzinfo=timezone.get_current_timezone())
    except (ValueError, OverflowError):
        raise InvalidInput(_("This date cannot be kept."), column=column) from None


def of_rule(rule: Rule) -> Draft:
    """The draft of a rule that stands."""
    minutes = abs(rule.offset_minutes)
    unit = next((name for name in ("days", "hours") if minutes and minutes % UNITS[name] == 0), "minutes")
    until = timezone.localtime(rule.until_at) - timedelta(days=1) if rule.until_at else None
    fields: Raw = {
        "name": rule.name,
        "note": rule.note,
        "trigger": rule.trigger,
        "offset": minutes // UNITS[unit],
        "unit": unit,
        "side": "before" if rule.offset_minutes < 0 else "after",
        "limit": rule.limit,
        "order": rule.order,
        "owner": rule.owner_id or "",
        "stops_others": rule.stops_others,
        "from_on": timezone.localtime(rule.from_at).date().isoformat() if rule.from_at else "",
        "until_on": until.date().isoformat() if until else "",
    }
    tree = _shown(rule.conditions) if rule.conditions else {"all": []}
    return Draft(fields, tree if is_group(tree) else {"all": [tree]}, [dict(step) for step in rule.actions])


def _shown(node: Raw) -> Raw:
    """A stored part as the editor holds it: amounts as they are written."""
    if is_group(node):
        return {sort_of(node): [_shown(part) for part in parts_of(node)]}
    value = node.get("value")
    if isinstance(value, dict) and value.get("minor") is not None:
        value = {"amount": plain(value["minor"], value["currency"]), "currency": value["currency"]}
    return {"fact": node.get("fact", ""), "is": node.get("is", ""), "value": value}


def new_draft(trigger: str = "", owner: int | None = None) -> Draft:
    """An empty draft."""
    fields: Raw = {
        "owner": owner or "",
        "trigger": trigger,
        "limit": "always",
        "order": "",
        "side": "after",
        "unit": "hours",
        "offset": "",
    }
    return Draft(fields, {"all": []}, [empty_step()])


def plain_amount(value: Any) -> tuple[str, str]:
    """An amount and its currency as inputs show them."""
    if isinstance(value, Mapping):
        if "minor" in value and isinstance(value["minor"], int):
            currency = str(value.get("currency", ""))
            return f"{from_minor(value['minor'], currency):f}", currency
        return str(value.get("amount", "")), str(value.get("currency") or reporting_currency())
    return "", reporting_currency()
