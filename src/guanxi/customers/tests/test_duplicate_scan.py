"""The search over the whole base: what is found, kept, decided, told, and to whom."""

import csv
import io
import threading

import pytest
from django.db import connection

from guanxi.core import changes, clock, jobs
from guanxi.core.actor import Actor, actor_of, system_actor
from guanxi.core.errors import Conflict, NotFound
from guanxi.core.models import Change, Role, User
from guanxi.customers.duplicates import blocking, engine, queries, services
from guanxi.customers.duplicates.records import Record, features
from guanxi.customers.models import Customer, DuplicateDecision, DuplicatePair, DuplicateScan, Merge
from guanxi.customers.services.customers import create_customer, update_customer
from guanxi.customers.services.merging import merge_customers, undo_merge

pytestmark = pytest.mark.django_db(transaction=True)


def enter(name: str, phone: str = "", kind: str = "person", **rest: object):
    """A customer with a telephone."""
    points = [{"kind": "phone", "value": phone}] if phone else []
    return create_customer(
        actor=rest.pop("actor", None) or system_actor("cli"),
        values={"name": name, "kind": kind},
        contact_points=points,
        **rest,
    )


def scan(**options: object) -> DuplicateScan:
    """Look over the whole base."""
    return services.run_scan(scan=services.ask_for_scan(actor=system_actor("cli")), **options)


def found() -> set[tuple[int, int]]:
    """The pairs known."""
    return set(DuplicatePair.objects.values_list("first_id", "second_id"))


def test_a_scan_keeps_what_it_finds_and_forgets_what_is_over():
    one, other = enter("王小明", "13800138000"), enter("Wang Xiaoming", "138 0013 8000")
    enter("李雷", "13800138000")
    done = scan()
    assert (done.state, done.customers, done.pairs) == ("done", 3, 1)
    pair = DuplicatePair.objects.get()
    assert (pair.first_id, pair.second_id) == (one.pk, other.pk)
    assert pair.score > 0.9
    assert "138" not in str(pair.findings)
    update_customer(actor=system_actor("cli"), customer_id=other.pk, values={"name": "赵四海"})
    scan()
    assert found() == set()


def test_who_is_erased_while_a_search_runs_is_in_no_pair_of_it(owner, monkeypatch):
    one, other = enter("王小明", "13800138000"), enter("王小明", "13800138000")
    begins = engine.scan

    def overtaken(*args, **options):
        made, chunks = begins(*args, **options)
        Customer.objects.filter(pk=one.pk).update(erased_at=clock.now())
        return made, map(asked, chunks)

    def asked(chunk):
        services._write(chunk, 1)
        assert found() == {(one.pk, other.pk)}
        assert not queries.ranked(owner, min_score=0).exists()
        return chunk

    monkeypatch.setattr(engine, "scan", overtaken)
    scan()
    assert found() == set()


def test_a_pair_decided_different_is_out_of_the_list_until_the_decision_is_taken_back(owner):
    one, other = enter("王小明", "13800138000"), enter("王小明", "13800138000")
    scan()
    made, operation = services.decide_many_different(actor=owner, pairs=[(other.pk, one.pk)], reason="父子")
    assert made == 1
    decision = DuplicateDecision.objects.get()
    assert (decision.reason, decision.by_name) == ("父子", owner.name)
    assert Change.objects.filter(operation=operation, kind="duplicatedecision", act="create").exists()
    assert not queries.ranked(owner, min_score=0).exists()
    assert queries.ranked(owner, min_score=0, decided=True).count() == 1
    assert services.decide_different(actor=owner, one_id=one.pk, other_id=other.pk) is None
    scan()
    assert not queries.ranked(owner, min_score=0).exists()
    changes.undo_operation(actor=owner, operation_id=operation)
    assert queries.ranked(owner, min_score=0).count() == 1
    services.decide_different(actor=owner, one_id=one.pk, other_id=other.pk)
    assert services.withdraw_decision(actor=owner, one_id=other.pk, other_id=one.pk)
    assert queries.ranked(owner, min_score=0).count() == 1


