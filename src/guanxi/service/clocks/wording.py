"""What clocks are told in words: promises, whom they are for, why one holds, what happened to a clock and because of what."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from guanxi.conversations.choices import ChannelKind
from guanxi.customers.choices import Tier
from guanxi.service.choices import CaseState, CaseType, Priority
from guanxi.service.clocks.choices import Act, Sort, Unit, Whom
from guanxi.service.clocks.rules import in_force
from guanxi.service.models import EscalationStep, SlaPolicy
from guanxi.ui.countdown import span_words

ASPECT_WORDS = {
    "type": gettext_lazy("Type"),
    "tier": gettext_lazy("Tier"),
    "channel": gettext_lazy("Channel"),
    "priority": gettext_lazy("Priority"),
    "category": gettext_lazy("Category"),
    "department": gettext_lazy("Department"),
}
CHOICES: dict[str, dict[str, Any]] = {
    "type": dict(CaseType.choices),
    "tier": dict(Tier.choices),
    "channel": dict(ChannelKind.choices),
    "priority": {str(value): label for value, label in Priority.choices},
}
WHAT_WORDS = {
    "started": pgettext_lazy("clock", "Started"),
    "recomputed": pgettext_lazy("clock", "Reckoned anew"),
    "paused": pgettext_lazy("clock", "Paused"),
    "resumed": pgettext_lazy("clock", "Went on"),
    "continued": pgettext_lazy("clock", "Opened again"),
    "warned": pgettext_lazy("clock", "Turned amber"),
    "broken": pgettext_lazy("clock", "Ran out"),
    "met": pgettext_lazy("clock", "Met"),
    "met_late": pgettext_lazy("clock", "Met late"),
    "stopped": pgettext_lazy("clock", "Stopped"),
    "escalated": pgettext_lazy("clock", "Escalated"),
}
EVENT_WORDS = {
    "opened": gettext_lazy("the case was opened"),
    "state": gettext_lazy("the state of the case changed"),
    "many": gettext_lazy("many cases were changed at once"),
    "undone": gettext_lazy("a change was undone"),
    "heard": gettext_lazy("the customer wrote"),
    "answered": gettext_lazy("the customer was answered"),
    "taken_back": gettext_lazy("an answer was taken back"),
    "failed": gettext_lazy("an answer did not arrive"),
    "merged": gettext_lazy("two conversations became one"),
    "split": gettext_lazy("a conversation was split"),
    "calendar": gettext_lazy("a working calendar changed"),
    "hours": gettext_lazy("the calendar of the customer or the department changed"),
    "moved": gettext_lazy("a department or category was moved"),
    "joined": gettext_lazy("two customers became one, or one two again"),
    "policy": gettext_lazy("a service level changed"),
    "tier": gettext_lazy("the tier of the customer changed"),
    "rules": gettext_lazy("the service levels changed"),
}
_FIELDS = {"case_type": "type", "channel_kind": "channel", "customer": "tier"}


def amount_words(amount: int, unit: str) -> str:
    """How much time there is."""
    if unit == Unit.WORKING_MINUTES:
        return _("%(span)s of working time") % {"span": span_words(amount * 60)}
    if unit == Unit.MINUTES:
        return _("%(span)s around the clock") % {"span": span_words(amount * 60)}
    if unit == Unit.WORKING_DAYS:
        return ngettext("%(count)s working day", "%(count)s working days", amount) % {"count": amount}
    days = ngettext("%(count)s calendar day", "%(count)s calendar days", amount) % {"count": amount}
    return _("%(days)s, moved off days off") % {"days": days} if unit == Unit.DAYS_ROLLED else days


def left_words(left: int, unit: str) -> str:
    """What remains of a clock that stands."""
    if unit in (Unit.WORKING_MINUTES, Unit.MINUTES):
        return span_words(max(left, 0))
    days = max(left, 0)
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


def asked_words(asks: Mapping[str, Any], names: Mapping[str, Mapping[int, str]]) -> list[tuple[str, str]]:
    """Whom a policy is for: each aspect with its values in words."""
    found = []
    for aspect, label in ASPECT_WORDS.items():
        values = asks.get(aspect) or ()
        known: Mapping[Any, Any] = CHOICES.get(aspect) or names.get(aspect, {})
        if values:
            found.append((str(label), pgettext("list", ", ").join(str(known.get(value, value)) for value in values)))
    return found


def why_words(why: Mapping[str, Any]) -> str:
    """Why a policy holds for a case."""
    met = [str(ASPECT_WORDS[aspect]) for aspect in why.get("met", ()) if aspect in ASPECT_WORDS]
    asked = (
        _("It asks for: %(what)s.") % {"what": pgettext("list", ", ").join(met)} if met else _("It is for every case.")
    )
    told = {
        "special": _("It asks for more than “%(other)s”."),
        "deep": _("Its category or department is narrower than that of “%(other)s”."),
        "order": _("It stands before “%(other)s”, which fits as well."),
    }.get(str(why.get("by")))
    second = _("No other fits.")
    if told:
        second = told % {"other": in_force().names.get(why.get("before") or 0, _("another one"))}
    words = {"first": asked, "second": second}
    found = pgettext("two sentences", "%(first)s %(second)s") % words
    counted = counted_words(why)
    return pgettext("two sentences", "%(first)s %(second)s") % {"first": found, "second": counted} if counted else found


WHOSE_WORDS = {
    "policy": gettext_lazy("Its time counts by the calendar “%(name)s”, which the service level names."),
    "customer": gettext_lazy("Its time counts by the customer’s own calendar “%(name)s”."),
    "department": gettext_lazy("Its time counts by the department’s own calendar “%(name)s”."),
}


def counted_words(why: Mapping[str, Any]) -> str:
    """By which calendar a clock counts, where that is not the company's."""
    words = WHOSE_WORDS.get(str(why.get("whose")))
    name = in_force().calendars.get(why.get("calendar") or 0) if words else None
    return str(words) % {"name": name} if name else ""


