"""The lists of complaints and of promises; figures lead here."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from guanxi.core import clock
from guanxi.core.actor import Actor
from guanxi.core.ids import public_id
from guanxi.service import queries as case_queries
from guanxi.service.choices import LIVE_STATES, CaseState
from guanxi.service.complaint_choices import Authority, Grade, PromiseState, Step
from guanxi.service.complaints import presenting, queries
from guanxi.service.complaints.services import promises
from guanxi.service.lists import STATE_TONES
from guanxi.service.models import ComplaintStep, Promise
from guanxi.tasks.queries import people
from guanxi.ui import cells, filters, lists
from guanxi.ui.countdown import draw_countdown
from guanxi.ui.html import badge, escape
from guanxi.ui.tables import Column, Table

_OPEN = ",".join(LIVE_STATES)
GRADE_TONES = {Grade.ORDINARY: "neutral", Grade.MAJOR: "warning", Grade.GROUP: "danger", Grade.PUBLIC: "danger"}


def complaint_url(case_id: int) -> str:
    """The page of a complaint."""
    return reverse("complaints:complaint", args=[public_id("cas", case_id)])


def promise_url(promise_id: int) -> str:
    """The page of a promise."""
    return reverse("complaints:promise", args=[public_id("prm", promise_id)])


def _subject_cell(row: cells.Row, context: cells.Context) -> str:
    """What it is about, leading to the complaint."""
    return f'<a href="{context.url(row["id"])}">{escape(row["subject"])}</a>'


def _step_cell(row: cells.Row, context: cells.Context) -> str:
    """Where it stands in the six steps; nothing for one that ended elsewhere."""
    if row["state"] == CaseState.CLOSED_ELSEWHERE:
        return cells.NOTHING
    return badge(str(Step(row["complaint__step"]).label), "neutral")


def _step_under_way(field: str) -> Subquery:
    """Of the step that is under way, one field."""
    rows = ComplaintStep.objects.filter(complaint=OuterRef("pk"), ended_at__isnull=True)
    return Subquery(rows.order_by("-round", "-pk").values(field)[:1])


def _until_cell(row: cells.Row, context: cells.Context) -> str:
    """How long the step has, red when it is late."""
    return draw_countdown(row["step_due_at"], context) if row["step_due_at"] is not None else cells.NOTHING


class _LateFilter(filters.Boolean):
    """Complaints whose step should have ended by now."""

    def condition(self, text: str) -> Q:
        """A step under way that is past its time."""
        rows = ComplaintStep.objects.filter(complaint=OuterRef("pk"), ended_at__isnull=True)
        late = Q(Exists(rows.filter(due_at__lt=clock.now())))
        return late if text == "yes" else ~late


def _plain(field: str) -> cells.Cell:
    """A text that may be missing."""

    def draw(row: cells.Row, context: cells.Context) -> str:
        """The text, or nothing."""
        return escape(row[field]) if row[field] else cells.NOTHING

    return draw


def _unit_cell(row: cells.Row, context: cells.Context) -> str:
    """The responsible unit by its own name or its department's."""
    name = row["complaint__unit__name"] or row["complaint__unit__department__name"]
    return escape(name) if name else cells.NOTHING


def _cause_cell(row: cells.Row, context: cells.Context) -> str:
    """The cause by its name or ours."""
    return escape(_cause_words(row)) or cells.NOTHING


def _cause_words(row: cells.Row) -> str:
    """The cause in words."""
    return queries.cause_name(row["complaint__cause__key"], row["complaint__cause__name"])


def _customer_cell(row: cells.Row, context: cells.Context) -> str:
    """Whose complaint it is."""
    if row["customer_id"] is None:
        return f'<span class="nothing">{escape(_("not identified"))}</span>'
    where = reverse("customers:show", args=[public_id("cus", row["customer_id"])])
    return f'<a href="{where}">{escape(row["customer__name"])}</a>'


def _complaints(actor: Actor) -> QuerySet[Any]:
    """The complaints whose case the actor may see, of imports in force."""
    return queries.complaints(actor)


