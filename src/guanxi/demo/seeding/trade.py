"""Invented trade: a catalogue, and orders with lines whose values fall off as in life (a few customers bring most)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from guanxi.catalog.choices import ProductKind
from guanxi.commerce.choices import LineKind, OrderKind
from guanxi.demo.seeding import vocabulary as words

PRODUCT_COUNT = 1_200
FIRST_DAY, LAST_DAY = date(2023, 1, 1), date(2025, 12, 31)
RETURN_SHARE = 0.04
FEE_SHARE = 0.08
MORE_LINES = 1.0
MOST_LINES = 12
FEE_MINOR = 1_200
MICROSECONDS_A_DAY = 86_400_000_000
OPENS_AT, OPEN_SECONDS = 9 * 3600, 12 * 3600

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Catalogue:
    """The products of a seed; the last one is the delivery fee."""

    codes: list[str]
    names: list[str]
    categories: list[str]
    kinds: list[str]
    prices: Ints

    @property
    def shares(self) -> NDArray[np.float64]:
        """How often each of the goods is bought: a few sell most."""
        falling = 1.0 / np.arange(3, len(self.codes) + 2) ** 0.8
        return np.asarray(falling / falling.sum())


def make_catalogue(chooser: np.random.Generator) -> Catalogue:
    """Return an invented catalogue."""
    codes, names, categories = [], [], []
    for number in range(PRODUCT_COUNT):
        thing, category = words.PRODUCT_KINDS[number % len(words.PRODUCT_KINDS)]
        style = words.PRODUCT_STYLES[number // len(words.PRODUCT_KINDS) % len(words.PRODUCT_STYLES)]
        edition = number // (len(words.PRODUCT_KINDS) * len(words.PRODUCT_STYLES))
        codes.append(f"P{number + 1:05d}")
        names.append(f"{style}{thing}" + (f" {edition + 1} 型" if edition else ""))
        categories.append(category)
    prices = np.clip(np.exp(chooser.normal(8.2, 0.9, PRODUCT_COUNT)), 100, 500_000).astype(np.int64)
    return Catalogue(
        codes=[*codes, "POST"],
        names=[*names, "运费"],
        categories=[*categories, ""],
        kinds=[ProductKind.GOODS.value] * PRODUCT_COUNT + [ProductKind.FEE.value],
        prices=np.append(prices, FEE_MINOR),
    )


@dataclass(frozen=True)
class Trade:
    """Orders and lines of one block of customers; `customer` and `order` are places in the block."""

    customer: Ints
    is_return: NDArray[np.bool_]
    at: Ints
    on: Ints
    amount: Ints
    line_count: Ints
    order: Ints
    product: Ints
    quantity: Ints
    price: Ints
    line_amount: Ints


def order_counts(chooser: np.random.Generator, customers: int, each: int) -> Ints:
    """Return how many orders each customer has: `each` on average exactly, many with few, few with many."""
    if each <= 1:
        return np.full(customers, each, dtype=np.int64)
    worth = chooser.pareto(1.6, customers) + 0.35
    wanted = (each - 1) * customers
    counts = np.floor(worth / worth.sum() * wanted).astype(np.int64)
    rest = wanted - int(counts.sum())
    counts[chooser.permutation(customers)[:rest]] += 1
    return counts + 1


def make_trade(
    chooser: np.random.Generator, catalogue: Catalogue, is_organisation: NDArray[np.bool_], each: int, zone: str
) -> Trade:
    """Return the orders of a block of customers."""
    counts = order_counts(chooser, is_organisation.size, each)
    customer = np.repeat(np.arange(is_organisation.size), counts)
    orders = customer.size
    is_first = np.r_[True, customer[1:] != customer[:-1]][:orders] if orders else np.zeros(0, dtype=bool)
    is_return = (chooser.random(orders) < RETURN_SHARE) & ~is_first
    at, on = _moments(chooser, orders, zone)
    line_count = np.minimum(1 + chooser.poisson(MORE_LINES, orders), MOST_LINES)
    has_fee = (chooser.random(orders) < FEE_SHARE) & ~is_return
    order = np.repeat(np.arange(orders), line_count + has_fee)
    product = chooser.choice(PRODUCT_COUNT, size=order.size, p=catalogue.shares)
    ends = np.cumsum(line_count + has_fee) - 1
    product[ends[has_fee]] = PRODUCT_COUNT
    size = np.exp(chooser.normal(0, 0.8, is_organisation.size)) * np.where(is_organisation, 6.0, 1.2)
    quantity = np.maximum(1, np.rint(chooser.exponential(1.0, order.size) * size[customer[order]])).astype(np.int64)
    quantity[product == PRODUCT_COUNT] = 1
    quantity[is_return[order]] *= -1
    price = catalogue.prices[product]
    line_amount = quantity * price
    amount = np.zeros(orders, dtype=np.int64)
    np.add.at(amount, order, line_amount)
    return Trade(
        customer, is_return, at, on, amount, line_count + has_fee, order, product, quantity, price, line_amount
    )


def _moments(chooser: np.random.Generator, count: int, zone: str) -> tuple[Ints, Ints]:
    """Return moments in microseconds since 1970 (UTC) and the local day of each, more of them towards the end."""
    first = (FIRST_DAY - date(1970, 1, 1)).days
    span = (LAST_DAY - FIRST_DAY).days + 1
    day = np.minimum((chooser.beta(1.3, 1.0, count) * span).astype(np.int64), span - 1)
    seconds = OPENS_AT + chooser.integers(0, OPEN_SECONDS, size=count)
    offsets = np.array([_offset_seconds(FIRST_DAY + timedelta(days=n), zone) for n in range(span)], dtype=np.int64)
    at = (first + day) * MICROSECONDS_A_DAY + (seconds - offsets[day]) * 1_000_000
    return at, first + day


def _offset_seconds(day: date, zone: str) -> int:
    """Return how far local noon is ahead of UTC."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC).astimezone(ZoneInfo(zone))
    offset = noon.utcoffset()
    return int(offset.total_seconds()) if offset else 0


