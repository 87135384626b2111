"""Writing invented customers and their trade, block by block, as whole columns."""

import json
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from guanxi.catalog.models import Product
from guanxi.commerce.models import Order, OrderLine
from guanxi.core import bulk
from guanxi.core.columns import insert_table
from guanxi.customers import identifiers
from guanxi.customers.choices import ContactKind, CustomerKind, CustomerStatus, Position
from guanxi.customers.models import ContactPoint, Customer, ExternalId, OrganisationProfile, PersonProfile, Standing
from guanxi.customers.strokes import stroke_key
from guanxi.demo.seeding.people import People
from guanxi.demo.seeding.trade import Catalogue, Trade, line_table, order_table

PROFILE_EVERY = 20
NOTE = "Invented by guanxi seed."
INTERMEDIATE_FIELDS = ("贸易", "商行", "Trading")

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Circumstances:
    """What all rows of a seed share."""

    source: str
    currency: str
    zone: str
    now: datetime
    owners: list[tuple[int, int | None]]
    has_orders: bool

    def owner_of(self, number: int) -> tuple[int | None, int | None]:
        """Return who answers for a customer, and for which department."""
        return self.owners[number % len(self.owners)] if self.owners else (None, None)


def write_catalogue(catalogue: Catalogue, around: Circumstances) -> Ints:
    """Write the products and return their ids, in order."""
    ids = bulk.next_ids(Product, len(catalogue.codes))
    bulk.insert(
        Product,
        ("id", "source", "code", "name", "category", "kind", "currency"),
        [
            (number, around.source, code, name, category, kind, around.currency)
            for number, code, name, category, kind in zip(
                ids, catalogue.codes, catalogue.names, catalogue.categories, catalogue.kinds, strict=True
            )
        ],
    )
    return np.array(ids, dtype=np.int64)


def _same(value: object, count: int, kind: pa.DataType | None = None) -> pa.Array:
    """Return a column that holds one value."""
    return pa.repeat(pa.scalar(value, type=kind), count)


def write_customers(people: People, ids: Ints, around: Circumstances) -> None:
    """Write customers."""
    count = len(people.number)
    moment = pa.timestamp("us", "UTC")
    owners = [around.owner_of(number) for number in people.number]
    insert_table(
        Customer,
        pa.table(
            {
                "id": ids,
                "kind": people.kind,
                "position": [_position(name) for name in people.name],
                "name": people.name,
                "sort_key": people.sort_keys,
                "initials": people.initials,
                "stroke_key": [stroke_key(name) for name in people.name],
                "title": people.title,
                "language": people.language,
                "tax_id": _same("", count),
                "city": people.city,
                "country": people.country,
                "status": _same(CustomerStatus.ACTIVE.value, count),
                "owner_id": pa.array([owner for owner, _department in owners], pa.int64()),
                "department_id": pa.array([department for _owner, department in owners], pa.int64()),
                "note": _same(NOTE, count),
                "custom": _same(json.dumps({}), count),
                "created_at": _same(around.now, count, moment),
                "updated_at": _same(around.now, count, moment),
            }
        ),
    )
    if not around.has_orders:
        _write_blank_standings(ids)


def _write_blank_standings(ids: Ints) -> None:
    """Give customers the standing of those who never bought; the others get theirs when it is measured."""
    empty = _same("", ids.size)
    zero = np.zeros(ids.size, dtype=np.int64)
    texts = dict.fromkeys(("currency", "tier", "abc", "level", "method"), empty)
    insert_table(Standing, pa.table({"customer_id": ids, "net_revenue_minor": zero, "order_count": zero, **texts}))


def _position(name: str) -> str:
    """Return whether a customer trades on or uses what it buys."""
    return (Position.INTERMEDIATE if any(part in name for part in INTERMEDIATE_FIELDS) else Position.FINAL).value


def references(people: People, source: str) -> list[str]:
    """Return the ids by which the invented source knows its customers."""
    mark = source.rpartition("-")[2]
    return [f"{mark}-{number:07d}" for number in people.number]


def write_particulars(people: People, ids: Ints, around: Circumstances) -> int:
    """Write ids of the source, ways to reach customers, and some archives; returns how many contact points."""
    insert_table(
        ExternalId,
        pa.table(
            {
                "customer_id": ids,
                "source": _same(around.source, ids.size),
                "value": references(people, around.source),
            }
        ),
    )
    points = _contact_points(people, ids)
    insert_table(ContactPoint, points)
    _write_archives(people, ids)
    return points.num_rows


def _contact_points(people: People, ids: Ints) -> pa.Table:
    """Return all contact points of a block, each the primary one of its kind."""
    columns = (
        (ContactKind.PHONE, people.phone, lambda text: text),
        (ContactKind.EMAIL, people.email, lambda text: text),
        (ContactKind.WECHAT, people.wechat, lambda text: text),
        (ContactKind.ADDRESS, people.address, identifiers.normalise_address),
    )
    rows = [
        (number, kind.value, text, normalise(text), place)  # type: ignore[no-untyped-call]
        for place, (kind, texts, normalise) in enumerate(columns)
        for number, text in zip(ids.tolist(), texts, strict=True)
        if text
    ]
    customer, kind, value, normalised, position = (list(column) for column in zip(*rows, strict=True))
    return pa.table(
        {
            "customer_id": customer,
            "kind": kind,
            "value": value,
            "normalised": normalised,
            "label": _same("", len(rows)),
            "is_primary": _same(True, len(rows)),
            "position": position,
        }
    )


def _write_archives(people: People, ids: Ints) -> None:
    """Begin the archive of every twentieth customer."""
    chosen = [place for place, number in enumerate(people.number) if number % PROFILE_EVERY == 0]
    persons = [
        PersonProfile(customer_id=int(ids[place]), native_place=people.city[place], job_title=people.title[place])
        for place in chosen
        if people.kind[place] == CustomerKind.PERSON
    ]
    companies = [
        OrganisationProfile(customer_id=int(ids[place]), registered_address=people.address[place])
        for place in chosen
        if people.kind[place] == CustomerKind.ORGANISATION
    ]
    for model, rows in ((PersonProfile, persons), (OrganisationProfile, companies)):
        names = [field.attname for field in model._meta.concrete_fields]
        bulk.insert(model, names, ([getattr(row, name) for name in names] for row in rows))


def write_trade(
    trade: Trade,
    people: People,
    catalogue: Catalogue,
    *,
    chooser: np.random.Generator,
    customer_ids: Ints,
    product_ids: Ints,
    around: Circumstances,
) -> None:
    """Write the orders of a block and their lines."""
    order_ids = np.array(bulk.next_ids(Order, trade.customer.size), dtype=np.int64)
    refs = pa.array(references(people, around.source))
    insert_table(
        Order,
        order_table(
            trade,
            ids=order_ids,
            customer_ids=customer_ids,
            source=around.source,
            currency=around.currency,
            refs=refs,
        ),
    )
    lines = line_table(trade, catalogue, chooser=chooser, order_ids=order_ids, product_ids=product_ids)
    insert_table(OrderLine, lines)
