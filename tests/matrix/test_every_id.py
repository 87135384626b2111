"""Every place of the API where an id can be put, found in the description itself: what has no business there does nothing.

Each operation has a request that succeeds (`requests_of.py`); one place after the other is filled with the id of another's
record, of a wrong kind, of nothing, mistyped, empty, very long, a number. The answer is 404 or 422 (or, of a filter, a list
of nothing), nothing is written, and another's record is answered exactly as one that is not there.
"""

import re
from dataclasses import replace
from typing import Any

import orjson
import pytest

from tests.matrix.belongings import OTHER_WORD
from tests.matrix.requests_of import Call, calls, company, document
from tests.matrix.state import digest_of_rows
from tests.matrix.trying import Answer, Tryer
from tests.matrix.walking import Place, Wrong, anothers, places_of, wrongs
from tests.matrix.world import World

pytestmark = [pytest.mark.full, pytest.mark.django_db]
READING = {"GET", "HEAD"}
REFUSED = frozenset({404, 422})
NOTHING = re.compile(r'{"items":\[\](,"\w+":(null|\[\]|0))*}')
# A person who was erased may ask about their data once more; the request is written down with the empty record.
ASKED_AGAIN = {"requests_record", "requests_change"}
# Whoever sees customers sees every tag.
TAG = f"{OTHER_WORD}-tag"
MOST_PLACES = 50


def sent(tryer: Tryer, world: World, call: Call, *, keep: bool) -> Answer:
    """Send a request as the keeper."""
    token = world.tokens["keeper"]
    if call.form is not None and call.file is not None:
        return tryer.upload(call.address, dict(call.form), call.file, token=token, keep=keep)
    body = None if call.body is None else orjson.dumps(call.body, option=orjson.OPT_NON_STR_KEYS)
    return tryer.operation(call.method, call.address, body, token=token, keep=keep)


def keeper(world: World) -> Tryer:
    """The keeper with a token and no browser."""
    tryer = Tryer(world, "stranger")
    tryer.person = "keeper"
    return tryer


def put(call: Call, place: Place, value: Any) -> list[Call]:
    """The request with a value in a place; in a list also behind what belongs there."""
    found = [call.put(place.where, place.steps, value)]
    if place.steps and isinstance(place.steps[-1], int):
        found.append(call.put(place.where, (*place.steps[:-1], place.steps[-1] + 1), value))
    return found


def plain(answer: Answer, value: str) -> str:
    """The body of an answer with what was sent left out."""
    return (answer.text.replace(value, "…") if value else answer.text).replace(TAG, "")


def may_be_written(call: Call, wrong: Wrong) -> bool:
    """Whether it has business there after all."""
    return wrong.name == "erased" and call.name in ASKED_AGAIN


def fault(call: Call, place: Place, wrong: Wrong, tryer: Tryer, answer: Answer) -> str:
    """What is wrong with an answer, '' for nothing."""
    if answer.written and not may_be_written(call, wrong):
        return "something was written"
    if leaked := tryer.leaks(replace(answer, text=plain(answer, str(wrong.value)))):
        return f"it shows {leaked}"
    if answer.status in REFUSED:
        return ""
    if may_be_written(call, wrong):
        return ""
    if wrong.leads and (answer.status == 409 or (call.method in READING and answer.status == 200)):
        return ""
    if place.where == "path" and wrong.value in {"", "."}:
        return "" if answer.status == 405 else "it is answered"
    if place.where == "query" and answer.status == 200:
        is_unasked = place.may_be_left_out and not str(wrong.value).strip()
        return "" if is_unasked or NOTHING.fullmatch(answer.text) else "it finds something"
    return "neither 404 nor 422"


def test_every_operation_has_a_request_that_succeeds() -> None:
    """Else the walk would prove nothing: what is refused anyway refuses another's id too."""
    world = company()
    tryer = keeper(world)
    problems = [
        f"{call.method} {call.address}: {answer} {answer.text[:300]}"
        for call in calls(world)
        if not 200 <= (answer := sent(tryer, world, call, keep=False)).status < 300
    ]
    assert not problems, "\n".join(problems)


def test_no_place_of_an_id_takes_what_has_no_business_there() -> None:
    world = company()
    tryer = keeper(world)
    before = digest_of_rows()
    problems, count = [], 0
    for call, place, good in places_of(calls(world)):
        count += 1
        for wrong in wrongs(world, place, good):
            for request in put(call, place, wrong.value):
                answer = sent(tryer, world, request, keep=not may_be_written(call, wrong))
                if problem := fault(call, place, wrong, tryer, answer):
                    problems.append(f"{call.name} {place} {wrong.name}: {problem}: {answer} {answer.text[:200]}")
    assert not problems, "\n".join(problems)
    assert digest_of_rows() == before
    assert count > MOST_PLACES


def test_the_id_of_anothers_record_is_answered_as_one_of_nothing() -> None:
    world = company()
    tryer = keeper(world)
    before = digest_of_rows()
    problems, count = [], 0
    for call, place, _good in places_of(calls(world)):
        for theirs, none in anothers(world, place):
            for pair in zip(put(call, place, theirs.value), put(call, place, none.value), strict=True):
                count += 1
                answer, other = (sent(tryer, world, request, keep=True) for request in pair)
                told = f"{call.name} {place} {theirs.name} {theirs.value}"
                for wrong, given in ((theirs, answer), (none, other)):
                    if problem := fault(call, place, wrong, tryer, given):
                        problems.append(f"{told} ({wrong.name}): {problem}: {given} {given.text[:200]}")
                if (answer.status, plain(answer, theirs.value)) != (other.status, plain(other, none.value)):
                    problems.append(f"{told}: {answer.text[:200]} but of nothing {other.text[:200]}")
    assert not problems, "\n".join(problems)
    assert digest_of_rows() == before
    assert count > MOST_PLACES


def test_every_place_of_an_id_is_marked() -> None:
    """A parameter or field that is called an id, or is told to take one of ours, says so to programs and to this walk."""
    suspicious = re.compile(r"\b(our (own )?ids?\b|[a-z]{3}_(…|\.\.\.))", re.IGNORECASE)
    unmarked = []
    for path, methods in document()["paths"].items():
        for method, told in methods.items():
            for one in told.get("parameters", ()):
                is_id = one["name"].endswith("_id") or suspicious.search(one["schema"].get("description", ""))
                if is_id and one["schema"].get("format") != "record-id":
                    unmarked.append(f"{method} {path} {one['name']}")
    for name, schema in document()["components"]["schemas"].items():
        if schema.get("additionalProperties") is not False:
            continue  # what is given, not what is sent
        for field, told in schema["properties"].items():
            is_id = (
                (field.endswith("_id") and field != "tax_id")
                or field == "id"
                or suspicious.search(told.get("description", ""))
            )
            if is_id and "record-id" not in str(told):
                unmarked.append(f"{name}.{field}")
    assert not unmarked, f"mark these with core.api.id_of: {unmarked}"