def test_nobody_differs_from_themselves(owner):
    one = enter("王小明")
    with pytest.raises(Conflict):
        services.decide_different(actor=owner, one_id=one.pk, other_id=one.pk)


def test_a_pair_is_shown_to_those_who_see_both_sides(make_seller):
    seller = actor_of(make_seller("anna"))
    mine = enter("王小明", "13800138000", actor=seller)
    theirs = enter("王小明", "13800138000")
    scan()
    assert not queries.ranked(seller, min_score=0).exists()
    with pytest.raises(NotFound):
        services.decide_different(actor=seller, one_id=mine.pk, other_id=theirs.pk)
    assert not DuplicateDecision.objects.exists()
    enter("王小明", "13800138000", actor=seller)
    scan()
    assert queries.ranked(seller, min_score=0).count() == 1
    assert queries.ranked(system_actor("cli"), min_score=0).count() == 3


def test_a_scan_that_somebody_stops_ends_and_says_so(owner):
    enter("王小明")
    waiting = services.ask_for_scan(actor=owner)
    assert services.ask_for_scan(actor=owner).pk == waiting.pk

    def stop(phase: str, done: int, total: int) -> None:
        services.stop_scan(actor=owner, scan_id=waiting.pk)

    assert services.run_scan(scan=waiting, tell=stop).state == "stopped"


def test_a_scan_handed_back_waits_for_the_next_worker(owner):
    enter("王小明")
    waiting = services.ask_for_scan(actor=owner)

    def hand_back(phase: str, done: int, total: int) -> None:
        raise jobs.HandBack("the worker stops")

    with pytest.raises(jobs.HandBack):
        services.run_scan(scan=waiting, tell=hand_back)
    waiting.refresh_from_db()
    assert waiting.state == "waiting"
    assert services.run_scan(scan=waiting).state == "done"


def test_a_key_that_many_share_makes_few_pairs_and_loses_nothing():
    """A switchboard of 400 people, one of whom is on record twice."""
    line = ("+862162781234",)
    people = [
        Record(n, "person", f"{s}{a}{b}", phones=line)
        for n, (s, a, b) in enumerate(
            (s, a, b) for s in "王李张刘陈" for a in "建志文海波春燕晓" for b in "国强军洋勇杰涛明超霞"
        )
    ]
    people.append(Record(len(people), "person", "Zhang Wenming", phones=line))
    twin = next(person.id for person in people if person.name == "张文明")
    book = blocking.KeyBook()
    book.add(0, blocking.keys_of_chunk([person.packed() for person in people]))
    pairs = blocking.candidate_pairs(book, lambda place: features(people[place])).tolist()
    assert len(pairs) == len(set(pairs)) < 20 * len(people)
    assert (twin << 32 | people[-1].id) in pairs
    _made, chunks = engine.scan(people, min_score=0.5)
    assert [(pair.a, pair.b) for chunk in chunks for pair in chunk] == [(twin, people[-1].id)]


def test_the_command_writes_external_ids_and_reasons(guanxi, tmp_path):
    file = tmp_path / "customers.csv"
    file.write_text(
        "客户编号,客户名称,电话,邮箱,税号,地址\n"
        "B1,上海华信科技有限公司,021-62781234,info@huaxin.cn,91310115MA1K35UX9Q,上海市浦东新区张江路88号\n"
        "A2,華信科技（上海）,021 6278 1234,,,张江路88号\n"
        "A3,上海华信科技有限公司北京分公司,021-62781234,info@huaxin.cn,,\n"
        "A4,王小明,13800138000,,,\n"
        "A5,Xiaoming WANG,+86 138-0013-8000,,,\n",
        encoding="utf-8",
    )
    answer = guanxi.json("import", "customers", str(file), "--source", "crm")
    assert answer["rows_refused"] == 0
    out = tmp_path / "pairs.csv"
    summary = guanxi.json("customers", "duplicates", "--csv", str(out))
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert (summary["pairs"], summary["customers"]) == (2, 5)
    assert {(row["a"], row["b"]) for row in rows} == {("A2", "B1"), ("A4", "A5")}
    assert list(rows[0]) == ["a", "b", "score", "reasons"]
    assert [float(row["score"]) for row in rows] == sorted((float(row["score"]) for row in rows), reverse=True)
    assert any("+8613800138000" in row["reasons"] for row in rows)
    shown = guanxi.run("customers", "duplicates", "--no-scan", "--limit", "1", "--csv", "-").out
    assert len(list(csv.reader(io.StringIO(shown)))) == 2
    assert "0 to 1" in guanxi.run("customers", "duplicates", "--min-score", "7", expect=2).err
    guanxi.run("customers", "duplicates", "--csv", str(tmp_path / "no" / "such.csv"), expect=1)


