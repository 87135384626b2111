"""Rules in words: sentences that read as the company would say them, with what was found beside what was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from guanxi.core.money import format_money
from guanxi.core.sentences import told
from guanxi.ui import cells
from guanxi.ui.listing_words import listed
from guanxi.workflow.choices import Limit
from guanxi.workflow.definitions import Step, facts_for, stored_steps
from guanxi.workflow.models import Rule
from guanxi.workflow.operators import OPERATORS
from guanxi.workflow.registries.actions import Parameter, ParameterType, actions
from guanxi.workflow.registries.facts import Fact, FactType, Reachable, links
from guanxi.workflow.registries.triggers import label_of, moments

DAY, HOUR = 1440, 60


@dataclass
class Speaker:
    """Says conditions and acts; the words of choices are read once for all of a page."""

    facts: Mapping[str, Reachable]
    _options: dict[str, dict[str, str]] = field(default_factory=dict)

    def condition(self, node: Mapping[str, Any], *, is_outer: bool = True) -> str:
        """A tree in words; '' for none."""
        if not node:
            return ""
        for sort in ("all", "any", "not"):
            if sort in node:
                return self._group(sort, node[sort], is_outer=is_outer)
        return self.question(node)

    def _group(self, sort: str, parts: Sequence[Mapping[str, Any]], *, is_outer: bool) -> str:
        """Several parts in words."""
        said = [self.condition(part, is_outer=False) for part in parts]
        if sort == "not":
            return _("none of (%(parts)s)") % {"parts": pgettext("between conditions", "; ").join(said)}
        between = pgettext("between conditions", " and ") if sort == "all" else pgettext("between conditions", " or ")
        words = between.join(said)
        if is_outer or len(said) == 1:
            return words
        return pgettext("conditions", "(%(parts)s)") % {"parts": words}

    def question(self, node: Mapping[str, Any]) -> str:
        """One question in words."""
        reached = self.facts.get(str(node.get("fact", "")))
        if reached is None:
            return _("a fact that is no longer known (%(key)s)") % {"key": str(node.get("fact", ""))[:80]}
        operator = OPERATORS[reached.fact.type].get(str(node.get("is", "")))
        asked = str(operator.label) if operator is not None else "?"
        if operator is None or operator.takes == "":
            return pgettext("condition", "%(fact)s %(asked)s") % {"fact": reached.label, "asked": asked}
        if operator.takes == "days":
            value = str(node.get("value"))
        else:
            value = self.value(reached, node.get("value"))
        return pgettext("condition", "%(fact)s %(asked)s %(value)s") % {
            "fact": reached.label, "asked": asked, "value": value,
        }  # fmt: skip

    def value(self, reached: Reachable, value: Any) -> str:
        """A value, given or found, in words."""
        fact = reached.fact
        if value is None or value in ("", []):
            return _("nothing")
        if isinstance(value, list):
            return listed(self.value(reached, one) for one in value)
        if isinstance(value, dict):
            return format_money(value.get("minor"), str(value.get("currency", "")))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if fact.type in (FactType.CHOICE, FactType.USER, FactType.TAG):
            return self._label(reached.key, fact, value)
        if fact.type == FactType.DATE:
            return date_words(value)
        if fact.type == FactType.TEXT:
            return _("“%(text)s”") % {"text": value}
        return str(value)

    def _label(self, key: str, fact: Fact, value: Any) -> str:
        """A choice by its word."""
        if key not in self._options:
            self._options[key] = {str(one): label for one, label in fact.options()}
        return self._options[key].get(str(value), str(value))


def date_words(value: Any) -> str:
    """A date or moment that the log or a rule holds."""
    try:
        found = datetime.fromisoformat(value) if len(str(value)) > 10 else date.fromisoformat(str(value))
    except ValueError:
        return str(value)
    if isinstance(found, datetime):
        local = timezone.localtime(found)
        return f"{cells.format_date(local.date(), cells.Context())} {local:%H:%M}"
    return cells.format_date(found, cells.Context())


def span_words(minutes: int) -> str:
    """A number of minutes as people say it."""
    minutes = abs(minutes)
    if minutes and minutes % DAY == 0:
        return ngettext("%(n)s day", "%(n)s days", minutes // DAY) % {"n": minutes // DAY}
    if minutes and minutes % HOUR == 0:
        return ngettext("%(n)s hour", "%(n)s hours", minutes // HOUR) % {"n": minutes // HOUR}
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def when_words(trigger: str, offset_minutes: int) -> str:
    """When a rule starts: `When a task is set`, `2 hours before a task is due`."""
    what = label_of(trigger)
    if trigger not in moments or not offset_minutes:
        return _("When %(what)s") % {"what": what}
    words = {"span": span_words(offset_minutes), "what": what}
    return _("%(span)s after %(what)s") % words if offset_minutes > 0 else _("%(span)s before %(what)s") % words


def parameter_words(parameter: Parameter, value: Any) -> str:
    """A parameter's value in words."""
    if parameter.type == ParameterType.BOOL:
        return _("yes") if value else _("no")
    if parameter.type == ParameterType.MINUTES:
        return span_words(int(value))
    options = {str(one): label for one, label in parameter.options()}
    parts = value if isinstance(value, list) else [value]
    return listed(options.get(str(one), str(one)) for one in parts)


