"""Lists, look-ups, searches and counts of many customers read a page's worth of rows, however far somebody's rights reach.

The base is small beside a company's; the bounds above which a reach is wide and a count is left are as much smaller.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.http import QueryDict

from guanxi.core import bulk, planner_statistics, reading_in_reach
from guanxi.core.actor import Actor, system_actor
from guanxi.core.models import Department, Role, Team, TeamMember, User
from guanxi.customers.choices import ContactKind, Tier
from guanxi.customers.lists import PAGE
from guanxi.customers.models import ContactPoint, Customer, ExternalId, Standing
from guanxi.customers.presenting import customer_page, reachable_by
from guanxi.customers.queries.plain_rows import SORTS, Narrowed
from guanxi.demo.seeding import loading
from guanxi.demo.seeding.services import seed_base
from guanxi.project.bench import plans
from guanxi.search.models import SearchEntry
from guanxi.search.public import search
from guanxi.ui.lists import counts
from guanxi.ui.lists.rows import fetch_batch, fetch_lane, lanes
from guanxi.ui.lists.state import read_state

pytestmark = [pytest.mark.full, pytest.mark.django_db]
COUNT, OWNERS = 32_000, 320
LITTLE, COUNTED, MOST = 300, 400, 4_000
TABLES = tuple(m._meta.db_table for m in (Customer, Standing, ContactPoint, ExternalId, SearchEntry))
SCOPES = ("own", "team", "department", "all")
SOUGHT = ("王", "王伟", "wang", "有限公司")


def company() -> dict[str, Actor]:
    """Salespeople with 100 customers each: one, one of a team of twenty, the head of a quarter of them, and who sees all."""
    role = Role.objects.get(key="agent")
    rows = [Department.objects.create(name=f"Region {n}") for n in range(4)]
    for row in rows:
        row.path = f"/{row.pk}/"
        row.save()
    below = Department.objects.create(name="Region 0, north", parent=rows[0])
    below.path = f"{rows[0].path}{below.pk}/"
    below.save()
    people = User.objects.bulk_create(
        User(username=f"seller-{n}", role=role, department=below if n % 8 == 4 else rows[n % 4]) for n in range(OWNERS)
    )
    team = Team.objects.create(name="Export")
    TeamMember.objects.bulk_create(TeamMember(team=team, user=user) for user in people[:20])
    # Else indexes could not be made or dropped in this transaction.
    connection.check_constraints()
    return {
        scope: Actor(
            user_id=people[0].pk,
            name=scope,
            means="web",
            permissions={("customer", action): scope for action in ("view", "export")},
            team_ids=frozenset({team.pk}),
            department_path=rows[0].path,
            role="agent",
        )
        for scope in SCOPES
    }


def write_standings(numbers: Iterable[int]) -> None:
    """Standings that differ; half of the customers have never bought. Not written over blank ones, which would stay."""
    names = ("customer_id", "net_revenue_minor", "currency", "order_count", "last_on", "tier", "abc", "level", "method")
    today = date(2026, 6, 30)
    rows = []
    for number in map(int, numbers):
        rest = (number // OWNERS + number * 7) % 40
        last_on = today - timedelta(days=rest * 11) if rest < 20 else None
        tier = Tier.values[rest % 4] if rest < 20 else Tier.SMALL
        rows.append((number, number * 7919 % 100_003, "CNY", number % 37, last_on, tier, "", "", ""))
    bulk.insert(Standing, names, rows)


def fill() -> None:
    """Customers who differ in all that a list is sorted by; some were never spoken to."""
    seed_base(actor=system_actor(), customers=COUNT, orders_per_customer=0)
    Customer.objects.annotate(rest=F("id") % 9).filter(rest=1).update(last_contact_at=F("created_at"))
    connection.check_constraints()
    planner_statistics.refresh(is_whole=True)


@pytest.fixture
def actors(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Actor]]:
    """Who asks, of a base that is there."""
    monkeypatch.setattr(reading_in_reach, "LITTLE", LITTLE)
    monkeypatch.setattr(counts, "LIMIT", COUNTED)
    monkeypatch.setattr(loading, "_write_blank_standings", write_standings)
    reading_in_reach.forget()
    made = company()
    fill()
    yield made
    reading_in_reach.forget()


def web(actor: Actor, query: str) -> list[int]:
    """The first page of the web's list and the next one."""
    scene = read_state(PAGE, actor, QueryDict(query))
    first = fetch_batch(scene)
    following = fetch_batch(scene, first.following).rows if first.following else []
    return [row["id"] for row in (*first.rows, *following)]


