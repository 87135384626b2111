"""What goes into a pack: every row that the statements name, the journal, where it came from, to whom it went."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Count
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from guanxi.core import changes, clock, ids, masking, personal_data, records
from guanxi.core.actor import Actor
from guanxi.core.erasing import Person
from guanxi.core.models import Change
from guanxi.core.personal_data import Whose
from guanxi.customers.models import Customer
from guanxi.customers.privacy import holdings, legal
from guanxi.customers.privacy.erasing.previewing import journal_rows, until
from guanxi.customers.privacy.packing.wording import DERIVED, NOTHING, Wording
from guanxi.integration.models import WebhookMessage
from guanxi.people.history import presenting
from guanxi.people.history.reading import Act
from guanxi.ui import history
from guanxi.ui.cells import format_date, format_moment

STEP = 500
MOST_HISTORY = 20_000
# Rows of at most so many columns stand below one another in a table.
MOST_COLUMNS = 6


@dataclass
class Section:
    """What one model holds of the person: as data (`rows`) and for the page (`shown`: label and safe HTML)."""

    key: str
    title: str
    why: str
    kept: str
    kept_because: str
    columns: dict[str, str] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    shown: list[dict[str, str]] = field(default_factory=list)

    @property
    def labels(self) -> list[str]:
        """Every label of the rows, in order."""
        return list(dict.fromkeys(label for row in self.shown for label in row))

    @property
    def is_table(self) -> bool:
        """Whether the rows stand in one table rather than each by itself."""
        return len(self.shown) > 1 and len(self.labels) <= MOST_COLUMNS

    @property
    def cells(self) -> list[list[tuple[str, str]]]:
        """The rows of the table, each with every label."""
        return [[(label, row.get(label, "")) for label in self.labels] for row in self.shown]


@dataclass(frozen=True)
class Told:
    """One act of the history in words; `records` are the names of what changed with their lines."""

    when: str
    what: str
    who: str
    means: str
    reason: str
    records: list[tuple[str, list[history.Line]]]


@dataclass(frozen=True)
class Gathered:
    """Everything held about one person, in one language."""

    customer: str
    name: str
    made_at: datetime
    made: str
    merged_from: list[str]
    sections: list[Section]
    history: list[dict[str, Any]]
    acts: list[Told]
    sources: list[str]
    passed_to: list[str]
    answer_within_days: Any

    def data(self) -> dict[str, Any]:
        """The same as a document of plain values."""
        told = ("key", "title", "why", "kept", "kept_because", "columns", "rows")
        sections = [{name: getattr(one, name) for name in told} for one in self.sections]
        return {
            "customer": self.customer,
            "name": self.name,
            "made_at": self.made_at.isoformat(),
            "merged_from": self.merged_from,
            "sections": sections,
            "history": self.history,
            "sources": self.sources,
            "passed_to": self.passed_to,
            "answer_within_days": self.answer_within_days,
        }


def gather(actor: Actor, person: Person, language: str) -> Gathered:
    """Everything in the language that is active; what others are concerned with is masked."""
    customer = Customer.everything.get(pk=person.customer_id)
    wording, now = Wording(actor, person, language), clock.now()
    rows = list(journal_rows(person).select_related("operation").order_by("-id")[:MOST_HISTORY])
    rows = [change for change in rows if change.act != changes.ERASE]
    return Gathered(
        customer=customer.public_id,
        name=customer.name,
        made_at=now,
        made=format_moment(now, wording.reader.context),
        merged_from=[ids.public_id("cus", number) for number in person.customer_ids[1:]],
        sections=list(_sections(wording)),
        history=[_change(wording, change) for change in rows],
        acts=list(_acts(wording, rows)),
        sources=_sources(wording),
        passed_to=_passed_to(person),
        answer_within_days=legal.number("request.due_days"),
    )


def _sections(wording: Wording) -> Iterator[Section]:
    """One section for each model that holds something of the person."""
    for statement in holdings.statements(for_pack=True):
        names = statement.model._meta
        # Of what only names the person (tasks) the words go, whatever stays of the rest.
        kept_because = str(statement.kept_because) if statement.customer else ""
        found = Section(
            key=statement.label,
            title=str(names.verbose_name),
            why=str(statement.why),
            kept=until(statement.retention) if kept_because else "",
            kept_because=kept_because,
        )
        kind = records.kind_of(statement.model)
        for row in holdings.rows_of(statement, wording.person.customer_ids).order_by("pk").iterator(chunk_size=STEP):
            cells = wording.cells(statement, row)
            if cells:
                found.rows.append({cell.name: cell.value for cell in cells})
                found.shown.append({label: text for cell in cells for label, text in cell.lines if text})
                for cell in cells:
                    found.columns.setdefault(
                        cell.name, cell.lines[0][0] if cell.lines else wording.label(kind, cell.name)
                    )
        if found.rows:
            found.title = capfirst(str(names.verbose_name if len(found.rows) == 1 else names.verbose_name_plural))
            yield found


def _acts(wording: Wording, rows: Sequence[Change]) -> Iterator[Told]:
    """The history in words, act by act, the latest first."""
    wording.learn(list(rows))
    for _number, of_act in groupby(rows, key=lambda change: change.operation_id):
        mine = sorted(of_act, key=lambda change: change.pk)
        operation = mine[0].operation
        told = []
        for (kind, _record), some in groupby(mine, key=lambda change: (change.kind, change.record_id)):
            lines = [line for change in some for line in wording.change(change)]
            if lines:
                told.append((history.words_of(kind).name, lines))
        yield Told(
            when=format_moment(operation.at, wording.reader.context),
            what=presenting.label(Act(operation, mine)),
            who=_("(erased)") if operation.erased_at else operation.actor_name,
            means=str(presenting.MEANS.get(operation.means, operation.means)),
            reason=operation.reason,
            records=told,
        )


def _change(wording: Wording, change: Change) -> dict[str, Any]:
    """One change for programs, with the values that still stand; looks at guarded fields among them."""
    return {
        "at": change.operation.at.isoformat(),
        "by": change.operation.actor_name,
        "means": change.operation.means,
        "reason": change.operation.reason,
        "act": change.act,
        "what": change.kind,
        "field": change.field,
        "before": _value(wording, change.kind, change.field, change.before),
        "after": _value(wording, change.kind, change.field, change.after),
    }


def _value(wording: Wording, kind: str, name: str, value: Any) -> Any:
    """A value of the journal; what speaks of others is masked, what is hidden from who makes the pack is left out."""
    if isinstance(value, Mapping):
        found = {key: _value(wording, kind, key, inner) for key, inner in value.items() if key not in DERIVED}
        return {key: inner for key, inner in found.items() if inner not in NOTHING}
    model = records.model_of(kind)
    statement = personal_data.statement_of(model) if model is not None else None
    held = statement.holding(name) if statement is not None else None
    if held is not None and held.of == Whose.OTHERS and value not in (None, ""):
        return wording.of_others(str(value))
    return masking.shown(wording.actor, kind, name, value)


def _sources(wording: Wording) -> list[str]:
    """Where the data came from."""
    found = []
    for customer in Customer.everything.filter(pk__in=wording.person.customer_ids).select_related("import_run"):
        run, context = customer.import_run, wording.reader.context
        day = format_date(customer.created_at.astimezone(context.zone).date(), context)
        found.append(
            _("File %(file)s of source %(source)s, on %(day)s")
            % {"file": run.public_id, "source": run.source, "day": day}
            if run
            else _("Entered by hand or by a program on %(day)s") % {"day": day}
        )
    return found


def _passed_to(person: Person) -> list[str]:
    """Which systems were told of the person by webhooks: their names, how often."""
    subjects = [f"customer:{number}" for number in person.customer_ids]
    rows = WebhookMessage.objects.filter(about__in=subjects).values("endpoint__label").annotate(n=Count("pk"))
    return [_("%(name)s: %(count)d messages") % {"name": row["endpoint__label"], "count": row["n"]} for row in rows]
