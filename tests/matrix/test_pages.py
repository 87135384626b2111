"""Every address of the screens, tried by everybody: let in, the sign-in page, or nothing here; nothing changes on refusal."""

import re

import pytest

from tests.matrix.rights import PEOPLE, quickly
from tests.matrix.rows import Need, Page, is_named, pages
from tests.matrix.state import digest_of_rows
from tests.matrix.trying import Answer, Tryer
from tests.matrix.world import World, build

pytestmark = pytest.mark.django_db
FINE = range(200, 400)
# A form that was read and found wanting, or a state that does not allow it: whoever gets this was let in.
READ = frozenset({400, 409, 415, 422, 423, 428})


def attempts(world: World, tryer: Tryer, page: Page, other: str = "") -> list[tuple[str, Need, Answer]]:
    """One row tried by one person, by each method it knows; what was written on refusal stays, to be found."""
    found = []
    address = world.fill(page.address, other=other)
    for method, need in (("get", page.get), ("post", page.post)):
        if need is not None:
            body = {name: world.fill(str(value), other=other) for name, value in page.body.items()}
            is_in = lets_in(world, tryer.person, page, need) and not other
            files = page.files if method == "post" else None
            answer = tryer.page(method, address, body, files, page.headers, keep=not is_in)
            found.append((f"{tryer.person}: {method} {address}", need, answer))
    return found


def lets_in(world: World, person: str, page: Page, need: Need) -> bool:
    """Whether a person gets in, all told."""
    return person not in page.hides and world.lets_in(person, need)


def wrong(world: World, person: str, page: Page, need: Need, answer: Answer) -> str:
    """What is wrong with an answer, '' for nothing."""
    if answer.status >= 500:
        return "an error"
    if lets_in(world, person, page, need):
        is_in = (answer.status in FINE and not answer.is_sign_in) or answer.status in READ or answer.status in page.also
        return "" if is_in else "not let in"
    if answer.written:
        return "refused, and yet something was written"
    if person == "stranger" and page.stranger == "sign-in":
        return "" if answer.is_sign_in else "no sign-in page for a stranger"
    return "" if answer.status == 404 else "neither let in nor 404"


def errors_in(answer: Answer) -> list[str]:
    """What a form has to say against what was sent."""
    return re.findall(r'class="[^"]*(?:invalid-feedback|form-error|alert)[^"]*"[^>]*>([^<]+)', answer.text)


@pytest.mark.parametrize("person", quickly(PEOPLE, full=("mate", "head", "manager", "agent", "analyst", "auditor")))
def test_who_gets_in_and_who_does_not(person: str) -> None:
    world = build()
    tryer = Tryer(world, person)
    before = digest_of_rows()
    problems = []
    for page in pages():
        if page.untried:
            continue
        for told, need, answer in attempts(world, tryer, page):
            if problem := wrong(world, person, page, need, answer):
                problems.append(f"{told}: {problem}: {answer}")
            elif not (page.reveals and " post " in told) and (leaked := tryer.leaks(answer)):
                problems.append(f"{told}: shows {leaked}")
            elif person == page.prover and page.changes and " post " in told and not answer.written:
                problems.append(f"{told}: the form wrote nothing, so it proves nothing: {answer} {errors_in(answer)}")
    assert not problems, "\n".join(problems)
    assert digest_of_rows() == before


def places(text: str, world: World) -> list[str]:
    """The records named in a text, of which the outsider has one too and which belong to somebody."""
    return [name for name, record in world.others.items() if record.holder and is_named(name, text)]


def test_the_id_of_a_strangers_record_is_refused_wherever_it_can_be_put() -> None:
    """The keeper puts the outsider's ids into addresses, queries and forms, one at a time."""
    world = build()
    tryer = Tryer(world, "keeper")
    before = digest_of_rows()
    problems, count = [], 0
    for page in pages():
        if page.untried or "customer" not in page.address:
            continue
        for name in {name for text in (page.address, *map(str, page.body.values())) for name in places(text, world)}:
            if name in {"user", "role", "department", "team"}:
                continue  # colleagues and their places are no secret
            count += 1
            for told, _need, answer in attempts(world, tryer, page, other=name):
                if answer.status >= 500 or answer.written:
                    problems.append(f"{told}: {answer}")
                elif leaked := tryer.leaks(answer):
                    problems.append(f"{told}: shows {leaked}")
    assert not problems, "\n".join(problems)
    assert count > 30
    assert digest_of_rows() == before
