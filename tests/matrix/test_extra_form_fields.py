"""Fields of the model that a form does not have, sent along with it: what the form writes stays the same.

Every form of the matrix that is proved to write is sent three times by whoever proves it: twice as it is (what differs is
the clock's), once with every other field of every model that it writes to. Nothing of these may be written.
"""

from collections import defaultdict
from typing import Any

import pytest
from django.db import models

from tests.matrix.effects import Effects, models_of, told
from tests.matrix.rows import Page, pages
from tests.matrix.state import digest_of_rows
from tests.matrix.test_extra_fields import TRIED_FIRST
from tests.matrix.trying import Answer, Tryer
from tests.matrix.world import World, build
from tests.test_forms_of_two import forms_of, route

pytestmark = [pytest.mark.full, pytest.mark.django_db]
MARK = "Eindringling"
NUMBER = 987_654
DAY = "2001-02-03"
# Fields that the page of some records has and that of others has not: of files with amounts, of those with moments; of a
# rule whose trigger is chosen; and
# what a program of the page sends, which has no form of its own: the desk's writing.
WRITTEN = {"text", "to", "cc", "subject", "channel", "files", "key", "then", "actions", "macros"}
SOMETIMES = {
    "imports/<str:key>/columns": {"source", "currency", "timezone", "date_order"},
    "desk/<str:public_id>/send": WRITTEN,
    "settings/rules/new": {"order", "stops_others"},
}


def value_for(world: World, column: models.Field[Any, Any]) -> str:
    """Something that a column could hold and nothing else in the company does."""
    if column.is_relation:
        return str(_another(world, column))
    if isinstance(column, models.BooleanField):
        return "" if column.default is True else "on"
    if isinstance(column, models.DateTimeField):
        return f"{DAY}T04:05"
    if isinstance(column, models.DateField):
        return DAY
    if isinstance(column, models.IntegerField | models.DecimalField | models.FloatField):
        return str(NUMBER)
    if isinstance(column, models.JSONField):
        return f'{{"{MARK}": 1}}'
    if column.choices:
        return str(list(column.flatchoices)[-1][0])
    return MARK


def _another(world: World, column: models.Field[Any, Any]) -> int:
    """A record that a column could point at: the last one there is."""
    rows: Any = getattr(column.related_model, "everything", column.related_model._base_manager)  # type: ignore[union-attr]
    return rows.order_by("-pk").values_list("pk", flat=True).first() or NUMBER


def extras(world: World, tables: list[str], offered: set[str]) -> dict[str, str]:
    """Every field of the models behind some tables, but those that a form has."""
    found = dict.fromkeys(TRIED_FIRST, str(world.users["outsider"].pk))
    for model in models_of(tables):
        for column in model._meta.concrete_fields:
            found |= dict.fromkeys((column.name, column.attname), value_for(world, column))
    return {name: value for name, value in found.items() if name not in offered}


def send(world: World, tryer: Tryer, page: Page, more: dict[str, str]) -> Answer:
    """Send the form of a page, with more in it."""
    body = {name: world.fill(str(value)) for name, value in page.body.items()}
    return tryer.page("post", world.fill(page.address), more | body, page.files, page.headers)


def is_marked(value: Any) -> bool:
    """Whether a value is one that was sent along."""
    return any(mark in str(value) for mark in (MARK, str(NUMBER), DAY))


def differences(world: World, tryer: Tryer, page: Page, offered: set[str]) -> list[str]:
    """What the form writes otherwise when more is sent along."""
    effects = Effects()
    tryer.look = None
    first = send(world, tryer, page, {})
    more = extras(world, first.written, offered)
    tables = sorted({*first.written, *send(world, tryer, page, more).written})
    effects.know(tables)
    tryer.look = lambda _tables: told(effects.of(tables))
    once, again, loaded = (send(world, tryer, page, sent) for sent in ({}, {}, more))
    assert once.written, page.address
    found = []
    for place in sorted({*once.seen, *loaded.seen}, key=str):
        mine, theirs = once.seen.get(place), loaded.seen.get(place)
        is_clocks = again.seen.get(place) != mine
        if is_marked(theirs) or (mine != theirs and not is_clocks):
            found.append(f"{page.address}: {place}: {mine!r} became {theirs!r}")
    return found


def test_no_form_writes_a_field_that_it_does_not_have() -> None:
    world = build()
    owner = Tryer(world, "owner")
    offered: dict[str, set[str]] = defaultdict(set)
    for address, form in forms_of(world, owner):
        offered[route(address)] |= {*form.values, *form.inputs}
    tryers = {name: Tryer(world, name) for name in {page.prover for page in pages()}}
    before = digest_of_rows()
    problems, count = [], 0
    for page in pages():
        if page.untried or page.post is None or not page.changes:
            continue
        count += 1
        place = route(world.fill(page.address))
        names = offered[place] | set(page.body) | set(page.files) | SOMETIMES.get(place, set())
        problems += differences(world, tryers[page.prover], page, names)
    assert not problems, "\n".join(problems)
    assert digest_of_rows() == before
    assert count > 50
