"""What the page of a rule's editor draws: options of triggers, facts, questions and acts, and an input for each value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from guanxi.core import records
from guanxi.core.actor import Actor
from guanxi.workflow import editor
from guanxi.workflow.conditions import DEEPEST
from guanxi.workflow.definitions import actions_for, facts_open_to
from guanxi.workflow.operators import OPERATORS, Operator
from guanxi.workflow.registries.actions import Action, Parameter, ParameterType
from guanxi.workflow.registries.facts import THROUGH, FactType, Link, Reachable
from guanxi.workflow.registries.triggers import kind_of, moments, triggers

Options = list[tuple[Any, str]]


@dataclass(frozen=True)
class Input:
    """One input for a value: `sort` is text, long, number, date, select, several, money or check."""

    name: str
    sort: str
    label: str
    value: Any = ""
    options: Options = field(default_factory=list)
    currency: str = ""
    hint: str = ""
    is_required: bool = False
    mark: str = ""

    @property
    def id(self) -> str:
        """The id of the input, by which it keeps the focus when the editor is drawn anew."""
        return "i-" + self.name.replace(".", "-").replace(":", "-")

    @property
    def chosen(self) -> set[str]:
        """What is chosen of the options."""
        given = self.value if isinstance(self.value, list | tuple) else [self.value]
        return {str(one) for one in given if one not in (None, "")}


def grouped_triggers() -> list[tuple[str, Options]]:
    """Triggers and moments by the kind of record that they are about."""
    found: dict[str, Options] = {}
    for one in [*triggers, *moments]:
        kind = records.kinds.get(one.kind)
        found.setdefault(str(kind.label_plural) if kind is not None else one.kind, []).append((one.key, str(one.label)))
    return list(found.items())


def grouped_facts(facts: Mapping[str, Reachable]) -> list[tuple[str, Options]]:
    """Facts by the record that they belong to, the record itself first."""
    found: dict[str, Options] = {"": []}
    for key, reached in facts.items():
        found.setdefault(str(reached.link.label) if reached.link is not None else "", []).append(
            (key, str(reached.fact.label))
        )
    return list(found.items())


def grouped_actions(pairs: Iterable[tuple[Action, Link | None]], actor: Actor) -> list[tuple[str, Options]]:
    """Acts that the actor may write into a rule, by the record that they are done to."""
    found: dict[str, Options] = {"": []}
    for action, link in pairs:
        if action.needs is None or actor.can(*action.needs):
            key = f"{link.key}{THROUGH}{action.key}" if link is not None else action.key
            found.setdefault(str(link.label) if link is not None else "", []).append((key, str(action.label)))
    return list(found.items())


def drawn_tree(draft: editor.Draft, facts: Mapping[str, Reachable]) -> dict[str, Any]:
    """The conditions as the page draws them."""
    known: dict[str, Options] = {}
    return _drawn_node(draft.tree, "c", facts, known, 1)


def _drawn_node(
    node: dict[str, Any], path: str, facts: Mapping[str, Reachable], known: dict[str, Options], depth: int
) -> dict[str, Any]:
    """One group or question as the page draws it."""
    if editor.is_group(node):
        parts = [
            _drawn_node(part, f"{path}.{place}", facts, known, depth + 1)
            for place, part in enumerate(editor.parts_of(node))
        ]
        commands = {name: f"{name}:{path}" for name in ("add", "group", "remove")}
        return {"path": path, "sort": editor.sort_of(node), "parts": parts, "may_nest": depth < DEEPEST, **commands}
    key = str(node.get("fact", ""))
    reached = facts.get(key)
    drawn: dict[str, Any] = {"path": path, "fact": key, "is_gone": bool(key) and reached is None}
    drawn["remove"] = f"remove:{path}"
    if reached is None:
        return drawn
    operators = OPERATORS[reached.fact.type]
    asked = str(node.get("is", ""))
    operator = operators.get(asked) or next(iter(operators.values()))
    drawn |= {
        "is": operator.key,
        "operators": [(one.key, str(one.label)) for one in operators.values()],
        "input": _question_input(path, reached, operator, node.get("value"), known),
    }
    return drawn


def _question_input(
    path: str, reached: Reachable, operator: Operator, value: Any, known: dict[str, Options]
) -> Input | None:
    """The input for what a question compares with."""
    if operator.takes == "":
        return None
    name, label = f"{path}:value", reached.label
    if operator.takes == "days":
        return Input(name, "number", label, _single(value))
    fact = reached.fact
    if fact.choices:
        options = known.setdefault(reached.key, fact.options())
        if operator.takes == "several":
            return Input(name, "several", label, value, options, mark=f"{path}:several")
        return Input(name, "select", label, _single(value), options)
    if fact.type == FactType.MONEY:
        amount, currency = editor.plain_amount(value)
        return Input(name, "money", label, amount, currency=currency, mark=f"{path}:currency")
    sort = {FactType.DATE: "date", FactType.NUMBER: "number"}.get(fact.type, "text")
    if operator.takes == "several":
        return Input(name, "text", label, ", ".join(map(str, value)) if isinstance(value, list) else value)
    return Input(name, sort, label, _single(value))


def _single(value: Any) -> Any:
    """One value, whatever was there before the question changed."""
    if isinstance(value, list | tuple):
        return value[0] if value else ""
    return "" if value is None or isinstance(value, dict) else value


def drawn_steps(draft: editor.Draft) -> list[dict[str, Any]]:
    """The acts as the page draws them."""
    pairs = actions_for(kind_of(draft.trigger) or "")
    found = []
    for number, step in enumerate(draft.steps):
        key, via = str(step.get("action", "")), str(step.get("via", ""))
        action = next((one for one, link in pairs if one.key == key and (link.key if link else "") == via), None)
        given = step.get("parameters") or {}
        found.append(
            {
                "number": number,
                "up": f"up-act:{number}",
                "remove": f"remove-act:{number}",
                "do": f"{via}{THROUGH}{key}" if via else key,
                "is_gone": bool(key) and action is None,
                "inputs": [_parameter_input(number, one, given) for one in action.parameters] if action else [],
            }
        )
    return found


_SORTS = {
    ParameterType.LONG_TEXT: "long",
    ParameterType.NUMBER: "number",
    ParameterType.MINUTES: "number",
    ParameterType.BOOL: "check",
}


def _parameter_input(number: int, parameter: Parameter, given: Mapping[str, Any]) -> Input:
    """The input for one parameter of an act."""
    name, value = f"s.{number}:p:{parameter.key}", given.get(parameter.key, parameter.default)
    options = parameter.options() if parameter.choices and parameter.type != ParameterType.TAGS else []
    sort = _SORTS.get(parameter.type, "select" if options else "text")
    mark = ""
    if parameter.type == ParameterType.CHOICES:
        sort, mark = "several", f"s.{number}:several:{parameter.key}"
    elif parameter.type == ParameterType.TAGS:
        value = ", ".join(map(str, value)) if isinstance(value, list) else value
    return Input(
        name, sort, str(parameter.label), "" if value is None else value, options,
        hint=str(parameter.hint) or (_("Several, separated by commas") if parameter.type == ParameterType.TAGS else ""),
        is_required=parameter.is_required, mark=mark,
    )  # fmt: skip


def context(draft: editor.Draft, actor: Actor) -> dict[str, Any]:
    """All that the editor's template needs of a draft."""
    kind, facts = kind_of(draft.trigger) or "", facts_open_to(actor, draft.trigger)
    return {
        "fields": draft.fields,
        "is_moment": draft.trigger in moments,
        "triggers": grouped_triggers(),
        "facts": grouped_facts(facts),
        "tree": drawn_tree(draft, facts),
        "steps": drawn_steps(draft),
        "actions": grouped_actions(actions_for(kind), actor) if draft.trigger else [],
        "add_act": "add-act",
        "try": "try",
    }
