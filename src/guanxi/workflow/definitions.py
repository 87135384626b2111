"""What a rule consists of, checked against the registries: trigger, conditions, acts with their parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guanxi.core.actor import SHOWN, Actor
from guanxi.core.errors import Forbidden, InvalidInput
from guanxi.core.models import Role, User
from guanxi.core.sentences import gettext as _
from guanxi.workflow import conditions
from guanxi.workflow.registries.actions import Action, Parameter, ParameterType, actions
from guanxi.workflow.registries.facts import CHANGED, Link, Reachable, changed_fact, links, reachable
from guanxi.workflow.registries.triggers import kind_of, moments, triggers

MOST_ACTIONS = 10
MOST_MINUTES = 60 * 24 * 365
ANY_KIND = ""


@dataclass(frozen=True)
class Step:
    """One act of a rule, on the record that the trigger is about or on the one that a link leads to."""

    action: str
    parameters: Mapping[str, Any]
    via: str = ""

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {"action": self.action, "via": self.via, "parameters": dict(self.parameters)}


def facts_for(trigger: str) -> dict[str, Reachable]:
    """The facts that a rule with this trigger can ask, by key."""
    kind = kind_of(trigger)
    if kind is None:
        return {}
    found = reachable(kind)
    known = triggers.get(trigger)
    if known is not None and known.field_labels:
        return {CHANGED: changed_fact(known.field_labels), **found}
    return found


def facts_open_to(actor: Actor, trigger: str) -> dict[str, Reachable]:
    """Those of the facts whose values the actor may see: a dry run must tell nobody by a hit what they do not see."""
    return {
        key: reached
        for key, reached in facts_for(trigger).items()
        if (not reached.fact.kind or actor.can(reached.fact.kind, "view"))
        and (reached.fact.guard is None or actor.sees(*reached.fact.guard) == SHOWN)
    }


def actions_for(kind: str) -> list[tuple[Action, Link | None]]:
    """The acts that rules about a kind can do, on the record itself or over a link."""
    own: list[tuple[Action, Link | None]] = [(action, None) for action in actions if action.kind in (ANY_KIND, kind)]
    linked = [(action, link) for link in links if link.kind == kind for action in actions if action.kind == link.to]
    return own + linked


def stored_steps(raw: Sequence[Mapping[str, Any]]) -> list[Step]:
    """The acts of a stored rule."""
    return [Step(str(one.get("action", "")), one.get("parameters") or {}, str(one.get("via", ""))) for one in raw]


def checked_trigger(key: Any, offset: Any) -> tuple[str, int]:
    """The trigger or moment with its minutes before or after."""
    name = str(key or "")
    if name not in triggers and name not in moments:
        raise InvalidInput(_("Choose when the rule starts."), column="trigger")
    try:
        minutes = int(offset or 0) if name in moments else 0
    except (TypeError, ValueError):
        raise InvalidInput(_("Give a whole number of minutes."), column="offset_minutes") from None
    if abs(minutes) > MOST_MINUTES:
        raise InvalidInput(_("At most a year before or after can be kept."), column="offset_minutes")
    return name, minutes


def checked_steps(actor: Actor, trigger: str, raw: Any) -> list[Step]:
    """The acts out of what was sent; InvalidInput says what cannot be used, Forbidden what the author may not do."""
    if not isinstance(raw, Sequence) or isinstance(raw, str) or not raw:
        raise InvalidInput(_("Say what the rule does."), column="actions")
    if len(raw) > MOST_ACTIONS:
        raise InvalidInput(_("A rule does at most %(limit)s things.") % {"limit": MOST_ACTIONS}, column="actions")
    kind = kind_of(trigger) or ""
    return [_step(actor, kind, one) for one in raw]


def _step(actor: Actor, kind: str, raw: Any) -> Step:
    """One act out of what was sent."""
    if not isinstance(raw, Mapping):
        raise InvalidInput(_("Say what the rule does."), column="actions")
    key, via = str(raw.get("action", "")), str(raw.get("via") or "")
    found = next(
        (action for action, link in actions_for(kind) if action.key == key and (link.key if link else "") == via), None
    )
    if found is None:
        raise InvalidInput(_("“%(action)s” cannot be done here.") % {"action": key[:80]}, column="actions")
    if found.needs is not None and not actor.can(*found.needs):
        raise Forbidden(_("Your role does not allow “%(action)s”, so no rule of yours may do it.") % {
            "action": str(found.label)
        })  # fmt: skip
    given = raw.get("parameters") or {}
    if not isinstance(given, Mapping):
        raise InvalidInput(_("“%(action)s” cannot be done here.") % {"action": key[:80]}, column="actions")
    for name in sorted({str(name) for name in given} - {parameter.key for parameter in found.parameters}):
        raise InvalidInput(
            _("“%(action)s” has no parameter “%(field)s”.") % {"action": str(found.label), "field": name[:40]},
            column="actions",
        )
    clean = {parameter.key: checked_parameter(parameter, given.get(parameter.key)) for parameter in found.parameters}
    if found.check is not None:
        found.check(clean)
    return Step(key, clean, via)


def checked_parameter(parameter: Parameter, given: Any) -> Any:
    """One parameter's value, as it is stored."""
    if given in (None, "", []):
        given = parameter.default
    if given in (None, "", []):
        if parameter.is_required:
            raise InvalidInput(_("Fill in “%(field)s”.") % {"field": str(parameter.label)}, column="actions")
        return False if parameter.type == ParameterType.BOOL else None
    try:
        return _PARSERS[parameter.type](parameter, given)
    except (TypeError, ValueError):
        raise InvalidInput(
            _("The value for “%(field)s” cannot be used.") % {"field": str(parameter.label)}, column="actions"
        ) from None


