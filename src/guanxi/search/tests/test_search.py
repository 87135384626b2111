"""Searching: one Chinese character upwards, ranking, rights, and an index that stays true to its records."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest

from guanxi.core.actor import Actor, system_actor
from guanxi.core.models import Department, Role, Team, User
from guanxi.search import services, tokens
from guanxi.search.kinds import Entry, SearchKind, kinds
from guanxi.search.models import SearchEntry
from guanxi.search.queries import search

pytestmark = pytest.mark.django_db
EVERYONE = system_actor()


@pytest.fixture
def records() -> Iterator[SimpleNamespace]:
    """A kind of record for these tests alone, with rows that a test may change."""
    rows: dict[int, Entry] = {}
    kind = SearchKind(
        key="planet",
        label="Planets",
        icon="globe",
        entries=lambda ids: [rows[number] for number in ids if number in rows],
        ids=lambda after, limit: sorted(number for number in rows if number > after)[:limit],
        url=lambda number: f"/planets/{number}",
    )
    kinds._items["planet"] = (1, kind)

    def add(*entries: Entry) -> None:
        rows.update({entry.record_id: entry for entry in entries})
        services.refresh("planet", [entry.record_id for entry in entries])

    yield SimpleNamespace(rows=rows, add=add)
    del kinds._items["planet"]


def found(text: str, actor: Actor = EVERYONE, limit: int = 20) -> list[int]:
    """The numbers of the planets found, best first."""
    return [hit.record_id for hit in search(actor=actor, text=text, only=["planet"], limit=limit)]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("华", "华为技术有限公司"),
        ("为", "华为技术有限公司"),
        ("技术", "华为技术有限公司"),
        ("术有限", "华为技术有限公司"),
        ("华为 公司", "华为技术有限公司"),
        ("huawei", "华为技术有限公司"),
        ("hwjs", "华为技术有限公司"),
        ("wxm", "王小明"),
        ("xiaoming", "王小明"),
        ("WANG", "王小明"),
        ("smi", "John Smith & Sons"),
        ("SONS john", "John Smith & Sons"),
        ("ＪＯＨＮ", "John Smith & Sons"),
        ("𠮷", "𠮷野家"),
        ("野家", "𠮷野家"),
        ("étoile", "Café Étoile"),
        ("A-1/b", "A-1/b"),
        ("🌍", "🌍"),
    ],
)
def test_a_title_is_found_by_any_part_of_it(records: SimpleNamespace, text: str, title: str) -> None:
    """Characters, pairs, words, beginnings of words, pinyin and initials, in any case and width."""
    records.add(Entry(1, title), Entry(2, "另外一个 Other thing"))
    assert found(text) == [1]


@pytest.mark.parametrize(
    "text", ["", " ", "'", '"', "\\", "&|!()*:", "a' OR 1", "NOT", "\x00", "^", "=", "%", "-" * 5000]
)
def test_odd_text_is_searched_not_executed(records: SimpleNamespace, text: str) -> None:
    """No text is an error, and none finds what it should not."""
    records.add(Entry(1, "王小明"))
    assert found(text) == []


def test_neighbours_only(records: SimpleNamespace) -> None:
    """Two characters typed together stand together in what is found."""
    records.add(Entry(1, "王小明"), Entry(2, "明小王"))
    assert found("王小") == [1]


def test_numbers_are_found_by_their_first_and_last_digits(records: SimpleNamespace) -> None:
    """With and without the country's code, and as people write them."""
    records.add(Entry(1, "甲", phones=["+8613812345678"]), Entry(2, "乙", phones=["+442079460958"]))
    for text in ("13812345678", "138 1234 5678", "+86 138-1234-5678", "13812", "5678", "45678"):
        assert found(text) == [1], text
    assert found("+44 20 7946 0958") == [2]
    assert found("4567") == []


def test_exact_ids_are_found_whole_only(records: SimpleNamespace) -> None:
    """An id of another system is one text, whatever it holds."""
    records.add(Entry(1, "甲", exact=["4.0128e+10", "a@b.cn"]), Entry(2, "乙", exact=["4.0128"]))
    assert found("4.0128e+10") == [1]
    assert found("A@B.CN") == [1]
    assert found("4.0128") == [2]


def test_order_of_worth(records: SimpleNamespace) -> None:
    """Exact id, exact name, then beginnings others last; among equals the better rank, then the shorter."""
    records.add(
        Entry(1, "张王", rank=1),
        Entry(2, "王五", rank=4),
        Entry(3, "王", rank=4),
        Entry(4, "王六", rank=2),
        Entry(5, "某", exact=["王"], rank=4),
        Entry(6, "张某王", rank=1),
    )
    assert found("王") == [5, 3, 4, 2, 1, 6]
    assert found("王", limit=3) == [5, 3, 4]


def test_better_ranks_come_first_however_many_match(records: SimpleNamespace) -> None:
    """Of far more matches than the limit, those of the best rank are never lost."""
    records.add(*(Entry(number, f"王{number:03}", rank=4) for number in range(1, 300)), Entry(900, "王九", rank=1))
    assert found("王", limit=5)[0] == 900


