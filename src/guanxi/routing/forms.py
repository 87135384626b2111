"""Forms of queues, capacity and reasons."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.routing import queries
from guanxi.routing.channel_kinds import LARGEST, channel_kinds
from guanxi.routing.choices import PresenceState, WhenGone
from guanxi.routing.membership import Membership
from guanxi.routing.models import Queue
from guanxi.routing.services.queues import LONGEST_SECONDS
from guanxi.routing.strategies import strategies
from guanxi.ui.forms import LongSelect, RecordForm, Section, dress

SHOWN_LEVELS = 3


def _strategies() -> list[tuple[str, str]]:
    """The strategies with what each does."""
    return [(key, f"{one.label} – {one.hint}") for key, one in strategies.items()]


def _seconds(label: Any, hint: Any) -> forms.IntegerField:
    """A time in seconds; 0 stands for never."""
    return forms.IntegerField(
        label=label, help_text=hint, min_value=0, max_value=LONGEST_SECONDS, initial=0,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )  # fmt: skip


class QueueForm(RecordForm):
    """A queue: what it is called, how work is given out, who gets it, where it flows over."""

    name = forms.CharField(label=pgettext_lazy("queue", "Name"), max_length=80)
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Small letters, digits, - and _; channels and programs name it by this."),
    )
    description = forms.CharField(label=_("Description"), max_length=300, required=False)
    department = forms.ChoiceField(label=_("Department"), required=False)
    order = forms.IntegerField(
        label=_("Place in lists"), min_value=0, max_value=9_999, initial=100,
        help_text=_("Work for which no queue is named goes to the first one."),
    )  # fmt: skip
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)
    strategy = forms.ChoiceField(label=_("Work is"), choices=_strategies, widget=forms.RadioSelect)
    accept_seconds = _seconds(
        _("Time to accept, in seconds"), _("What is not opened in time goes on to the next person; 0 for never.")
    )
    preferred_seconds = _seconds(
        _("Waits for whoever had it before, in seconds"),
        _("While they are online but have no room; 0 for not at all. With room they get it first in any case."),
    )
    level_seconds = _seconds(
        _("Time to the next level, in seconds"),
        _("A higher level is asked when nobody below is free, and not before this time; 0 for at once."),
    )
    paused = forms.MultipleChoiceField(
        label=_("Given nothing at present"), required=False, widget=forms.SelectMultiple({"data-pick": ""}),
        help_text=_("Members who go on seeing the queue and may take from it."),
    )  # fmt: skip
    overflow = forms.ChoiceField(label=_("Flows over into"), required=False)
    overflow_seconds = _seconds(_("After, in seconds"), _("What waits longer goes there; 0 for never."))

    def __init__(self, *args: Any, queue: Queue | None = None, **kwargs: Any) -> None:
        """Offer people, departments and the other queues; a list for each level."""
        members = queries.memberships(queue.pk) if queue is not None else []
        self.levels = max([SHOWN_LEVELS, *(one.level for one in members)])
        initial = kwargs.pop("initial", None) or {}
        kwargs["initial"] = {**initial, **_initial_members(members, self.levels)}
        super().__init__(*args, **kwargs)
        people = queries.people_for(queue.pk if queue is not None else None)
        for level in range(1, self.levels + 1):
            field = forms.MultipleChoiceField(
                label=_("Level %(n)s") % {"n": level}, required=False, choices=people,
                widget=forms.SelectMultiple({"data-pick": ""}),
            )  # fmt: skip
            dress(field)
            self.fields[f"level_{level}"] = field
        self.fields["paused"].choices = people  # type: ignore[attr-defined]
        self.fields["department"].choices = [("", "–"), *queries.departments()]  # type: ignore[attr-defined]
        others = queries.other_queues(queue.pk if queue is not None else None)
        self.fields["overflow"].choices = [("", _("nowhere")), *others]  # type: ignore[attr-defined]
        self.sections = (  # type: ignore[misc]
            Section("what", "", ("name", "code", "description", "department", "order", "is_active")),
            Section("how", _("How work is given out"), ("strategy", "accept_seconds", "preferred_seconds")),
            Section(
                "who", _("Who gets it"), (*(f"level_{n}" for n in range(1, self.levels + 1)), "level_seconds", "paused")
            ),
            Section("overflow", _("When it waits too long"), ("overflow", "overflow_seconds")),
        )

    def clean(self) -> dict[str, Any]:
        """Everybody stands on one level."""
        data = super().clean() or {}
        seen: set[str] = set()
        for level in range(1, self.levels + 1):
            chosen = set(data.get(f"level_{level}") or ())
            if chosen & seen:
                self.add_error(f"level_{level}", _("Somebody stands on an earlier level already."))
            seen |= chosen
        return data

    def values(self) -> dict[str, Any]:
        """The fields of the queue as the service takes them."""
        names = ("name", "code", "description", "department", "order", "is_active", "strategy", "overflow",
                 "accept_seconds", "preferred_seconds", "level_seconds", "overflow_seconds")  # fmt: skip
        return {name: self.cleaned_data[name] for name in names}

    def members(self) -> list[Membership]:
        """Who is in the queue, as the service takes them."""
        paused = set(self.cleaned_data["paused"])
        return [
            Membership(int(number), level, number not in paused)
            for level in range(1, self.levels + 1)
            for number in self.cleaned_data[f"level_{level}"]
        ]


def initial_of(queue: Queue) -> dict[str, Any]:
    """What the form shows of a queue."""
    names = ("name", "code", "description", "order", "is_active", "strategy", "accept_seconds", "preferred_seconds",
             "level_seconds", "overflow_seconds")  # fmt: skip
    return {
        **{name: getattr(queue, name) for name in names},
        "department": queue.department_id or "",
        "overflow": queue.overflow_id or "",
    }


def _initial_members(members: list[Membership], levels: int) -> dict[str, list[str]]:
    """The members by level."""
    by_level = {f"level_{n}": [str(one.user_id) for one in members if one.level == n] for n in range(1, levels + 1)}
    return {**by_level, "paused": [str(one.user_id) for one in members if not one.is_active]}


def _number(label: Any, least: int, *, required: bool = True) -> forms.IntegerField:
    """A small whole number."""
    return forms.IntegerField(label=label, min_value=least, max_value=LARGEST, required=required)


class RulesForm(RecordForm):
    """What holds for everybody: capacity, weights, and what happens when somebody is gone."""

    total = forms.IntegerField(
        label=_("Work in hand at once"), min_value=1, max_value=LARGEST,
        help_text=_("The weights of all that somebody has in hand stay within this."),
    )  # fmt: skip
    away_minutes = forms.IntegerField(label=_("Away after, in minutes"), min_value=2, max_value=24 * 60)
    offline_minutes = forms.IntegerField(label=_("Offline after, in minutes"), min_value=2, max_value=24 * 60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Three inputs for each kind of channel."""
        super().__init__(*args, **kwargs)
        for kind in channel_kinds:
            self.fields[f"weights_{kind.key}"] = _number(_("Weight: %(kind)s") % {"kind": kind.label}, 0)
            self.fields[f"most_{kind.key}"] = _number(_("At once: %(kind)s") % {"kind": kind.label}, 0)
            self.fields[f"gone_{kind.key}"] = forms.ChoiceField(
                label=_("When gone: %(kind)s") % {"kind": kind.label}, choices=WhenGone.choices
            )
        for name, field in self.fields.items():
            dress(field)
            if "_" in name and name.partition("_")[2] in channel_kinds:
                field.widget.attrs["aria-label"] = field.label

    def rows(self) -> Iterator[dict[str, Any]]:
        """The kinds of channel with their inputs."""
        for kind in channel_kinds:
            yield {
                "kind": kind,
                "weight": self[f"weights_{kind.key}"],
                "most": self[f"most_{kind.key}"],
                "gone": self[f"gone_{kind.key}"],
            }

    def part(self, name: str) -> dict[str, Any]:
        """The values of one of the three, by kind."""
        return {kind.key: self.cleaned_data[f"{name}_{kind.key}"] for kind in channel_kinds}


