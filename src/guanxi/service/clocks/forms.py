"""The form of a service level: whom it is for, the grid of promises, the steps of escalation."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guanxi.service import queries as case_queries
from guanxi.service.choices import CaseState, Priority
from guanxi.service.clocks import queries
from guanxi.service.clocks.choices import Act, Sort, Unit, Whom
from guanxi.service.clocks.services.promising import MOST_STEPS
from guanxi.service.clocks.telling import PAUSING
from guanxi.service.clocks.wording import ASPECT_WORDS, CHOICES, role_words
from guanxi.service.models import EscalationStep, SlaPolicy, SlaTarget
from guanxi.ui.forms import RecordForm, Section, dress

PRIORITIES = [(0, gettext_lazy("every other priority")), *Priority.choices]
SPARE_STEPS = 2
PERCENT, BEFORE, AFTER = "percent", "before", "after"
WHEN = [
    (PERCENT, gettext_lazy("at % of the time")),
    (BEFORE, gettext_lazy("minutes before it is due")),
    (AFTER, gettext_lazy("minutes after it was due")),
]
# How amounts are entered: a code, what it is stored as, how many of those one is, its words.
ENTERED: dict[str, tuple[Unit, int, Any]] = {
    "working_minutes": (Unit.WORKING_MINUTES, 1, gettext_lazy("working minutes")),
    "working_hours": (Unit.WORKING_MINUTES, 60, gettext_lazy("working hours")),
    "working_days": (Unit.WORKING_DAYS, 1, gettext_lazy("working days")),
    "minutes": (Unit.MINUTES, 1, gettext_lazy("minutes, day and night")),
    "hours": (Unit.MINUTES, 60, gettext_lazy("hours, day and night")),
    "days": (Unit.DAYS, 1, gettext_lazy("calendar days")),
    "days_rolled": (Unit.DAYS_ROLLED, 1, gettext_lazy("calendar days, moved off days off")),
}


class ServiceLevelForm(RecordForm):
    """Name, calendar, conditions, promises and steps of one service level."""

    name = forms.CharField(label=pgettext_lazy("service level", "Name"), max_length=120)
    position = forms.IntegerField(
        label=pgettext_lazy("service level", "Order"), min_value=0, max_value=100_000, required=False,
        help_text=gettext_lazy("Of two that ask for equally much, the one with the lower number holds."),
    )  # fmt: skip
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)
    calendar = forms.TypedChoiceField(
        label=gettext_lazy("Working calendar"), required=False, coerce=int, empty_value=None,
        choices=lambda: [("", _("The customer's or the department's own, else the company's")), *((row.pk, row.name) for row in queries.calendars())],
    )  # fmt: skip
    sections = (
        Section("level", gettext_lazy("Service level"), ("name", "is_active", "position", "calendar")),
        Section(
            "asks",
            gettext_lazy("For which cases"),
            tuple(f"ask_{aspect}" for aspect in ASPECT_WORDS),
            gettext_lazy("What is left empty takes every case. Of several service levels that fit, the one that asks for most holds."),
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, policy: SlaPolicy | None = None, **kwargs: Any) -> None:
        """Fields for each condition, each place of the grid and each step."""
        self.steps_there = len(policy.steps.all()) if policy is not None else 0
        kwargs["initial"] = {**(initial_of(policy) if policy is not None else {}), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        for aspect, field in _asking():
            self.fields[f"ask_{aspect}"] = field
        for name, field in [*_promising(), *_stepping(self._step_count())]:
            self.fields[name] = field
        for field in self.fields.values():
            dress(field)

    def _step_count(self) -> int:
        """How many lines of steps the form has: those that stand and some to fill in, or as many as were sent."""
        sent = 0
        if self.is_bound:
            while f"step_{sent}_sort" in self.data and sent < MOST_STEPS + SPARE_STEPS:
                sent += 1
        return max(sent, self.steps_there + SPARE_STEPS)

    def drawn_sections(self) -> Iterator[tuple[Section, list[BoundField]]]:
        """The grid and the steps are drawn by the page itself."""
        for section, fields in super().drawn_sections():
            if section.key != "rest":
                yield section, fields

    def grid(self) -> list[dict[str, Any]]:
        """The places of the grid, a line for each priority."""
        return [
            {
                "label": label,
                "cells": [
                    {"amount": self[f"amount_{sort}_{priority}"], "unit": self[f"unit_{sort}_{priority}"]} for sort in Sort.values
                ],
            }
            for priority, label in [*PRIORITIES[1:], PRIORITIES[0]]
        ]  # fmt: skip

    def grid_feet(self) -> list[dict[str, Any]]:
        """What holds for all promises of a sort: when it turns amber, what lets it stand."""
        return [{"warn": self[f"warn_{sort}"], "pauses": self[f"pauses_{sort}"]} for sort in Sort.values]

    def step_lines(self) -> list[dict[str, BoundField]]:
        """The fields of each step."""
        names = ("id", "sort", "number", "when", "act", "whom")
        lines = []
        number = 0
        while f"step_{number}_sort" in self.fields:
            lines.append({name: self[f"step_{number}_{name}"] for name in names})
            number += 1
        return lines

    def clean(self) -> dict[str, Any]:
        """A step needs a number, and one with a number is a step."""
        data = super().clean() or {}
        for line in range(self._step_count()):
            if data.get(f"step_{line}_sort") and data.get(f"step_{line}_number") is None:
                self.add_error(f"step_{line}_number", _("Say when the step comes."))
        return data

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        values = {name: data[name] for name in ("name", "is_active", "calendar")}
        if data.get("position") is not None:
            values["position"] = data["position"]
        values["asks"] = {aspect: data[f"ask_{aspect}"] for aspect in ASPECT_WORDS}
        values["targets"] = [
            {
                "sort": sort, "priority": priority, "warn_percent": data[f"warn_{sort}"] or 75,
                "pauses": data[f"pauses_{sort}"],
                **_stored(data[f"amount_{sort}_{priority}"], data[f"unit_{sort}_{priority}"]),
            }
            for sort in Sort.values for priority, _label in PRIORITIES if data[f"amount_{sort}_{priority}"] is not None
        ]  # fmt: skip
        values["steps"] = [_step_of(data, line) for line in range(self._step_count()) if data[f"step_{line}_sort"]]
        return values


def _asking() -> Iterator[tuple[str, forms.Field]]:
    """A field for each aspect that a service level may ask for."""
    for aspect, label in ASPECT_WORDS.items():
        if aspect in CHOICES:
            yield (
                aspect,
                forms.MultipleChoiceField(
                    label=label,
                    required=False,
                    choices=list(CHOICES[aspect].items()),
                    widget=forms.CheckboxSelectMultiple,
                ),
            )
        else:
            rows = case_queries.categories() if aspect == "category" else case_queries.departments()
            yield aspect, forms.MultipleChoiceField(
                label=label, required=False, choices=[(str(key), words) for key, words in rows],
                widget=forms.SelectMultiple(attrs={"data-pick": ""}),
            )  # fmt: skip


def _promising() -> Iterator[tuple[str, forms.Field]]:
    """An amount and a unit for each sort at each priority, and what holds for the whole sort."""
    for sort, sort_label in Sort.choices:
        for priority, label in PRIORITIES:
            words = f"{sort_label}, {label}"
            yield f"amount_{sort}_{priority}", forms.IntegerField(label=words, required=False, min_value=1)
            yield (
                f"unit_{sort}_{priority}",
                forms.ChoiceField(
                    label=_("%(what)s: counted in") % {"what": words},
                    required=False,
                    choices=[(code, label) for code, (_unit, _factor, label) in ENTERED.items()],
                ),
            )
        yield f"warn_{sort}", forms.IntegerField(
            label=_("%(what)s: amber at %% of the time") % {"what": sort_label}, min_value=1, max_value=100,
            required=False, initial=75,
        )  # fmt: skip
        yield f"pauses_{sort}", forms.MultipleChoiceField(
            label=_("%(what)s stands while the case") % {"what": sort_label}, required=False,
            choices=[(state.value, CaseState(state).label) for state in PAUSING], widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip


def _stepping(count: int) -> Iterator[tuple[str, forms.Field]]:
    """The fields of each step of escalation."""
    whom = [
        (Whom.OWNER.value, Whom.OWNER.label),
        (Whom.DEPARTMENT.value, Whom.DEPARTMENT.label),
        *((f"role:{role.pk}", role_words(role)) for role in queries.roles()),
        *((f"user:{number}", name) for number, name in queries.people()),
    ]
    for line in range(count):
        words = _("Step %(number)s") % {"number": line + 1}
        start = f"step_{line}_"
        yield f"{start}id", forms.IntegerField(required=False, widget=forms.HiddenInput)
        yield (
            f"{start}sort",
            forms.ChoiceField(
                label=f"{words}: {_('clock')}", required=False, choices=[("", _("no step")), *Sort.choices]
            ),
        )
        yield (
            f"{start}number",
            forms.IntegerField(label=f"{words}: {_('how much')}", required=False, min_value=0, max_value=1_000_000),
        )
        yield f"{start}when", forms.ChoiceField(label=f"{words}: {_('when')}", required=False, choices=WHEN)
        yield f"{start}act", forms.ChoiceField(label=f"{words}: {_('what')}", required=False, choices=Act.choices)
        yield f"{start}whom", forms.ChoiceField(label=f"{words}: {_('whom')}", required=False, choices=whom)


def _stored(amount: int, code: str) -> dict[str, Any]:
    """An amount as it is stored."""
    unit, factor, _words = ENTERED[code or "working_minutes"]
    return {"amount": amount * factor, "unit": unit.value}


def _step_of(data: Mapping[str, Any], line: int) -> dict[str, Any]:
    """One step as the service takes it."""
    whom, _colon, number = (data[f"step_{line}_whom"] or Whom.OWNER.value).partition(":")
    amount, when = data[f"step_{line}_number"], data[f"step_{line}_when"] or PERCENT
    return {
        "id": data[f"step_{line}_id"] or 0, "sort": data[f"step_{line}_sort"], "act": data[f"step_{line}_act"] or Act.NOTIFY,
        "whom": whom, "role": int(number) if whom == Whom.ROLE else None,
        "user": int(number) if whom == Whom.USER else None,
        "at_percent": amount if when == PERCENT else None,
        "offset_minutes": None if when == PERCENT else -amount if when == BEFORE else amount,
    }  # fmt: skip


def initial_of(policy: SlaPolicy) -> dict[str, Any]:
    """How a service level stands, as the form shows it."""
    found: dict[str, Any] = {
        "name": policy.name, "position": policy.position, "is_active": policy.is_active, "calendar": policy.calendar_id or "",
    }  # fmt: skip
    for aspect in ASPECT_WORDS:
        found[f"ask_{aspect}"] = [str(value) for value in policy.asks.get(aspect, ())]
    for target in policy.targets.all():
        found |= _initial_target(target)
    for line, step in enumerate(policy.steps.all()):
        found |= _initial_step(line, step)
    return found


def _initial_target(target: SlaTarget) -> dict[str, Any]:
    """One place of the grid."""
    code, amount = target.unit, target.amount
    if target.unit in (Unit.WORKING_MINUTES, Unit.MINUTES) and target.amount % 60 == 0:
        code, amount = "working_hours" if target.unit == Unit.WORKING_MINUTES else "hours", target.amount // 60
    return {
        f"amount_{target.sort}_{target.priority}": amount, f"unit_{target.sort}_{target.priority}": code,
        f"warn_{target.sort}": target.warn_percent, f"pauses_{target.sort}": list(target.pauses),
    }  # fmt: skip


def _initial_step(line: int, step: EscalationStep) -> dict[str, Any]:
    """One line of steps."""
    whom = {Whom.ROLE: f"role:{step.role_id}", Whom.USER: f"user:{step.user_id}"}.get(Whom(step.whom), step.whom)
    offset = step.offset_minutes or 0
    when = PERCENT if step.at_percent is not None else BEFORE if offset < 0 else AFTER
    return {
        f"step_{line}_id": step.pk, f"step_{line}_sort": step.sort, f"step_{line}_act": step.act, f"step_{line}_whom": whom,
        f"step_{line}_when": when, f"step_{line}_number": step.at_percent if when == PERCENT else abs(offset),
    }  # fmt: skip


class TryForm(forms.Form):
    """What a case might be, to see which service level would hold."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """A choice for each aspect."""
        super().__init__(*args, **kwargs)
        for aspect, label in ASPECT_WORDS.items():
            choices: Sequence[tuple[Any, Any]] = list(CHOICES[aspect].items()) if aspect in CHOICES else (
                case_queries.categories() if aspect == "category" else case_queries.departments()
            )  # fmt: skip
            self.fields[aspect] = forms.ChoiceField(label=label, required=False, choices=[("", "–"), *choices])
            dress(self.fields[aspect])