_TABLE = Table(
    columns=[
        Column("subject", gettext_lazy("Subject"), ("subject",), _subject_cell, fixed=True),
        Column("state", gettext_lazy("State"), ("state",), cells.badge("state", CaseState.choices, STATE_TONES),
               group=True, choices=tuple(CaseState.choices)),
        Column("step", gettext_lazy("Step"), ("complaint__step", "state"), _step_cell, group=True,
               choices=tuple(Step.choices)),
        Column("until", pgettext_lazy("complaint step", "Step until"), ("step_due_at",), _until_cell,
               annotations=lambda: {"step_due_at": _step_under_way("due_at")}, value=lambda row: row["step_due_at"]),
        Column("grade", gettext_lazy("Grade"), ("complaint__grade",), cells.badge("complaint__grade", Grade.choices, GRADE_TONES), group=True,
               choices=tuple(Grade.choices)),
        Column("customer", gettext_lazy("Customer"), ("customer_id", "customer__name"), _customer_cell,
               value=lambda row: row["customer__name"]),
        Column("category", gettext_lazy("Category"), ("category__name",), _plain("category__name")),
        Column("unit", gettext_lazy("Responsible unit"), ("complaint__unit__name", "complaint__unit__department__name"), _unit_cell,
               value=lambda row: row["complaint__unit__name"] or row["complaint__unit__department__name"]),
        Column("cause", gettext_lazy("Cause"), ("complaint__cause__key", "complaint__cause__name"), _cause_cell, value=_cause_words),
        Column("owner", gettext_lazy("Who answers for it"), ("owner__name", "owner__username"),
               lambda row, _context: escape(row["owner__name"] or row["owner__username"] or "") or cells.NOTHING,
               value=lambda row: row["owner__name"] or row["owner__username"] or ""),
        Column("number", gettext_lazy("Number"), (), lambda row, _context: escape(public_id("cas", row["id"])),
               value=lambda row: public_id("cas", row["id"]), hidden=True),
        Column("authority", gettext_lazy("Authority"), ("complaint__authority", "complaint__authority_number"), cells.badge("complaint__authority", Authority.choices),
               hidden=True),
        Column("opened", gettext_lazy("Received on"), ("opened_at",), cells.moment("opened_at"),
               sort="opened_at"),
        Column("closed", gettext_lazy("Closed on"), ("closed_at",), cells.moment("closed_at"),
               sort="closed_at", nullable=True, hidden=True),
    ],
    default_sort="-opened",
)  # fmt: skip
COMPLAINTS = lists.register(
    lists.ListPage(
        key="complaints",
        kind="case",
        title=gettext_lazy("Complaints"),
        icon="flag",
        queryset=_complaints,
        table=_TABLE,
        filters=[
            filters.Choice("state", gettext_lazy("State"), "state", choices=CaseState.choices),
            filters.Choice("step", gettext_lazy("Step"), "complaint__step", choices=Step.choices),
            _LateFilter("late", pgettext_lazy("complaint step", "Step is late")),
            filters.Choice("grade", gettext_lazy("Grade"), "complaint__grade", choices=Grade.choices),
            filters.Choice("unit", gettext_lazy("Responsible unit"), "complaint__unit_id", choices=queries.unit_choices),
            filters.Choice("cause", gettext_lazy("Cause"), "complaint__cause_id", choices=queries.cause_filter_choices),
            filters.Choice("category", gettext_lazy("Category"), "category_id", choices=case_queries.categories),
            filters.Choice("branch", gettext_lazy("Branch of categories"), "category__branch",
                           choices=queries.branch_choices, apply=queries.in_branches),
            filters.Choice("article", gettext_lazy("Product"), "product_id", choices=queries.article_choices),
            filters.Choice("authority", gettext_lazy("Authority"), "complaint__authority", choices=Authority.choices[1:]),
            filters.Choice("owner", gettext_lazy("Who answers for it"), "owner_id", choices=people),
            filters.Date("opened", gettext_lazy("Received on"), "opened_at", is_moment=True),
            filters.Date("closed", gettext_lazy("Closed on"), "closed_at", is_moment=True),
        ],
        views=[
            lists.StandardView(
                "mine", pgettext_lazy("complaints", "Mine"), {"owner": lists.ME, "state": _OPEN}, sort="opened"
            ),
            lists.StandardView(
                "open", pgettext_lazy("complaints", "Open"), {"state": _OPEN}, sort="opened"
            ),
            lists.StandardView("late", pgettext_lazy("complaints", "Late"), {"late": "yes"}, sort="opened"),
            lists.StandardView("closed", pgettext_lazy("complaints", "Closed"), {"state": "closed"}, sort="-closed"),
            lists.StandardView(
                "elsewhere", pgettext_lazy("complaints", "Closed elsewhere"), {"state": "closed_elsewhere"}
            ),
        ],
        url_name="complaints:list",
        record_url=complaint_url,
        search=lambda queryset, text, _actor: queryset.filter(subject__icontains=text),
        search_hint=gettext_lazy("Find a complaint"),
        empty=lists.Empty(
            gettext_lazy("No complaints"),
            gettext_lazy("A case of the type complaint stands here, with its six steps; complaints of another system can be imported."),
            gettext_lazy("New case"),
            "service:open",
            icon="flag",
        ),
    )
)  # fmt: skip