def board(actor: Actor) -> None:
    """The first cards of each lane that has a name."""
    scene = read_state(PAGE, actor, QueryDict("layout=board&group=tier"))
    for value, _words in lanes(scene):
        if value:
            fetch_lane(scene, value)


def count(actor: Actor, query: str) -> int | None:
    """The list's own count, and its sums where it has any."""
    scene = read_state(PAGE, actor, QueryDict(query))
    found = counts.capped(scene.narrowed())
    if found is not None:
        counts.sums(scene, scene.narrowed())
    return found


def api(actor: Actor, sort: str, **equal: Any) -> list[str]:
    """The first page of the API's list and the next one."""
    narrowed = Narrowed(equal)
    first = customer_page(actor, limit=50, sort=sort, narrowed=narrowed)
    more = customer_page(actor, limit=50, sort=sort, narrowed=narrowed, after=first["next"]) if first["next"] else {}
    return [row["id"] for row in (*first["items"], *more.get("items", ()))]


def questions(actor: Actor) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Everything that is asked of the base."""
    for direction in ("", "-"):
        for column in PAGE.table.columns:
            if column.sort is not None:
                yield f"list by {direction}{column.key}", lambda s=f"{direction}{column.key}": web(actor, f"sort={s}")
        for sort in SORTS:
            yield f"API by {direction}{sort}", lambda s=f"{direction}{sort}": api(actor, s)
    yield "API of a tier", lambda: api(actor, "-net_revenue", standing__tier="vip")
    yield "list of a tier", lambda: web(actor, "tier=vip")
    yield "board", lambda: board(actor)
    yield "count", lambda: count(actor, "")
    for text in SOUGHT:
        yield f"search for {text}", lambda t=text: search(actor=actor, text=t, only=["customer"], limit=50)
        yield f"list with {text}", lambda t=text: web(actor, f"q={t}")
    mine = Customer.objects.visible_to(actor).order_by("pk").values_list("pk", flat=True)[7]
    for kind in (ContactKind.PHONE, ContactKind.EMAIL):
        points = ContactPoint.objects.filter(kind=kind)
        for point in (points.filter(customer=mine).first(), points.order_by("pk").last()):
            if point is not None:
                yield f"{kind} {point.customer_id}", lambda p=point: reachable_by(actor, p.kind, p.normalised, 200)


def told(actor: Actor, asked: Callable[[str], bool] = lambda _what: True) -> dict[str, list[str]]:
    """What reads too much, by question."""
    found = {}
    for what, ask in questions(actor):
        if asked(what):
            with plans.statements() as reads:
                ask()
            if wrong := plans.scans(reads, TABLES, most=MOST, in_order=True):
                found[f"{actor.name}: {what}"] = wrong
    return found


@contextmanager
def without_index(name: str) -> Iterator[None]:
    """For a moment the base lacks an index."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        transaction.set_rollback(True)


def test_nothing_reads_in_proportion_to_the_base(actors: dict[str, Actor]) -> None:
    sizes = {scope: Customer.objects.visible_to(actor).count() for scope, actor in actors.items()}
    assert sizes == {"own": 100, "team": 2_000, "department": 8_000, "all": COUNT}
    found: dict[str, list[str]] = {}
    for actor in actors.values():
        found |= told(actor)
    assert found == {}
    # It would be seen: without the index of an order or of owners, tables are gone through.
    (owners,) = (
        name
        for name, index in connection.introspection.get_constraints(connection.cursor(), TABLES[0]).items()
        if index["index"] and index["columns"] == ["owner_id"]
    )
    for index, scope, what in (
        ("standing_value", "department", "list by -net_revenue"),
        ("customer_name", "all", "API by name"),
        (owners, "own", "list by -net_revenue"),
    ):
        with without_index(index):
            assert told(actors[scope], lambda asked, what=what: asked.startswith(what)), index


def test_how_rows_are_read_does_not_change_which_they_are(
    actors: dict[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sorted from what is in reach or passed over in the list's order: the same rows in the same order."""
    for scope in ("own", "team", "department"):
        actor, seen = actors[scope], list[dict[str, Any]]()
        for little in (0, COUNT):
            monkeypatch.setattr(reading_in_reach, "LITTLE", little)
            reading_in_reach.forget()
            lists = [(what, ask) for what, ask in questions(actor) if what.startswith(("list by", "API", "count"))]
            seen.append({what: ask() for what, ask in lists})
        assert seen[0] == seen[1]
        assert len(seen[0]["list by -net_revenue"]) == 100
