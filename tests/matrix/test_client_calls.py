"""The typed client calls every operation of the description once, with success, and gets what its types promise."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, get_type_hints

import pytest
from django.db import transaction

from guanxi_client import Client
from guanxi_client.operations import Operations
from tests.matrix.requests_of import Call, calls, company, document
from tests.matrix.world import World
from tests.typing_of import misfits
from tests.wire import Wire

pytestmark = pytest.mark.django_db
# Written by hand: a file is no JSON.
BY_HAND = {"imports_upload"}


@contextmanager
def taken_back() -> Iterator[None]:
    """What is written in the block does not stay, so that each call meets the records as they were made."""
    block = transaction.atomic()
    block._from_testcase = True  # as the test's own: durable blocks of the product may be inside  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


def called(client: Client, call: Call) -> Any:
    """Make one call by its method."""
    method = getattr(client, call.name)
    if call.file is not None and call.form is not None:
        return method(call.file[0], call.file[1].encode(), **call.form)
    arguments = [*call.places.values(), *([] if call.body is None else [call.body])]
    return method(*arguments, **call.query)


def promised(name: str) -> Any:
    """What a method says that it returns."""
    return get_type_hints(getattr(Client, name), include_extras=True)["return"]


def operations_told() -> list[str]:
    """The names of all operations of the description."""
    return [told["operationId"] for methods in document()["paths"].values() for told in methods.values()]


def test_every_operation_is_called_once_with_success_and_answers_as_typed() -> None:
    world: World = company()
    wire = Wire()
    client = Client("http://crm.test", world.tokens["keeper"], send=wire)
    problems, done = [], set()
    for call in calls(world):
        with taken_back():
            before = len(wire.sent)
            try:
                answer = called(client, call)
            except Exception as error:  # noqa: BLE001 - whatever a method does wrong is told beside the others
                problems.append(f"{call.name}: {type(error).__name__} {error}")
                continue
            assert len(wire.sent) == before + 1
        done.add(call.name)
        if wire.got[-1].status == 201 and "location" not in wire.got[-1].headers:
            problems.append(f"{call.name}: does not say where what it made is")
        problems += [f"{call.name}: {misfit}" for misfit in misfits(answer, promised(call.name))]
    assert not problems, "\n".join(problems)
    assert done == set(operations_told())


def test_there_is_one_method_for_each_operation_and_none_beside() -> None:
    """By the name that the description gives it."""
    names = operations_told()
    assert [name for name in names if not callable(getattr(Client, name, None))] == []
    assert len(set(names)) == len(names)
    written = {name for name in vars(Operations) if not name.startswith("_") and name != "call"}
    assert written == set(names) - BY_HAND


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"items": [], "next": 1}, "answer.next: 1 is no"),
        ({"items": []}, "answer.next is missing"),
        ({"items": [], "next": None, "more": 1}, "answer.more is not promised"),
        ({"items": {}, "next": None}, "answer.items: {} is no list"),
        ({"items": [{}], "next": None}, "answer.items.0.id is missing"),
        ([], "is no TaskPage"),
    ],
)
def test_an_answer_that_is_not_as_promised_is_found(value: Any, told: str) -> None:
    assert any(told in misfit for misfit in misfits(value, promised("tasks_list_tasks")))
    assert not list(misfits({"items": [], "next": None}, promised("tasks_list_tasks")))