def test_two_people_merge_and_decide_while_a_search_runs(owner):
    """Each of their acts holds, the search ends, and what they settled is out of the list; an undo brings back what was."""
    colleague = actor_of(User.objects.create_user("mei", "secret-enough", role=Role.objects.get(key="owner")))
    first, second, third, fourth = (
        (enter(name, phone), enter(name, phone))
        for name, phone in (
            ("王小明", "13800138000"), ("李雷雷", "13800138001"), ("赵四海", "13800138002"), ("钱多多", "13800138003")
        )
    )  # fmt: skip
    scan()
    services.decide_different(actor=owner, one_id=fourth[0].pk, other_id=fourth[1].pk, reason="父子")
    merges: dict[str, list[Merge]] = {}
    refused: list[str] = []

    def act(who: Actor, name: str, keep: Customer, absorb: Customer) -> None:
        """One of them merges; the other may have been first."""
        try:
            merges[name] = merge_customers(actor=who, keep_id=keep.pk, absorb_ids=[absorb.pk])
        except Conflict:
            refused.append(name)
        finally:
            connection.close()

    def meanwhile(phase: str, _done: int, _total: int) -> None:
        """Both are at work while the pairs are compared: one pair each, and one that both want, either way round."""
        if phase == "comparing" and not merges:
            people = [
                threading.Thread(target=act, args=(owner, "of owner", *first)),
                threading.Thread(target=act, args=(colleague, "of colleague", *reversed(second))),
                threading.Thread(target=act, args=(owner, "both, one way", *third)),
                threading.Thread(target=act, args=(colleague, "both, the other way", *reversed(third))),
            ]
            for one in people:
                one.start()
            for one in people:
                one.join()

    assert scan(tell=meanwhile).state == "done"
    assert len(merges) == 3
    assert len(refused) == 1
    assert refused[0].startswith("both")
    assert not queries.ranked(owner, min_score=0).exists()
    assert queries.ranked(colleague, min_score=0, decided=True).count() == 1
    for who, name in ((colleague, "of owner"), (owner, "of colleague")):
        undo_merge(actor=who, merge_id=merges[name][0].pk)
    scan()
    listed = {(pair.first_id, pair.second_id) for pair in queries.ranked(owner, min_score=0)}
    assert listed == {(first[0].pk, first[1].pk), (second[0].pk, second[1].pk)}
    assert DuplicateDecision.objects.get().reason == "父子"


def test_a_decision_goes_with_a_merge_and_back_with_its_undo(owner):
    """What was found of the absorbed one is true of its survivor, and of the absorbed one alone once they are parted."""
    one, twin, son = (enter("王小明", "13800138000") for _one in range(3))
    scan()
    services.decide_different(actor=owner, one_id=twin.pk, other_id=son.pk, reason="父子")
    (merge,) = merge_customers(actor=owner, keep_id=one.pk, absorb_ids=[twin.pk])
    scan()
    assert queries.decision_on(one.pk, son.pk).reason == "父子"
    assert not queries.ranked(owner, min_score=0).exists()
    undo_merge(actor=owner, merge_id=merge.pk)
    scan()
    assert queries.decision_on(one.pk, son.pk) is None
    assert queries.decision_on(twin.pk, son.pk).reason == "父子"
    listed = {(pair.first_id, pair.second_id) for pair in queries.ranked(owner, min_score=0)}
    assert listed == {(one.pk, twin.pk), (one.pk, son.pk)}
