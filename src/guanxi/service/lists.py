"""The list of cases."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from guanxi.conversations.choices import ChannelKind
from guanxi.core import clock
from guanxi.core.actor import Actor
from guanxi.core.ids import parse, public_id
from guanxi.core.models import User
from guanxi.customers.choices import Tier
from guanxi.routing.models import Queue
from guanxi.search.public import search
from guanxi.service import queries
from guanxi.service.choices import OPEN_STATES, CaseState, CaseType, Priority
from guanxi.service.clocks.choices import State
from guanxi.service.editable import STATES, owners
from guanxi.service.models import Case, CaseClock
from guanxi.service.models.case import CAME_AGAIN
from guanxi.service.services.bulk_changes import FIELDS, bulk_set_state, bulk_update_cases
from guanxi.tasks.queries import people
from guanxi.ui import cells, filters, lists
from guanxi.ui.countdown import draw_countdown
from guanxi.ui.forms import RecordForm
from guanxi.ui.html import badge, escape
from guanxi.ui.tables import Column, Table

STATE_TONES = {
    CaseState.NEW: "info",
    CaseState.OPEN: "accent",
    CaseState.WAITING: "warning",
    CaseState.HELD: "neutral",
    CaseState.SOLVED: "success",
    CaseState.CLOSED: "neutral",
    CaseState.CLOSED_ELSEWHERE: "neutral",
}
PRIORITY_TONES = {Priority.URGENT: "danger", Priority.HIGH: "warning"}
KEPT_STATES = (State.MET,)
BROKEN_STATES = (State.MET_LATE, State.BROKEN)
FOUND_AT_MOST = 500
REASONS_TOLD = 3


def case_url(case_id: int) -> str:
    """The page of a case."""
    return reverse("service:case", args=[public_id("cas", case_id)])


def _subject_cell(row: cells.Row, context: cells.Context) -> str:
    """What it is about, leading to the case."""
    return f'<a href="{context.url(row["id"])}">{escape(row["subject"] or public_id("cas", row["id"]))}</a>'


def _due_cell(row: cells.Row, context: cells.Context) -> str:
    """The next clock in the colour of its urgency; the page turns it amber and red by itself."""
    due_at = row["due_at"]
    if due_at is None or row["state"] not in OPEN_STATES:
        return cells.NOTHING
    return draw_countdown(due_at, context, warn_at=row["next_warn_at"])


def _next_warn() -> Subquery:
    """When the clock that runs out next turns amber."""
    running = CaseClock.objects.filter(case=OuterRef("pk"), ended_at__isnull=True, due_at__isnull=False)
    return Subquery(running.order_by("due_at").values("warn_at")[:1])


def _priority_cell(row: cells.Row, context: cells.Context) -> str:
    """What presses stands out."""
    label = str(dict(Priority.choices)[row["priority"]])
    tone = PRIORITY_TONES.get(row["priority"])
    return badge(label, tone) if tone else escape(label)


def _customer_cell(row: cells.Row, context: cells.Context) -> str:
    """Whose case it is, leading to the customer."""
    if row["customer_id"] is None:
        return f'<span class="nothing">{escape(_("not identified"))}</span>'
    where = reverse("customers:show", args=[public_id("cus", row["customer_id"])])
    return f'<a href="{where}">{escape(row["customer__name"])}</a>'


def _person(row: cells.Row) -> str:
    """Who answers for it."""
    return row["owner__name"] or row["owner__username"] or ""


def queue_choices() -> list[tuple[int, str]]:
    """Queues to choose from."""
    return list(Queue.objects.values_list("pk", "name"))


def everybody() -> list[tuple[int, str]]:
    """All who may have answered for cases, those who are gone behind the others."""
    return [(user.pk, user.display_name) for user in User.objects.order_by("-is_active", "name", "username")[:5000]]


# How old a case is in days: at least, less than.
AGES: dict[str, tuple[int, int | None]] = {"0": (0, 1), "1": (1, 3), "3": (3, 7), "7": (7, 30), "30": (30, None)}


def age_choices() -> list[tuple[str, str]]:
    """The ages in words."""
    return [(key, age_words(*bounds)) for key, bounds in AGES.items()]


def age_words(least: int, most: int | None) -> str:
    """An age in words."""
    if most is None:
        return _("%(least)s days and more") % {"least": least}
    return _("less than a day") if not least else _("%(least)s to %(most)s days") % {"least": least, "most": most}


def _queryset(actor: Actor) -> QuerySet[Any]:
    """The cases that the actor may see."""
    return Case.objects.visible_to(actor)


def _found(queryset: QuerySet[Any], text: str, actor: Actor) -> QuerySet[Any]:
    """Cases by their id, else by the words of their subject."""
    number = parse("cas", text)
    if number is not None:
        return queryset.filter(pk=number)
    hits = search(actor=actor, text=text, only=["case"], limit=FOUND_AT_MOST)
    return queryset.filter(pk__in=[hit.record_id for hit in hits])


class _FollowedFilter(filters.Boolean):
    """Solved cases, with or without somebody who asked afterwards how it went."""

    def condition(self, text: str) -> Q:
        """Only cases that were solved can be followed through."""
        return Q(solved_at__isnull=False, followed_at__isnull=text != "yes")


class _OneContactFilter(filters.Boolean):
    """Solved cases that one answer settled: the customer did not speak again, and it was not opened again."""

    def condition(self, text: str) -> Q:
        """Only cases that were solved and answered can tell."""
        at_once = Q(reopened_count=0, came_back_count=0)
        return Q(solved_at__isnull=False, first_answered_at__isnull=False) & (at_once if text == "yes" else CAME_AGAIN)


class _ReopenedFilter(filters.Boolean):
    """Cases that were opened again."""

    def condition(self, text: str) -> Q:
        """At least once."""
        return Q(reopened_count__gt=0) if text == "yes" else Q(reopened_count=0)


class _AnsweredFilter(filters.Boolean):
    """Cases that somebody has answered."""

    def condition(self, text: str) -> Q:
        """With or without a first answer."""
        return Q(first_answered_at__isnull=text != "yes")


class _KeptFilter(filters.Date):
    """Cases of which a clock ended within some days, in one of some states and none in any of others."""

    def __init__(self, key: str, label: Any, states: tuple[str, ...], never: tuple[str, ...] = ()) -> None:
        """In which states a clock ended, and in which none did."""
        super().__init__(key, label, "ended_at", is_moment=True)
        self.states, self.never = states, never

    def condition(self, text: str) -> Q:
        """What ended so."""
        ended = CaseClock.objects.filter(super().condition(text), case=OuterRef("pk"))
        found = Q(Exists(ended.filter(state__in=self.states)))
        return found & ~Q(Exists(ended.filter(state__in=self.never))) if self.never else found

    def absent(self) -> Q:
        """Clocks that have not ended."""
        return Q(ended_at__isnull=True)


class _AgeFilter(filters.Choice):
    """How long ago a case was opened."""

    def condition(self, text: str) -> Q:
        """Any of the ages."""
        found, now = Q(pk__in=()), clock.now()
        for value in text.split(","):
            bounds = AGES.get(value)
            if bounds is not None:
                least, most = bounds
                younger = Q() if most is None else Q(opened_at__gt=now - timedelta(days=most))
                found |= Q(opened_at__lte=now - timedelta(days=least)) & younger
        return found


class StateForm(RecordForm):
    """To which state."""

    state = forms.ChoiceField(label=gettext_lazy("State"), choices=STATES)


class FieldsForm(RecordForm):
    """What many cases are to be given; what is left empty stays as it is."""

    owner = forms.TypedChoiceField(
        label=gettext_lazy("Who answers for it"),
        coerce=int,
        required=False,
        choices=lambda: [("", "—"), *people()],
        empty_value=None,
    )
    case_type = forms.ChoiceField(
        label=gettext_lazy("Type"), required=False, choices=lambda: [("", "—"), *CaseType.choices]
    )
    category = forms.TypedChoiceField(
        label=gettext_lazy("Category"),
        coerce=int,
        required=False,
        choices=lambda: [("", "—"), *queries.categories()],
        empty_value=None,
    )
    priority = forms.TypedChoiceField(
        label=gettext_lazy("Priority"),
        coerce=int,
        required=False,
        choices=lambda: [("", "—"), *Priority.choices],
        empty_value=None,
    )
    tags = forms.CharField(label=gettext_lazy("Tags to put on"), required=False, max_length=400,
                           help_text=gettext_lazy("Separated by commas"))  # fmt: skip


def _move(*, actor: Actor, queryset: QuerySet[Any], count: int, data: Any) -> lists.Outcome:
    """Move the selected cases to a state; those that cannot are told with what is missing."""
    moved = bulk_set_state(actor=actor, queryset=queryset, state=data["state"])
    words = ngettext("%(count)s case moved.", "%(count)s cases moved.", moved.count) % {"count": moved.count}
    if moved.refused:
        told = " ".join(f"{title}: {reason}" for title, reason in moved.refused[:REASONS_TOLD])
        left = ngettext("%(count)s stays as it is.", "%(count)s stay as they are.", len(moved.refused))
        words = f"{words} {left % {'count': len(moved.refused)}} {told}"
    return lists.Outcome(words, count=moved.count)


def _give(*, actor: Actor, queryset: QuerySet[Any], count: int, data: Any) -> lists.Outcome:
    """Give the selected cases what was filled in."""
    values = {name: value for name, value in data.items() if value not in (None, "") and name in FIELDS}
    if "tags" in values:
        values["tags"] = [name for name in values["tags"].replace("，", ",").split(",") if name.strip()]
    changed, operation_id = bulk_update_cases(actor=actor, queryset=queryset, values=values) if values else (0, None)
    words = ngettext("%(count)s case changed.", "%(count)s cases changed.", changed) % {"count": changed}
    return lists.Outcome(words, operation_id, count=changed)


def _written(data: dict[str, Any]) -> list[tuple[str, str]]:
    """The fields of the journal that a bulk change writes."""
    names = {"owner": "owner_id", "category": "category_id"}
    return [
        ("case", names.get(name, name)) for name, value in data.items() if value not in (None, "") and name != "tags"
    ]


TABLE = Table(
    columns=[
        Column("subject", gettext_lazy("Subject"), ("subject",), _subject_cell, fixed=True),
        Column("state", gettext_lazy("State"), ("state",), cells.badge("state", CaseState.choices, STATE_TONES),
               group=True, choices=tuple(CaseState.choices), edit="state"),
        Column("due", gettext_lazy("Next clock"), ("due_at", "state", "next_warn_at"), _due_cell, sort="due_at",
               nullable=True, annotations=lambda: {"next_warn_at": _next_warn()},
               value=lambda row: row["due_at"],
               definition=gettext_lazy("When the next of its clocks (first answer, next answer, solution) runs out.")),
        Column("priority", gettext_lazy("Priority"), ("priority",), _priority_cell, group=True, edit="priority",
               choices=tuple(Priority.choices), value=lambda row: str(dict(Priority.choices)[row["priority"]])),
        Column("type", gettext_lazy("Type"), ("case_type",), cells.badge("case_type", CaseType.choices), group=True,
               choices=tuple(CaseType.choices), edit="case_type"),
        Column("customer", gettext_lazy("Customer"), ("customer_id", "customer__name"), _customer_cell,
               value=lambda row: row["customer__name"]),
        Column("tier", gettext_lazy("Tier"), ("tier",), cells.badge("tier", Tier.choices), group=True,
               choices=tuple(Tier.choices)),
        Column("owner", gettext_lazy("Who answers for it"), ("owner_id", "owner__name", "owner__username"),
               lambda row, _context: escape(_person(row)) or cells.NOTHING, group=True, edit="owner", choices=owners,
               value=_person),
        Column("department", gettext_lazy("Department"), ("department_id", "department__name"),
               lambda row, _context: escape(row["department__name"] or "") or cells.NOTHING, group=True,
               edit="department", choices=lambda _actor: queries.departments(), value=lambda row: row["department__name"], hidden=True),
        Column("category", gettext_lazy("Category"), ("category_id", "category__name"),
               lambda row, _context: escape(row["category__name"] or "") or cells.NOTHING, group=True,
               choices=lambda _actor: queries.categories(), value=lambda row: row["category__name"]),
        Column("channel", gettext_lazy("Channel"), ("channel_kind",), cells.badge("channel_kind", ChannelKind.choices),
               group=True, choices=tuple(ChannelKind.choices), hidden=True),
        Column("opened", pgettext_lazy("case", "Opened"), ("opened_at",), cells.moment("opened_at"), sort="opened_at"),
        Column("closed", pgettext_lazy("case", "Closed on"), ("closed_at",), cells.moment("closed_at"),
               sort="closed_at", nullable=True, hidden=True),
        Column("answered", gettext_lazy("First answered"), ("first_answered_at",), cells.moment("first_answered_at"),
               hidden=True),
        Column("reopened", gettext_lazy("Opened again"), ("reopened_count",), cells.number("reopened_count"),
               hidden=True),
        Column("number", gettext_lazy("Number"), (), lambda row, _context: escape(public_id("cas", row["id"])),
               value=lambda row: public_id("cas", row["id"]), hidden=True),
    ],
    default_sort="-opened",
)  # fmt: skip
_OPEN = ",".join(OPEN_STATES)
PAGE = lists.register(
    lists.ListPage(
        key="cases",
        kind="case",
        title=gettext_lazy("Cases"),
        icon="ticket",
        queryset=_queryset,
        table=TABLE,
        filters=[
            filters.Choice("state", gettext_lazy("State"), "state", choices=CaseState.choices),
            filters.Choice("owner", gettext_lazy("Who answers for it"), "owner_id", choices=everybody),
            filters.Choice("type", gettext_lazy("Type"), "case_type", choices=CaseType.choices),
            filters.Choice("priority", gettext_lazy("Priority"), "priority", choices=Priority.choices),
            filters.Choice("category", gettext_lazy("Category"), "category_id", choices=queries.categories),
            filters.Choice("department", gettext_lazy("Department"), "department_id",
                           choices=queries.departments),
            filters.Choice("tier", gettext_lazy("Tier"), "tier", choices=Tier.choices),
            filters.Choice("channel", gettext_lazy("Channel"), "channel_kind", choices=ChannelKind.choices),
            _FollowedFilter("followed", gettext_lazy("Followed through"), "followed_at"),
            filters.Date("due", gettext_lazy("Next clock"), "due_at", is_moment=True),
            filters.Date("opened", pgettext_lazy("case", "Opened"), "opened_at", is_moment=True),
            filters.Date("closed", pgettext_lazy("case", "Closed on"), "closed_at", is_moment=True),
            filters.Date("solved", pgettext_lazy("case", "Solved on"), "solved_at", is_moment=True),
            filters.Choice("queue", gettext_lazy("Queue"), "queue_id", choices=queue_choices),
            _AnsweredFilter("answered", gettext_lazy("Answered"), "first_answered_at"),
            _OneContactFilter("one_contact", gettext_lazy("Settled by one answer"), "came_back_count"),
            _ReopenedFilter("reopened", gettext_lazy("Opened again"), "reopened_count"),
            _KeptFilter("kept", gettext_lazy("Every clock was kept"), KEPT_STATES, BROKEN_STATES),
            _KeptFilter("ended", gettext_lazy("A clock ended"), (*KEPT_STATES, *BROKEN_STATES)),
            _AgeFilter("age", gettext_lazy("Age"), "opened_at", choices=age_choices, has_empty=False),
            _KeptFilter("broken", gettext_lazy("A clock was broken"), BROKEN_STATES),
        ],
        views=[
            lists.StandardView("mine", pgettext_lazy("cases", "Mine"), {"owner": lists.ME, "state": _OPEN}, sort="due"),
            lists.StandardView("open", pgettext_lazy("cases", "Open"), {"state": _OPEN}, sort="due"),
            lists.StandardView("solved", pgettext_lazy("cases", "Solved"), {"state": "solved"}),
            lists.StandardView("not_followed", gettext_lazy("Without a follow-through"), {"followed": "no"}, sort="-opened"),
            lists.StandardView("closed", pgettext_lazy("cases", "Closed"), {"state": "closed"}, sort="-closed"),
            lists.StandardView("board", gettext_lazy("Board"), {"state": _OPEN}, group="state", layout="board"),
        ],
        url_name="service:cases",
        record_url=case_url,
        search=_found,
        search_hint=gettext_lazy("Find a case"),
        bulk_actions=[
            lists.BulkAction("give", gettext_lazy("Edit"), _give, icon="pencil", form=FieldsForm,
                             permission=("case", "change"), writes=_written),
            lists.BulkAction("move", gettext_lazy("Move to a state"), _move, icon="progress", form=StateForm,
                             permission=("case", "change"), limit=500),
        ],
        has_custom_fields=True,
        create_url_name="service:open",
        create_label=gettext_lazy("New case"),
        board_by=("state", "priority", "owner", "type"),
        empty=lists.Empty(
            gettext_lazy("No cases yet"),
            gettext_lazy("Messages that need an answer open cases by themselves; a case can be opened by hand as well."),
            gettext_lazy("New case"),
            "service:open",
            icon="ticket",
        ),
    )
)  # fmt: skip
