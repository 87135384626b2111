"""The id of another's record in every field of a form that is hidden or chosen: nothing of that record is told or touched.

Every form that the keeper can open is sent with the outsider's ids, one field and one id after the other. Numbers mean
other things in other fields (a colleague, an own record of another kind), so it is not the answer that is asked but what
was written: no row may point at a record of the outsider's, nor be one. A form means the same on every database: each of
them is sent every second id.
"""

import re
from collections.abc import Iterable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from guanxi.core import records
from guanxi.core.actor import system_actor
from guanxi.core.records import RecordRef
from guanxi.customers.models import Customer
from guanxi.customers.services.visits import add_note
from guanxi.tasks.services.tasks import create_task
from tests.forms import Form
from tests.matrix.effects import Changed, Effects
from tests.matrix.requests_of import company
from tests.matrix.rows import Page, pages
from tests.matrix.state import digest_of_rows
from tests.matrix.trying import Answer, Tryer
from tests.matrix.world import World
from tests.test_forms_of_two import forms_of, route

pytestmark = [pytest.mark.full, pytest.mark.django_db]
CHOSEN = frozenset({"select", "select-multiple", "radio", "checkbox"})
# Sending these ends the session of whoever tries.
ENDS = ("/accounts/", "/settings/security/sessions/")
# What every form carries that names no record.
CARRIED = frozenset({"csrfmiddlewaretoken", "_opened"})
ID = re.compile(r"\d+|[a-z]{3}_\w{5,}")
# How rows point at a record of any kind: the columns of its kind and of its number.
POINTERS = (("kind", "record_id"), ("about_kind", "about_id"), ("record_kind", "record_id"))
Secrets = set[tuple[type[models.Model], int]]


def secrets(world: World) -> Secrets:
    """The outsider's records: customers, and whatever belongs to the outsider or to one of these customers."""
    outsider = world.users["outsider"].pk
    owned = {(Customer, number) for number in Customer.everything.filter(owner=outsider).values_list("pk", flat=True)}
    owners = {"owner": outsider, "user": outsider, "assignee": outsider, "created_by": outsider}
    found: Secrets = set(owned)
    for model in apps.get_models():
        # Colleagues, their teams and their absences are no secret.
        if not model.__module__.startswith("guanxi.") or model._meta.app_label == "core":
            continue
        manager = getattr(model, "everything", model._base_manager)
        for column in model._meta.concrete_fields:
            if column.related_model is Customer:
                rows = manager.filter(**{f"{column.attname}__in": [number for _model, number in owned]})
            elif column.name in owners and column.is_relation:
                rows = manager.filter(**{column.attname: owners[column.name]})
            else:
                continue
            found |= {(model, number) for number in rows.values_list("pk", flat=True) if isinstance(number, int)}
    return found


def touched(hidden: Secrets, changed: Iterable[Changed]) -> list[str]:
    """Rows that point at a secret record, or are one."""
    found = []
    for one in changed:
        named = {(one.model, int(one.key))} if one.key.isdecimal() else set()
        for column in one.model._meta.concrete_fields:
            if column.is_relation and isinstance(one.row.get(column.attname), int):
                named.add((column.related_model, one.row[column.attname]))  # type: ignore[arg-type]
        for kind, number in POINTERS:
            if isinstance(one.row.get(number), int) and (model := records.model_of(str(one.row.get(kind) or ""))):
                named.add((model, one.row[number]))
        if isinstance(one.row.get("customer_id"), int):
            named.add((Customer, one.row["customer_id"]))
        found += [f"{one.model._meta.label} {one.key} -> {model.__name__} {key}" for model, key in named & hidden]
    return found


def fields_of(form: Form, page: Page | None) -> list[str]:
    """The fields of a form that may hold the id of a record: they offer one, or nothing at all; not words alone."""
    found = {name for name, value in (page.body if page else {}).items() if re.search(r"{\w+(:pk)?}", str(value))}
    for name in {*form.values, *form.inputs}:
        kind = form.inputs.get(name, "hidden")
        if kind == "hidden" or kind in CHOSEN:
            offered = [value for value in (*form.values.get(name, ()), *form.options.get(name, ())) if value]
            if not offered or any(ID.fullmatch(value) for value in offered):
                found.add(name)
    return sorted(found - CARRIED)