def order_table(trade: Trade, *, ids: Ints, customer_ids: Ints, source: str, currency: str, refs: pa.Array) -> pa.Table:
    """Return the orders as they are written."""
    count = trade.customer.size
    digits = pc.utf8_lpad(pa.array(ids).cast(pa.string()), 8, "0")
    mark = pa.array(np.where(trade.is_return, "R", "S"))
    kind = pa.array(np.where(trade.is_return, OrderKind.RETURN.value, OrderKind.SALE.value))
    return pa.table(
        {
            "id": ids,
            "source": _same(source, count),
            "number": pc.binary_join_element_wise(mark, digits, ""),
            "customer_id": customer_ids[trade.customer],
            "customer_ref": refs.take(pa.array(trade.customer)),
            "kind": kind,
            "ordered_at": pa.array(trade.at).cast(pa.timestamp("us")).cast(pa.timestamp("us", "UTC")),
            "ordered_on": pa.array(trade.on.astype(np.int32)).cast(pa.date32()),
            "country": _same("", count),
            "currency": _same(currency, count),
            "amount_minor": trade.amount,
            "line_count": trade.line_count,
        }
    )


def line_table(
    trade: Trade, catalogue: Catalogue, *, chooser: np.random.Generator, order_ids: Ints, product_ids: Ints
) -> pa.Table:
    """Return the lines as they are written."""
    count = trade.order.size
    is_fee = trade.product == PRODUCT_COUNT
    return pa.table(
        {
            "order_id": order_ids[trade.order],
            "product_id": product_ids[trade.product],
            "kind": pa.array(np.where(is_fee, LineKind.FEE.value, LineKind.GOODS.value)),
            "description": pa.array(catalogue.names).take(pa.array(trade.product)),
            "quantity": trade.quantity,
            "unit_price": _hundredths(trade.price),
            "amount_minor": trade.line_amount,
            "line_key": chooser.integers(-(2**63), 2**63 - 1, size=count, dtype=np.int64),
            "ordinal": np.zeros(count, dtype=np.int64),
        }
    )


def _same(text: str, count: int) -> pa.Array:
    """Return a column that holds one text."""
    return pa.repeat(pa.scalar(text), count)


def _hundredths(minor: Ints) -> pa.Array:
    """Return hundredths as exact decimals: the sixteen bytes of each are the number and its sign."""
    both = np.ascontiguousarray(np.stack([minor, minor >> 63], axis=1))
    return pa.Array.from_buffers(pa.decimal128(20, 2), minor.size, [None, pa.py_buffer(both)])