def initial_rules() -> dict[str, Any]:
    """What the form shows."""
    found: dict[str, Any] = queries.rules()
    for name in ("weights", "most", "gone"):
        found |= {f"{name}_{key}": value for key, value in found.pop(name).items()}
    return found


class CapacityForm(RecordForm):
    """How much one person can have in hand; what is left empty is as usual."""

    total = _number(_("Work in hand at once"), 0, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """One input for each kind of channel."""
        super().__init__(*args, **kwargs)
        usual = queries.usual_limits()
        self.fields["total"].widget.attrs["placeholder"] = str(usual.total)
        for kind in channel_kinds:
            field = _number(_("At once: %(kind)s") % {"kind": kind.label}, 0, required=False)
            field.widget.attrs["placeholder"] = str(usual.most[kind.key])
            dress(field)
            self.fields[f"most_{kind.key}"] = field

    def most(self) -> dict[str, int]:
        """What differs from the usual."""
        data = self.cleaned_data
        return {kind.key: data[f"most_{kind.key}"] for kind in channel_kinds if data[f"most_{kind.key}"] is not None}


class NewCapacityForm(forms.Form):
    """Whose capacity differs."""

    user = forms.ChoiceField(label=_("Person"), choices=queries.people_without_capacity, widget=LongSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Give the input the look of the system."""
        super().__init__(*args, **kwargs)
        dress(self.fields["user"])


class ReasonForm(RecordForm):
    """A reason for being in a state, in both languages."""

    state = forms.ChoiceField(label=_("For the state"), choices=PresenceState.choices)
    name_en = forms.CharField(label=_("In English"), max_length=60)
    name_zh = forms.CharField(label=_("In Chinese"), max_length=60)
    order = forms.IntegerField(label=_("Place in lists"), min_value=0, max_value=9_999, initial=100)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)
    sections: ClassVar = (Section("what", "", ("state", "name_en", "name_zh", "order", "is_active")),)