def _promise_cell(row: cells.Row, context: cells.Context) -> str:
    """What was promised."""
    return f'<a href="{context.url(row["id"])}">{escape(row["text"])}</a>'


def _due_cell(row: cells.Row, context: cells.Context) -> str:
    """By when, in the colour of its urgency."""
    words = cells.draw_moment(row["due_at"], context)
    is_late = row["state"] == PromiseState.OPEN and row["due_at"] < clock.now()
    return badge(words, "danger") if is_late else words


def _to_cell(row: cells.Row, context: cells.Context) -> str:
    """To whom."""
    if row["customer_id"] is None:
        return cells.NOTHING
    where = reverse("customers:show", args=[public_id("cus", row["customer_id"])])
    return f'<a href="{where}">{escape(row["customer__name"])}</a>'


def _keep(*, actor: Actor, queryset: QuerySet[Any], count: int, data: Any) -> lists.Outcome:
    """Note that the selected promises are kept."""
    done = 0
    rows = queryset.filter(state__in=(PromiseState.OPEN, PromiseState.BROKEN))
    for number in rows.values_list("pk", flat=True):
        promises.keep_promise(actor=actor, promise_id=number)
        done += 1
    words = ngettext("%(count)s promise is kept.", "%(count)s promises are kept.", done) % {"count": done}
    return lists.Outcome(words, count=done)


PROMISES = lists.register(
    lists.ListPage(
        key="promises",
        kind="promise",
        title=gettext_lazy("Promises"),
        icon="calendar-event",
        queryset=lambda actor: Promise.objects.visible_to(actor),
        table=Table(
            columns=[
                Column("text", gettext_lazy("What was promised"), ("text",), _promise_cell, fixed=True),
                Column("due", pgettext_lazy("promise", "By"), ("due_at", "state"), _due_cell, sort="due_at",
                       value=lambda row: row["due_at"]),
                Column("state", gettext_lazy("State"), ("state",),
                       cells.badge("state", PromiseState.choices, presenting.PROMISE_TONES), group=True,
                       choices=tuple(PromiseState.choices)),
                Column("customer", gettext_lazy("Customer"), ("customer_id", "customer__name"), _to_cell,
                       value=lambda row: row["customer__name"]),
                Column("owner", gettext_lazy("Who keeps it"), ("owner__name", "owner__username"),
                       lambda row, _context: escape(row["owner__name"] or row["owner__username"] or "") or cells.NOTHING,
                       value=lambda row: row["owner__name"] or row["owner__username"]),
                Column("ended", gettext_lazy("Kept or broken on"), ("ended_at",), cells.moment("ended_at"), hidden=True),
            ],
            default_sort="-due",
        ),
        filters=[
            filters.Choice("state", gettext_lazy("State"), "state", choices=PromiseState.choices),
            filters.Choice("owner", gettext_lazy("Who keeps it"), "owner_id", choices=people),
            filters.Date("due", pgettext_lazy("promise", "By"), "due_at", is_moment=True),
            filters.Number("customer", gettext_lazy("Customer"), "customer_id"),
        ],
        views=[
            lists.StandardView("mine", pgettext_lazy("promises", "Mine"), {"owner": lists.ME, "state": "open"}, sort="due"),
            lists.StandardView("open", pgettext_lazy("promises", "Open"), {"state": "open"}, sort="due"),
            lists.StandardView("broken", pgettext_lazy("promises", "Broken"), {"state": "broken"}),
        ],
        url_name="complaints:promises",
        record_url=promise_url,
        search=lambda queryset, text, _actor: queryset.filter(text__icontains=text),
        search_hint=gettext_lazy("Find a promise"),
        bulk_actions=[
            lists.BulkAction("keep", gettext_lazy("Kept"), _keep, icon="check", limit=500, permission=("promise", "change"))
        ],
        empty=lists.Empty(
            gettext_lazy("No promises"),
            gettext_lazy("What a customer is promised by a date, on their page or on a complaint, stands here; it breaks by itself when the date passes."),
            icon="calendar-event",
        ),
    )
)  # fmt: skip