def anothers(world: World, form: Form, name: str) -> list[str]:
    """Every id of the outsider's, as numbers or as they stand in addresses: as the field has its own, else both."""
    held = [record for record in world.others.values() if record.holder]
    numbers, names = {str(record.pk) for record in held}, {record.public for record in held if record.public}
    offered = [value for value in (*form.values.get(name, ()), *form.options.get(name, ())) if value]
    if offered and all(value.isdecimal() for value in offered):
        return sorted(numbers)
    return sorted(names if any("_" in value for value in offered) else numbers | names)


class Sender:
    """The keeper, sending forms and looking at what came of it."""

    def __init__(self, world: World) -> None:
        self.world, self.tryer, self.effects = world, Tryer(world, "keeper"), Effects()
        self.hidden = secrets(world)
        self.rows = {route(world.fill(page.address)): page for page in pages() if page.post}
        self.effects.know(model._meta.db_table for model in apps.get_models() if model._meta.managed)
        self.tryer.look = lambda tables: touched(self.hidden, self.effects.of(set(tables))) if tables else []

    def send(self, address: str, form: Form, more: dict[str, Any]) -> Answer:
        """One form, filled in as its row of the matrix says."""
        page = self.rows.get(route(address))
        filled = {name: self.world.fill(str(value)) for name, value in (page.body if page else {}).items()}
        return self.tryer.page("post", address, {**form.values, **filled, **more}, page.files if page else None)


@pytest.mark.timeout(900)
def test_no_form_reaches_a_record_of_another_by_its_id() -> None:
    world = company()
    sender = Sender(world)
    forms = {
        (route(address), *sorted(form.values)): (address, form)
        for address, form in forms_of(world, Tryer(world, "keeper"))
        if not address.startswith(ENDS)
    }
    before = digest_of_rows()
    problems, fields, writing = [], 0, 0
    for address, form in forms.values():
        plain = sender.send(address, form, {})
        assert not plain.seen, f"{address} as it is: {plain.seen}"
        writing += bool(plain.written)
        for name in fields_of(form, sender.rows.get(route(address))):
            fields += 1
            for value in anothers(world, form, name)[connection.vendor == "postgresql" :: 2]:
                answer = sender.send(address, form, {name: [value]})
                if answer.status >= 500 or answer.seen or sender.tryer.leaks(answer):
                    told = sender.tryer.leaks(answer)
                    problems.append(f"{address} {name}={value}: {answer} {answer.seen} {told}")
    assert not problems, "\n".join(problems)
    assert digest_of_rows() == before
    assert min(fields, writing) > 20


def test_what_is_written_about_anothers_record_would_be_found() -> None:
    """The proof of the proof: a note, a task and a relation that point at the outsider's customer are seen as such."""
    world = company()
    hidden, effects = secrets(world), Effects()
    theirs, mine = (Customer.objects.get(pk=held["customer"].pk) for held in (world.others, world.records))
    effects.know(model._meta.db_table for model in apps.get_models() if model._meta.managed)
    system = system_actor()
    add_note(actor=system, customer_id=theirs.pk, text="seen")
    create_task(
        actor=system,
        values={"title": "x", "assignee": world.users["keeper"], "about": RecordRef("customer", theirs.pk)},
    )
    found = " ".join(touched(hidden, effects.of({"customers_note", "tasks_task", "core_change"})))
    assert all(f"{label} new" in found for label in ("customers.Note", "tasks.Task", "core.Change"))
    add_note(actor=system, customer_id=mine.pk, text="mine")
    effects = Effects()
    effects.know({"customers_note"})
    add_note(actor=system, customer_id=mine.pk, text="mine again")
    assert not touched(hidden, effects.of({"customers_note"}))
