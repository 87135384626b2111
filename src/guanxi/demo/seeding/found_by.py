"""What invented customers are found by: the entries that the archive would make of them, without reading them back."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from guanxi.customers.choices import CustomerKind
from guanxi.customers.models import Standing
from guanxi.customers.search_entries import RANKS
from guanxi.demo.seeding.loading import PROFILE_EVERY, Circumstances, references
from guanxi.demo.seeding.people import People
from guanxi.demo.seeding.trade import Trade
from guanxi.insight.value.measuring import CustomerBase, measure
from guanxi.search.public import OTHER_RANK, Entry

Ints = NDArray[np.int64]


def measured_ranks(first_id: int, last_id: int) -> dict[int, int]:
    """Return the ranks of those whose measured tier stands out."""
    rows = Standing.objects.filter(customer__gte=first_id, customer__lte=last_id, tier__in=list(RANKS))
    return {number: RANKS[tier] for number, tier in rows.values_list("customer_id", "tier")}


def expected_ranks(first_id: int, customers: int, trades: Iterable[tuple[int, Trade]]) -> dict[int, int]:
    """Return the ranks that are going to be measured, from (place of its first customer, trade) of every block."""
    net, orders, purchases, last = (np.zeros(customers, dtype=np.int64) for _column in range(4))
    for start, trade in trades:
        place = start + trade.customer
        np.add.at(net, place, trade.amount)
        np.add.at(orders, place, 1)
        np.add.at(purchases, place, ~trade.is_return)
        np.maximum.at(last, place, np.where(trade.is_return, 0, trade.on))
    ids = first_id + np.arange(customers)
    base = CustomerBase(ids, net, orders, purchases, last, last)
    pyramid = measure(base, as_of=int(last.max()) + 1).pyramid
    ranks = np.array([RANKS.get(name, OTHER_RANK) for name in pyramid.names])[pyramid.codes_]
    better = np.flatnonzero(ranks < OTHER_RANK)
    return dict(zip(ids[better].tolist(), ranks[better].tolist(), strict=True))


def entries(people: People, ids: Ints, around: Circumstances, ranks: Mapping[int, int]) -> Iterator[Entry]:
    """Yield the search entries of a block."""
    outside = references(people, around.source)
    for place, number in enumerate(ids.tolist()):
        owner, department = around.owner_of(people.number[place])
        where = f"{people.city[place]} · {people.country[place]}"
        words = (people.title[place], people.city[place], _about(people, place), people.address[place])
        exact = (outside[place], people.email[place], people.wechat[place])
        yield Entry(
            record_id=number,
            title=people.name[place],
            subtitle=f"{people.title[place]} · {where}" if people.title[place] else where,
            spoken=people.spoken[place],
            words=[word for word in words if word],
            phones=[people.phone[place]] if people.phone[place] else [],
            exact=[text for text in exact if text],
            owner_id=owner,
            department_id=department,
            rank=ranks.get(number, OTHER_RANK),
        )


def _about(people: People, place: int) -> str:
    """Return the post of those who have an archive."""
    has_archive = people.number[place] % PROFILE_EVERY == 0
    return people.title[place] if has_archive and people.kind[place] == CustomerKind.PERSON else ""