def because_words(what: str, because: Mapping[str, Any]) -> str:
    """What brought something about."""
    parts = []
    if what == "started" or (what == "recomputed" and "policy" in because and "met" in because):
        name = in_force().names.get(because.get("policy") or 0, "")
        promised = amount_words(int(because.get("amount", 0)), str(because.get("unit", "")))
        parts.append(_("%(promised)s by “%(policy)s”") % {"promised": promised, "policy": name} if name else promised)
    if what == "paused":
        status = str(because.get("status", ""))
        parts.append(str(CaseState(status).label) if status in CaseState.values else status)
    if what == "escalated":
        parts.append(_escalated(because))
    elif because.get("event") == "changed":
        fields = [_FIELDS.get(name, name) for name in because.get("fields", ())]
        known = {**ASPECT_WORDS, "conversation": gettext_lazy("Conversation")}
        labels = [str(known[name]) for name in fields if name in known]
        parts.append(_("changed: %(what)s") % {"what": pgettext("list", ", ").join(labels)})
    elif because.get("event") == "state" and because.get("status") in CaseState.values:
        parts.append(_("the case is now: %(status)s") % {"status": CaseState(because["status"]).label})
    elif because.get("event") in EVENT_WORDS and what != "started":
        parts.append(str(EVENT_WORDS[str(because["event"])]))
    return pgettext("list", "; ").join(part for part in parts if part)


def _escalated(because: Mapping[str, Any]) -> str:
    """Which step, whom it reached, and whether it could be taken."""
    act, whom = because.get("act"), because.get("whom")
    words = str(Act(act).label) if act in Act.values else str(act or "")
    if act != Act.RAISE and whom in Whom.values:
        words = _("%(act)s %(whom)s") % {"act": words, "whom": Whom(whom).label}
    if "refused" in because:
        return _("%(act)s: was not possible") % {"act": words}
    names = pgettext("list", ", ").join(because.get("names", ()))
    return _("%(act)s: %(names)s") % {"act": words, "names": names} if names and act != Act.RAISE else words


def moment_words(step: EscalationStep) -> str:
    """When a step comes."""
    if step.at_percent is not None:
        return _("at %(share)s %% of the time") % {"share": step.at_percent}
    minutes = step.offset_minutes or 0
    if not minutes:
        return _("when it is due")
    words = {"span": span_words(abs(minutes) * 60)}
    return _("%(span)s before it is due") % words if minutes < 0 else _("%(span)s after it was due") % words


def step_words(step: EscalationStep) -> str:
    """What a step does, for whom."""
    act = Act(step.act)
    if act is Act.RAISE:
        return str(act.label)
    whom = str(Whom(step.whom).label)
    if step.whom == Whom.ROLE and step.role is not None:
        whom = role_words(step.role)
    elif step.whom == Whom.USER and step.user is not None:
        whom = step.user.display_name
    return _("%(act)s %(whom)s") % {"act": act.label, "whom": whom}


def role_words(role: Any) -> str:
    """A role in the reader's language, as those whom a step reaches."""
    is_chinese = (get_language() or "").startswith("zh")
    return _("everybody with the role “%(role)s”") % {"role": role.name_zh if is_chinese else role.name_en}


def promise_words(policy: SlaPolicy) -> list[dict[str, Any]]:
    """What a policy promises, a line for each priority that has one, by sort; the line for all others last."""
    by_key = {(target.sort, target.priority): target for target in policy.targets.all()}
    given = {priority for _sort, priority in by_key}
    others = _("every other priority") if given - {0} else _("every priority")
    rows = []
    for priority, label in (*Priority.choices, (0, others)):
        if priority in given:
            cells = [by_key.get((sort.value, priority)) for sort in Sort]
            words = [amount_words(cell.amount, cell.unit) if cell is not None else "" for cell in cells]
            rows.append({"label": label, "cells": words})
    return rows