def test_no_hit_twice(records: SimpleNamespace) -> None:
    """A record that matches in several ways is one hit."""
    records.add(Entry(1, "wang", names=["王", "wang wang"], phones=["12345"], exact=["wang", "12345"], rank=2))
    for text in ("wang", "王", "12345", "wa", "w"):
        assert found(text) == [1], text


def test_the_index_follows_its_records(records: SimpleNamespace) -> None:
    """Changed, removed and forgotten records: refresh and rebuild leave exactly what is there."""
    records.add(*(Entry(number, f"旧名{number}") for number in range(1, 6)))
    records.rows[2] = Entry(2, "新名二")
    del records.rows[3]
    assert services.refresh("planet", [1, 2, 3]) == 2
    assert found("新名") == [2]
    assert sorted(found("旧")) == [1, 4, 5]
    records.rows.clear()
    records.rows[4] = Entry(4, "旧名4")
    records.rows[9] = Entry(9, "旧名9")
    services.rebuild("planet")
    assert sorted(found("旧")) == [4, 9]
    assert found("新") == []
    services.index_records("planet", [Entry(4, "再改")])
    assert (found("旧"), found("再改")) == ([9], [4])
    services.remove("planet", [4, 9])
    assert not SearchEntry.objects.filter(kind="planet").exists()


def test_what_comes_while_the_index_is_rebuilt_stays_in_it(records: SimpleNamespace) -> None:
    """Records entered after the last ones were listed, or between the others, keep the entries they came with."""
    records.add(Entry(10, "旧名十"), Entry(20, "旧名二十"))
    kind = kinds["planet"]
    coming = iter([Entry(5, "新名五"), Entry(15, "新名十五"), Entry(30, "新名三十")])

    def listed(after: int, limit: int) -> list[int]:
        numbers = sorted(number for number in records.rows if number > after)[:limit]
        records.add(*coming)
        return numbers

    kinds._items["planet"] = (1, replace(kind, ids=listed))
    services.rebuild("planet")
    assert sorted(found("新名")) == [5, 15, 30]
    assert sorted(found("旧名")) == [10, 20]


def test_rights(records: SimpleNamespace) -> None:
    """Own, team and department see theirs; a stranger and an actor without the right see nothing."""
    role = Role.objects.get(key="agent")
    root = Department.objects.create(name="root", path="")
    Department.objects.filter(pk=root.pk).update(path=f"/{root.pk}/")
    child = Department.objects.create(name="child", parent=root, path=f"/{root.pk}/9/")
    users = [User.objects.create(username=f"u{n}", role=role) for n in range(3)]
    User.objects.filter(pk=users[1].pk).update(department=child)
    team = Team.objects.create(name="t")
    team.members.add(users[0], users[1])
    records.add(
        Entry(1, "王一", owner_id=users[0].pk),
        Entry(2, "王二", owner_id=users[1].pk),
        Entry(3, "王三", owner_id=users[2].pk, department_id=child.pk),
        Entry(4, "王四"),
    )

    def actor(scope: str | None, **more: object) -> Actor:
        permissions = {("planet", "view"): scope} if scope else {}
        return Actor(users[0].pk, "u0", "web", permissions, **more)  # type: ignore[arg-type]

    assert found("王", actor("all")) == [1, 3, 2, 4]
    assert found("王", actor("own")) == [1]
    assert sorted(found("王", actor("team", team_ids=frozenset([team.pk])))) == [1, 2]
    assert sorted(found("王", actor("department", department_path=f"/{root.pk}/"))) == [1, 2, 3]
    assert found("王", actor(None)) == []
    assert search(actor=actor("all"), text="王", only=["nothing"]) == []


def test_a_kind_may_answer_for_itself_by_number(records: SimpleNamespace) -> None:
    """Records of the very number come first; texts without a digit do not ask."""
    asked: list[str] = []

    def find(actor: Actor, number: str, limit: int) -> list[Entry]:
        asked.append(number)
        return [Entry(7, "A 1")] if number == "A 1" else []

    kinds._items["comet"] = (2, SearchKind(key="comet", label="C", icon="star", url=lambda n: f"/c/{n}", find=find))
    try:
        records.add(Entry(1, "A 1 B"))
        hits = search(actor=EVERYONE, text=" A  1 ")
        assert [(hit.kind, hit.record_id) for hit in hits] == [("comet", 7), ("planet", 1)]
        assert found("A 1") == [1]
        search(actor=EVERYONE, text="王")
        assert asked == ["A 1"]
    finally:
        del kinds._items["comet"]


def test_ranks_alone(records: SimpleNamespace) -> None:
    """Only entries whose rank differs are read anew."""
    records.add(Entry(1, "王一"), Entry(2, "王二", rank=1))
    records.rows[1] = Entry(1, "王一", rank=1)
    assert services.refresh_ranks("planet", [(1, 1), (2, 1), (3, 1)]) == 1
    assert SearchEntry.objects.get(record_id=1).rank == 1


def test_long_names_stay_small(records: SimpleNamespace) -> None:
    """A name of ten thousand characters is found by its beginning and costs no more than others."""
    records.add(Entry(1, "长" * 10_000), Entry(2, "".join(chr(0x4E00 + n) for n in range(10_000))))
    assert found("长") == [1]
    assert found("一丁") == [2]
    assert len(SearchEntry.objects.get(record_id=2).tokens.split()) <= tokens.MAX_TOKENS + 3