def step_words(step: Step) -> str:
    """An act in words, with what it was given."""
    action = actions.get(step.action)
    if action is None:
        return _("an act that is no longer known (%(key)s)") % {"key": step.action[:80]}
    given = [
        pgettext("parameter", "%(name)s: %(value)s") % {
            "name": str(parameter.label), "value": parameter_words(parameter, step.parameters[parameter.key]),
        }
        for parameter in action.parameters
        if step.parameters.get(parameter.key) not in (None, "", [], False)
    ]  # fmt: skip
    link = links.get(step.via) if step.via else None
    words = str(action.label)
    if link is not None and action.kind == "":
        words = _("%(act)s (%(record)s)") % {"act": words, "record": str(link.label)}
    if not given:
        return words
    parts = pgettext("between parameters", "; ").join(given)
    return _("%(act)s (%(given)s)") % {"act": words, "given": parts}


def rule_sentence(rule: Rule, speaker: Speaker | None = None) -> str:
    """The whole rule as one sentence."""
    said = speaker or Speaker(facts_for(rule.trigger))
    then = pgettext("between acts", ", then ").join(step_words(step) for step in stored_steps(rule.actions))
    words = {
        "when": when_words(rule.trigger, rule.offset_minutes),
        "conditions": said.condition(rule.conditions),
        "acts": then or _("nothing"),
    }
    if not rule.conditions:
        return _("%(when)s, %(acts)s.") % words
    return _("%(when)s, if %(conditions)s, then %(acts)s.") % words


def limit_words(limit: str) -> str:
    """How often a rule may act on one record."""
    return str(Limit(limit).label) if limit in Limit.values else limit


@dataclass(frozen=True)
class Line:
    """One line of reasons: how deep, what was asked, what was found, whether it held (None: no answer)."""

    depth: int
    words: str
    found: str
    met: bool | None


def why_lines(node: Mapping[str, Any], speaker: Speaker, depth: int = 0) -> list[Line]:
    """The reasons of a firing, part by part."""
    if not node:
        return []
    for sort, words in (("all", _("all of these")), ("any", _("any of these")), ("not", _("none of these"))):
        if sort in node:
            head = [Line(depth, words, "", node.get("met"))]
            return head + [line for part in node[sort] for line in why_lines(part, speaker, depth + 1)]
    return [Line(depth, speaker.question(node), _found(node, speaker), node.get("met"))]


def _found(node: Mapping[str, Any], speaker: Speaker) -> str:
    """What was found of a fact, as far as the log keeps it."""
    if node.get("is_unknown"):
        return _("could not be read")
    if node.get("is_guarded"):
        return _("not kept in the log")
    reached = speaker.facts.get(str(node.get("fact", "")))
    if reached is None or "found" not in node:
        return ""
    if node.get("met") is None:
        return _("%(value)s: cannot be compared") % {"value": speaker.value(reached, node["found"])}
    return speaker.value(reached, node["found"])


def acts_lines(why: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    """What became of each act: its name, what it says, whether it failed."""
    lines = []
    for one in why.get("actions", []):
        action = actions.get(str(one.get("action", "")))
        label = str(action.label) if action is not None else str(one.get("action", ""))
        lines.append((label, told(one.get("failed") or one.get("done")), "failed" in one))
    return lines


def stopped_words(why: Mapping[str, Any]) -> str:
    """Why a rule was taken for part of a loop."""
    return {
        "again": _("This rule had a hand in what happened: it would start itself over and over."),
        "deep": _("Too many rules had started one another."),
        "often": _("This rule has acted on this record too often within an hour."),
    }.get(str(why.get("stopped", "")), "")
