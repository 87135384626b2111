"""Fields that an operation does not offer, sent along: refused by name, at every level of a body; never written.

Which fields there are to try is asked of the models that the operation writes to, and of a list of what somebody who means
harm would try first.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps

from guanxi.customers.services.merging.fields import fields_of
from guanxi.importing.targets import targets
from tests.matrix.requests_of import Call, calls, company
from tests.matrix.state import digest_of_rows
from tests.matrix.test_every_id import keeper, sent
from tests.matrix.trying import Answer
from tests.matrix.walking import Steps, resolved
from tests.matrix.world import World

pytestmark = [pytest.mark.full, pytest.mark.django_db]
# What is tried wherever it is not offered, whatever the model behind an operation is.
TRIED_FIRST = (
    "id", "pk", "public_id", "owner", "owner_id", "department", "department_id", "user", "user_id", "actor", "author",
    "created_at", "updated_at", "created_by", "erased_at", "merged_into", "merged_into_id", "import_run", "tier", "abc",
    "net_revenue", "standing", "role", "role_id", "is_superuser", "is_staff", "is_active", "password", "secret",
    "stopped_because", "by_name", "means", "operation", "scope", "__class__", "_state", "objects",
)  # fmt: skip
# It only looks who may be meant: a name that it does not know says nothing about anybody.
ENTERS_NOBODY = {"customers_look"}


def objects_in(schema: Mapping[str, Any], body: Any, steps: Steps = ()) -> Iterator[tuple[Steps, Mapping[str, Any]]]:
    """Every object of a body with its schema: itself, those in its fields and in its lists."""
    schema = resolved(schema)
    for word in ("anyOf", "oneOf", "allOf"):
        for one in schema.get(word, ()):
            yield from objects_in(one, body, steps)
    if isinstance(body, dict) and schema.get("type") == "object":
        yield steps, schema
        for name, inner in schema.get("properties", {}).items():
            if name in body:
                yield from objects_in(inner, body[name], (*steps, name))
    if isinstance(body, list) and body and isinstance(schema.get("items"), dict):
        yield from objects_in(schema["items"], body[0], (*steps, 0))


def fields_behind(answer: Answer) -> set[str]:
    """The fields of the models whose tables a request wrote to."""
    tables = set(answer.written)
    return {
        name
        for model in apps.get_models()
        if model._meta.db_table in tables
        for field in model._meta.concrete_fields
        for name in (field.name, field.attname)
    }


def value_for(world: World, name: str) -> Any:
    """Something that the field could hold, were it taken."""
    if name.startswith(("is_", "has_")):
        return True
    if name.endswith("_at"):
        return "2001-01-01T00:00:00Z"
    return world.users["outsider"].pk if name.endswith("_id") or name in {"owner", "user", "id", "pk"} else "1"


def told_of(answer: Answer, name: str) -> bool:
    """Whether a refusal names the field."""
    return f'{name}"' in answer.text


def extra(call: Call, steps: Steps, name: str, value: Any) -> Call:
    """The request with one more field."""
    return call.put("body", (*steps, name), value)


def test_no_body_takes_a_field_that_it_does_not_offer() -> None:
    world = company()
    tryer = keeper(world)
    before = digest_of_rows()
    problems, count = [], 0
    for call in calls(world):
        content = call.told.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            continue
        tried = fields_behind(sent(tryer, world, call, keep=False)).union(TRIED_FIRST)
        for steps, schema in objects_in(content["schema"], call.body):
            if "properties" not in schema and schema.get("additionalProperties", True):
                continue  # names of its own, such as own fields; the next test is about them
            for name in sorted(tried - set(schema.get("properties", ()))):
                count += 1
                answer = sent(tryer, world, extra(call, steps, name, value_for(world, name)), keep=True)
                if answer.status != 422 or answer.written or not told_of(answer, name):
                    problems.append(f"{call.name} {steps} {name}: {answer} {answer.text[:200]}")
    assert not problems, "\n".join(problems)
    assert digest_of_rows() == before
    assert count > 1000


def names_offered(world: World) -> dict[str, tuple[set[str], Any]]:
    """Objects whose names the caller chooses: which names are taken there, and a value that fits."""
    merged = {field.key for field in fields_of("person", (), with_card=True)}
    return {
        "customers_create.custom": (set(), "1"),
        "customers_look.custom": (set(), "1"),
        "customers_change.custom": (set(), "1"),
        "cases_create.custom": (set(), "1"),
        "cases_change.custom": (set(), "1"),
        "rules_create_rule.conditions": ({"all", "any", "not"}, []),
        "rules_change_rule.conditions": ({"all", "any", "not"}, []),
        "rules_create_rule.parameters": ({"role", "words"}, "1"),
        "rules_change_rule.parameters": ({"role", "words"}, "1"),
        "customers_merge.choices": (merged, world.records["twin"].public),
        "imports_settle_columns.columns": ({field.key for field in targets["customers"].fields()}, "name"),
    }


def test_names_of_ones_own_are_no_way_to_a_field_of_the_model() -> None:
    """Own fields, choices of a merge and columns of a file go by names that the caller sends: a model's own are none."""
    world = company()
    tryer = keeper(world)
    before = digest_of_rows()
    problems, found, offered = [], set(), names_offered(world)
    for call in calls(world):
        content = call.told.get("requestBody", {}).get("content", {}).get("application/json")
        for steps, schema in objects_in(content["schema"], call.body) if content else ():
            if "properties" in schema:
                continue
            key = f"{call.name}.{steps[-1]}"
            found.add(key)
            taken, value = offered[key]
            for name in sorted(fields_behind(sent(tryer, world, call, keep=False)).union(TRIED_FIRST) - taken):
                answer = sent(tryer, world, extra(call, steps, name, value), keep=True)
                is_idle = answer.status == 200 and call.name in ENTERS_NOBODY
                if (answer.status != 422 and not is_idle) or answer.written:
                    problems.append(f"{key} {name}: {answer} {answer.text[:200]}")
    assert not problems, "\n".join(problems)
    assert digest_of_rows() == before
    assert found == offered.keys()


def test_no_address_takes_a_parameter_that_it_does_not_know() -> None:
    world = company()
    tryer = keeper(world)
    before = digest_of_rows()
    problems = []
    for call in calls(world):
        known = {one["name"] for one in call.told.get("parameters", ()) if one["in"] == "query"}
        for name in sorted({"id", "owner", "user", "role", "scope", "actor", "is_superuser", "as"} - known):
            request = replace(call, query={**call.query, name: str(world.users["outsider"].pk)})
            answer = sent(tryer, world, request, keep=True)
            if answer.status != 422 or answer.written or not told_of(answer, name):
                problems.append(f"{call.name}?{name}: {answer} {answer.text[:200]}")
    assert not problems, "\n".join(problems)
    assert digest_of_rows() == before


def test_a_form_with_a_file_takes_no_field_that_it_does_not_offer() -> None:
    world = company()
    tryer = keeper(world)
    before = digest_of_rows()
    problems = []
    for call in calls(world):
        if call.form is None:
            continue
        tried = fields_behind(sent(tryer, world, call, keep=False)).union(TRIED_FIRST) - set(call.form) - {"mapping"}
        for name in sorted(tried):
            request = replace(call, form={**call.form, name: str(value_for(world, name))})
            answer = sent(tryer, world, request, keep=True)
            if answer.status != 422 or answer.written:
                problems.append(f"{call.name} {name}: {answer} {answer.text[:200]}")
    assert not problems, "\n".join(problems)
    assert digest_of_rows() == before