def _text(parameter: Parameter, given: Any) -> str:
    """A text within its limit."""
    if not isinstance(given, str | int):
        raise ValueError
    text = str(given).replace("\x00", "").strip()
    if parameter.type == ParameterType.TEXT:
        text = " ".join(text.split())
    longest = parameter.longest if parameter.type == ParameterType.TEXT else max(parameter.longest, 10_000)
    if len(text) > longest:
        raise InvalidInput(_("At most %(limit)s characters can be kept here.") % {"limit": longest}, column="actions")
    return text


def _number(parameter: Parameter, given: Any) -> int:
    """A whole number within its bounds."""
    number = int(given)
    if isinstance(given, bool) or not parameter.least <= number <= parameter.most:
        raise InvalidInput(
            _("“%(field)s” lies between %(least)s and %(most)s.")
            % {"field": str(parameter.label), "least": parameter.least, "most": parameter.most},
            column="actions",
        )
    return number


def _choice(parameter: Parameter, given: Any) -> Any:
    """One of the choices."""
    options = {str(value): value for value, _label in parameter.options()}
    if str(given) not in options:
        raise ValueError
    return options[str(given)]


def _choices(parameter: Parameter, given: Any) -> list[Any]:
    """Several of the choices."""
    return [_choice(parameter, one) for one in (given if isinstance(given, list | tuple) else [given])]


def _user(_parameter: Parameter, given: Any) -> int:
    """An active user by number."""
    number = int(given)
    if not User.objects.filter(pk=number, is_active=True).exists():
        raise ValueError
    return number


def _role(_parameter: Parameter, given: Any) -> str:
    """A role by its key."""
    if not Role.objects.filter(key=str(given)[:40]).exists():
        raise ValueError
    return str(given)


def _tags(parameter: Parameter, given: Any) -> list[str]:
    """Names, given as a list or separated by commas."""
    parts = given if isinstance(given, list | tuple) else str(given).replace("，", ",").split(",")
    names = [" ".join(str(one).replace("\x00", "").split()) for one in parts]
    found = list(dict.fromkeys(name for name in names if name))
    if not found or len(found) > 20 or any(len(name) > parameter.longest for name in found):
        raise ValueError
    return found


_PARSERS = {
    ParameterType.TEXT: _text,
    ParameterType.LONG_TEXT: _text,
    ParameterType.NUMBER: _number,
    ParameterType.MINUTES: _number,
    ParameterType.CHOICE: _choice,
    ParameterType.CHOICES: _choices,
    ParameterType.BOOL: lambda _parameter, given: given in (True, "on", "true", "yes", "1", 1),
    ParameterType.USER: _user,
    ParameterType.ROLE: _role,
    ParameterType.TAGS: _tags,
}


def checked_conditions(actor: Actor, trigger: str, raw: Any) -> dict[str, Any]:
    """The conditions out of what was sent, as they are stored."""
    return conditions.as_json(conditions.parsed(raw, facts_open_to(actor, trigger)))
