"""Every operation of the API, tried by everybody: 401, 403, 404 or let in; nothing changes on refusal."""

from typing import Any

import orjson
import pytest

from tests.matrix.rights import PEOPLE, may_do, quickly, rights_of
from tests.matrix.rows import Need, Operation, is_named, operations
from tests.matrix.state import digest_of_rows
from tests.matrix.trying import Answer, Tryer
from tests.matrix.world import World, build

pytestmark = pytest.mark.django_db
READING = {"GET", "HEAD"}
READ = frozenset({400, 409, 412, 415, 422, 423, 428})


def filled(world: World, body: Any, other: str = "") -> Any:
    """A body with records put in their places."""
    if isinstance(body, dict):
        return {name: filled(world, value, other) for name, value in body.items()}
    if isinstance(body, list):
        return [filled(world, value, other) for value in body]
    return world.fill(body, other=other) if isinstance(body, str) else body


def tried(world: World, tryer: Tryer, row: Operation, *, token: str | None, keep: bool, other: str = "") -> Answer:
    """Call an operation."""
    body = None if row.body is None else orjson.dumps(filled(world, row.body, other))
    return tryer.operation(
        row.method, world.fill(row.address, other=other), body, token=token, headers=row.headers, keep=keep
    )


def is_out_of_reach(world: World, person: str, need: Need) -> bool:
    """Whether somebody who is not let in has the act, and only this record is beyond them."""
    parts = need.either or tuple(part for part in need.both if not world.lets_in(person, part))
    return any(is_out_of_reach(world, person, part) for part in parts) or bool(
        may_do(rights_of(person), need.kind, need.action)
    )


def wrong(world: World, person: str, row: Operation, answer: Answer) -> str:
    """What is wrong with an answer, '' for nothing."""
    if answer.status >= 500:
        return "an error"
    if world.lets_in(person, row.need):
        is_in = answer.status in range(200, 300) or answer.status in READ or answer.status in row.also
        return "" if is_in else "not let in"
    if answer.written:
        return "refused, and yet something was written"
    if row.method == "GET" and answer.status == 200 and answer.text.startswith('{"items":[]'):
        return ""  # a list of nothing tells nothing
    if is_out_of_reach(world, person, row.need):
        return "" if answer.status == 404 else "a record out of reach is not answered as missing"
    return "" if answer.status in {403, 404} else "neither 403 nor 404"


@pytest.mark.parametrize(
    "person", quickly(PEOPLE, full=("mate", "head", "manager", "agent", "analyst", "auditor"), without=("stranger",))
)
def test_who_gets_in_and_who_does_not(person: str) -> None:
    world = build()
    tryer, token = Tryer(world, "stranger"), world.tokens[person]
    tryer.person = person
    before = digest_of_rows()
    problems = []
    for row in operations():
        told = f"{person}: {row.method} {row.address}"
        is_in = world.lets_in(person, row.need)
        answer = tried(world, tryer, row, token=token, keep=not is_in)
        if problem := wrong(world, person, row, answer):
            problems.append(f"{told}: {problem}: {answer} {answer.text[:300]}")
        elif leaked := tryer.leaks(answer):
            problems.append(f"{told}: shows {leaked}")
        elif person == "owner" and row.method not in READING and row.changes and not answer.written:
            problems.append(f"{told}: the owner's call wrote nothing, so it proves nothing: {answer.text[:300]}")
    assert not problems, "\n".join(problems)
    assert digest_of_rows() == before


def test_without_a_valid_token_there_is_only_401_and_a_reading_token_never_has_its_body_read() -> None:
    world = build()
    tryer = Tryer(world, "stranger")
    before = digest_of_rows()
    problems = []
    removed, gone = world.tokens["manager"], world.users["manager"]
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    after_removal = digest_of_rows()
    for row in operations():
        if row.is_public:
            continue
        address = world.fill(row.address)
        for what, token in (("no", None), ("a wrong", "gxt_" + "x" * 43), ("a removed user's", removed)):
            answer = tryer.operation(row.method, address, b"{not json", token=token, keep=True)
            if answer.status != 401 or answer.written:
                problems.append(f"{what} token: {row.method} {address}: {answer}")
        if row.method not in READING:
            answer = tryer.operation(row.method, address, b"{not json", token=world.reading_tokens["owner"], keep=True)
            if answer.status != 403 or answer.written:
                problems.append(f"a reading token: {row.method} {address}: {answer}")
    assert not problems, "\n".join(problems)
    assert after_removal == digest_of_rows() != before


def test_the_id_of_a_strangers_record_is_refused_wherever_it_can_be_put() -> None:
    world = build()
    tryer = Tryer(world, "stranger")
    tryer.person = "keeper"
    before = digest_of_rows()
    problems = []
    for row in operations():
        text = row.address + str(row.body)
        for name in [name for name, record in world.others.items() if record.holder and is_named(name, text)]:
            answer = tried(world, tryer, row, token=world.tokens["keeper"], keep=True, other=name)
            if answer.status not in {403, 404, 409, 422} or answer.written or tryer.leaks(answer):
                problems.append(f"{row.method} {row.address} with another's {name}: {answer} {answer.text[:200]}")
    assert not problems, "\n".join(problems)
    assert digest_of_rows() == before
