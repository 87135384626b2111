"""What goes into a pack: every row that the statements name, the journal, where it came from, to whom it went."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Count
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from guanxi.core import changes, clock, ids, masking, personal_data, records
from guanxi.core.actor import Actor
from guanxi.core.erasing import Person
from guanxi.core.personal_data import Statement, Whose
from guanxi.customers.models import Customer
from guanxi.customers.privacy import holdings, legal
from guanxi.customers.privacy.erasing.previewing import journal_rows, until
from guanxi.integration.models import WebhookMessage

STEP = 500
MOST_HISTORY = 20_000


def gather(actor: Actor, person: Person) -> dict[str, Any]:
    """Everything, as a document of plain values; what others are concerned with is masked."""
    customer = Customer.everything.get(pk=person.customer_id)
    return {
        "customer": customer.public_id,
        "name": customer.name,
        "made_at": clock.now().isoformat(),
        "merged_from": [ids.public_id("cus", number) for number in person.customer_ids[1:]],
        "sections": list(_sections(actor, person)),
        "history": _history(actor, person),
        "sources": _sources(person),
        "passed_to": _passed_to(person),
        "answer_within_days": legal.number("request.due_days"),
    }


def _sections(actor: Actor, person: Person) -> Iterator[dict[str, Any]]:
    """One section for each model that holds something of the person."""
    for statement in holdings.statements(for_pack=True):
        rows = holdings.rows_of(statement, person.customer_ids).order_by("pk")
        told = [_row(actor, statement, row) for row in rows.iterator(chunk_size=STEP)]
        filled = [row for row in told if row]
        if filled:
            yield {
                "key": statement.label,
                "title": capfirst(str(statement.model._meta.verbose_name_plural)),
                "why": str(statement.why),
                "kept": until(statement.retention) if statement.kept_because else "",
                "kept_because": str(statement.kept_because),
                "columns": {name: _label(statement, name) for row in filled for name in row},
                "rows": filled,
            }


def _row(actor: Actor, statement: Statement, row: Any) -> dict[str, Any]:
    """The filled columns of a row; of colleagues the name only, of others a masked word."""
    found: dict[str, Any] = {}
    kind = records.kind_of(statement.model)
    of = str(getattr(row, "kind", ""))
    for field in row._meta.concrete_fields:
        held = statement.holding(field.name)
        if (held is None and not _tells_when(field)) or field.name in DERIVED:
            continue
        value = getattr(row, field.attname)
        if value in (None, "", {}, []):
            continue
        if field.is_relation:
            value = str(getattr(row, field.name))
        elif field.choices:
            value = str(dict(field.flatchoices).get(value, value))
        else:
            value = changes.as_json(value)
        if held is not None and held.of == Whose.OTHERS:
            value = masking.name(str(value))
        else:
            value = masking.shown(actor, kind, field.name, value, of)
        if value is not None:
            found[field.name] = value
    return found


DERIVED = frozenset({"sort_key", "initials", "stroke_key", "normalised", "sha256"})


def _tells_when(field: Any) -> bool:
    """Whether a column says when, in what state, for what: it belongs to the tale though it names nobody."""
    return field.name in {"at", "created_at", "visited_at", "ordered_at", "purpose", "kind", "currency", "source"}


def _label(statement: Statement, name: str) -> str:
    """A column in words."""
    return capfirst(str(statement.model._meta.get_field(name).verbose_name))  # type: ignore[union-attr]


def _history(actor: Actor, person: Person) -> list[dict[str, Any]]:
    """What was changed when, with the values that still stand; looks at guarded fields among them."""
    rows = journal_rows(person).select_related("operation").order_by("-id")[:MOST_HISTORY]
    return [
        {
            "at": change.operation.at.isoformat(),
            "by": change.operation.actor_name,
            "means": change.operation.means,
            "act": change.act,
            "what": change.kind,
            "field": change.field,
            "before": _value(actor, change.kind, change.field, change.before),
            "after": _value(actor, change.kind, change.field, change.after),
        }
        for change in rows
        if change.act != changes.ERASE
    ]


def _value(actor: Actor, kind: str, field: str, value: Any) -> Any:
    """A value of the journal; what speaks of others is masked, what is hidden from who makes the pack is left out."""
    if isinstance(value, Mapping):
        found = {name: _value(actor, kind, name, inner) for name, inner in value.items() if name not in DERIVED}
        return {name: inner for name, inner in found.items() if inner not in (None, "", {}, [])}
    model = records.model_of(kind)
    statement = personal_data.statement_of(model) if model is not None else None
    held = statement.holding(field) if statement is not None else None
    if held is not None and held.of == Whose.OTHERS and value not in (None, ""):
        return masking.name(str(value))
    return masking.shown(actor, kind, field, value)


def _sources(person: Person) -> list[str]:
    """Where the data came from."""
    found = []
    for customer in Customer.everything.filter(pk__in=person.customer_ids).select_related("import_run"):
        run = customer.import_run
        day = customer.created_at.date().isoformat()
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
