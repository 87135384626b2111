"""The kinds of entry that the archive itself brings to the stream: notes, visits, movements, changes, origin."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Subquery
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import linebreaks
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from guanxi.core import money
from guanxi.core.actor import Actor
from guanxi.core.compiled import Compiled
from guanxi.core.models import Change, Operation
from guanxi.customers import history, timeline
from guanxi.customers.choices import Tier, VisitKind
from guanxi.customers.models import Customer, Note, StandingChange, VisitRecord
from guanxi.customers.timeline import Entry, Place, before_q
from guanxi.importing.choices import ImportState
from guanxi.ui.cells import Context, format_amount, format_date
from guanxi.ui.history import Reader
from guanxi.ui.html import badge, escape

VIEW = ("customer", "view")
_MOVEMENT = [field.attname for field in StandingChange._meta.concrete_fields]


def notes(actor: Actor, customer_id: int, before: Place | None, limit: int) -> Iterator[Entry]:
    """Remarks of colleagues."""
    rows = Note.objects.filter(before_q(before, time="at"), customer=customer_id).order_by("-at", "-id")
    for note in rows[:limit]:
        yield Entry(
            note.at,
            note.pk,
            pgettext("customer", "Note"),
            linebreaks(note.text, autoescape=True),
            note.author_name,
            icon="pin" if note.is_pinned else "sticky-note",
            tone="accent",
            edit_url=reverse("customers:note", args=[note.pk]),
        )


def visits(actor: Actor, customer_id: int, before: Place | None, limit: int) -> Iterator[Entry]:
    """Visits out and in."""
    rows = VisitRecord.objects.filter(before_q(before, time="visited_at"), customer=customer_id)
    for visit in rows.select_related("visitor").order_by("-visited_at", "-id")[:limit]:
        yield Entry(
            visit.visited_at,
            visit.pk,
            _("%(kind)s: %(text)s") % {"kind": VisitKind(visit.kind).label, "text": visit.purpose},
            render_to_string("customers/timeline_visit.html", {"visit": visit}),
            visit.visitor.display_name if visit.visitor else "",
            icon="map-pin",
            tone="info",
            edit_url=reverse("customers:visit", args=[visit.pk]),
        )


def movements(actor: Actor, customer_id: int, before: Place | None, limit: int) -> Iterator[Entry]:
    """Moves between tiers and classes."""
    if before is None:
        found = _newest_movements(customer_id, limit)
    else:
        rows = StandingChange.objects.filter(before_q(before, time="at"), customer=customer_id)
        currency = money.reporting_currency()
        found = [(change, currency) for change in rows.order_by("-at", "-id")[:limit]]
    context = Context()
    for change, currency in found:
        yield Entry(
            change.at,
            change.pk,
            _("Standing measured as of %(day)s") % {"day": format_date(change.as_of, context)},
            _moved(change, currency, context.language),
            icon="trending-up",
            tone=change.to_tier or "neutral",
        )


def _newest_movements(customer_id: int, limit: int) -> list[tuple[StandingChange, str]]:
    """The first page of movements, and the currency they are told in."""
    return [
        (StandingChange.from_db(DEFAULT_DB_ALIAS, _MOVEMENT, columns), money.told_in(currency))
        for currency, *columns in _first_movements(limit).rows(customer_id)
    ]


@cache
def _first_movements(limit: int) -> Compiled:
    """The query of the first page, with the company's currency beside each movement."""
    currency = Subquery(money.reporting_currency_rows())
    changes = StandingChange.objects.order_by("-at", "-id").values_list(currency, *_MOVEMENT)
    return Compiled(lambda customer_id: changes.filter(customer=customer_id)[:limit], int)


def _moved(change: StandingChange, currency: str, language: str) -> str:
    """From where to where."""
    parts = []
    labels = dict(Tier.choices)
    if change.from_tier != change.to_tier:
        old = badge(labels.get(change.from_tier, _("none")), change.from_tier)
        parts.append(f"{escape(_('Tier'))} {old} → {badge(labels.get(change.to_tier, _('none')), change.to_tier)}")
    if change.from_abc != change.to_abc:
        parts.append(f"ABC {escape(change.from_abc or '–')} → {escape(change.to_abc or '–')}")
    if change.from_net_minor != change.to_net_minor:
        amounts = [escape(format_amount(n, currency, language)) for n in (change.from_net_minor, change.to_net_minor)]
        parts.append(f"{escape(_('Net revenue'))} {amounts[0]} → {amounts[1]}")
    return f"<p>{' · '.join(parts)}</p>"


def changes(actor: Actor, customer_id: int, before: Place | None, limit: int) -> Iterator[Entry]:
    """What colleagues changed, one entry for each operation."""
    rows = Change.objects.filter(customer_id=customer_id).exclude(
        operation__name__in=[*history.SHOWN_ELSEWHERE, *timeline.shown_elsewhere]
    )
    if before is not None:
        rows = rows.filter(before_q(before, time="operation__at", id="operation_id"))
    numbers = list(rows.order_by("-operation_id").values_list("operation_id", flat=True).distinct()[:limit])
    operations = Operation.objects.in_bulk(numbers)
    by_operation = history.changes_of(numbers, customer_id)
    reader = Reader(actor)
    reader.learn(change for changes in by_operation.values() for change in changes)
    for number in numbers:
        operation = operations[number]
        lines = history.lines(reader, by_operation[number])
        yield Entry(
            operation.at,
            number,
            history.operation_label(operation.name),
            render_to_string("customers/timeline_change.html", {"lines": lines, "operation": operation})
            if lines
            else "",
            operation.actor_name,
            icon="history",
        )


def origin(actor: Actor, customer_id: int, before: Place | None, limit: int) -> Iterator[Entry]:
    """Where the customer came from: the import that brought it."""
    rows = Customer.objects.filter(pk=customer_id, import_run__state=ImportState.IN_FORCE).select_related("import_run")
    for customer in rows:
        run = customer.import_run
        at = run.committed_at or run.created_at
        if before is None or (at, run.pk) < before:
            title = _("Brought in by the import of %(file)s") % {"file": run.file_name}
            yield Entry(at, run.pk, title, "", run.by_name, run.get_absolute_url(), icon="file-import")


def _own(model: Any) -> Any:
    """A function that gives the rows of a model that belong to a customer."""
    return lambda customer: model.objects.filter(customer=customer)


timeline.register(
    timeline.TimelineKind("note", gettext_lazy("Notes"), "sticky-note", notes, VIEW, rows=_own(Note)), order=10
)
timeline.register(
    timeline.TimelineKind("visit", gettext_lazy("Visits"), "map-pin", visits, VIEW, rows=_own(VisitRecord)), order=20
)
timeline.register(timeline.TimelineKind("standing", gettext_lazy("Standing"), "trending-up", movements, VIEW), order=60)
timeline.register(
    timeline.TimelineKind(
        "change",
        gettext_lazy("Changes"),
        "history",
        changes,
        VIEW,
        rows=lambda customer: Change.objects.filter(customer_id=customer),
    ),
    order=80,
)
timeline.register(
    timeline.TimelineKind(
        "origin",
        gettext_lazy("Origin"),
        "file-import",
        origin,
        ("import", "view"),
        rows=lambda customer: Customer.everything.filter(pk=customer, import_run__isnull=False),
    ),
    order=90,
)
