"""From the OpenAPI document to what a page shows: operations of an area, their parameters, bodies, answers, an example."""

import json
import shlex
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import orjson
from django.utils.translation import gettext as _

from guanxi.core import ids, records
from guanxi.integration.about_api import document

PREFIX = "/api/v1"
DEEPEST = 4
# Of kinds that are part of another record.
PREFIXES = {"contactpoint": "ctp", "merge": "mrg", "operation": "opr", "relation": "rel"}
# What examples are made of where the description gives none.
SAMPLES = {
    "name": "王小明", "phone": "13812345678", "value": "13812345678", "object": "cus_0002n", "absorb": "cus_0002n",
    "operation": "opr_0001e", "title": "Call back", "url": "https://shop.example.com/hook", "label": "shop",
    "customer": "cus_0001m", "purpose": "marketing", "q": "王",
}  # fmt: skip
# In addresses alone: in what is sent the word has other values.
IN_ADDRESSES = {"kind": "notes", "number": "7"}


@dataclass(frozen=True)
class Item:
    """A parameter, or a field of what is sent or given."""

    name: str
    kind: str
    is_required: bool
    about: str = ""
    place: str = ""
    depth: int = 0


@dataclass(frozen=True)
class Answer:
    """One answer: its status, what it means, what it holds."""

    status: int
    about: str
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True)
class Described:
    """One operation."""

    name: str
    method: str
    path: str
    summary: str
    about: str
    scope: str
    parameters: list[Item]
    body: list[Item]
    answers: list[Answer]
    refusals: list[Answer]
    example: str


@cache
def _document() -> dict[str, Any]:
    """The document as programs get it."""
    found: dict[str, Any] = orjson.loads(document())
    return found


def areas() -> dict[str, list[tuple[str, str, str, str]]]:
    """The areas, each with name, method, path and summary of its operations."""
    found: dict[str, list[tuple[str, str, str, str]]] = {}
    for path, methods in _document()["paths"].items():
        for method, told in methods.items():
            line = (told["operationId"], method.upper(), path.removeprefix(PREFIX), told["summary"])
            found.setdefault(told["tags"][0], []).append(line)
    return found


def operations(area: str, address: str) -> list[Described]:
    """The operations of an area; examples call this address."""
    return [
        _described(path, method, told, address)
        for path, methods in _document()["paths"].items()
        for method, told in methods.items()
        if told["tags"][0] == area
    ]


def _described(path: str, method: str, told: dict[str, Any], address: str) -> Described:
    """One operation as a page shows it."""
    parameters = [
        Item(one["name"], kind_of(one["schema"]), one.get("required", False), _about(one), one["in"])
        for one in told.get("parameters", ())
    ]
    answers = [
        Answer(int(status), one["description"], _fields(_schema_of(one)))
        for status, one in sorted(told["responses"].items())
    ]
    security = told.get("security") or []
    return Described(
        name=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told["summary"],
        about=told.get("description", "").replace("`", ""),
        scope=next((scope for one in security for scopes in one.values() for scope in scopes), ""),
        parameters=parameters,
        body=_fields(_schema_of(told.get("requestBody", {}))),
        answers=[one for one in answers if one.status < 400],
        refusals=[one for one in answers if one.status >= 400],
        example=_example(path, method, told, address),
    )


def _about(one: dict[str, Any]) -> str:
    """What is said of a parameter or a field."""
    told = str(one.get("description") or one.get("schema", {}).get("description") or "")
    return told.replace("`", "")


def _schema_of(holder: dict[str, Any]) -> dict[str, Any]:
    """The schema of a body or an answer; nothing for one without."""
    content = holder.get("content", {})
    for one in content.values():
        found: dict[str, Any] = one.get("schema", {})
        return found
    return {}


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema with its reference followed; of several the first that is not nothing."""
    while True:
        if "$ref" in schema:
            schema = _document()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
        elif "anyOf" in schema:
            schema = next(one for one in schema["anyOf"] if one.get("type") != "null")
        else:
            return schema


def kind_of(schema: dict[str, Any]) -> str:
    """What a schema allows, in a word or two."""
    if "anyOf" in schema:
        kinds = [kind_of(one) for one in schema["anyOf"]]
        return " | ".join(dict.fromkeys(kinds))
    found = _resolved(schema)
    if "enum" in found:
        return " | ".join(json.dumps(value, ensure_ascii=False) for value in found["enum"])
    if "const" in found:
        return json.dumps(found["const"], ensure_ascii=False)
    if found.get("type") == "array":
        inner = kind_of(found.get("items", {}))
        return _("list of %(kind)s") % {"kind": inner}
    kind = str(found.get("format") or found.get("type") or "any")
    most = found.get("maxLength") or found.get("maximum")
    return f"{kind} ≤ {most}" if most is not None else kind


def _fields(schema: dict[str, Any], depth: int = 0) -> list[Item]:
    """The fields of an object with those within, each after the one that holds it."""
    found = _resolved(schema)
    if found.get("type") == "array":
        found = _resolved(found.get("items", {}))
    if depth == DEEPEST:
        return []
    items = []
    for name, one in found.get("properties", {}).items():
        items.append(Item(name, kind_of(one), name in found.get("required", ()), _about(one), "", depth))
        items += _fields(one, depth + 1)
    return items


def _sample_id(kind: str) -> str:
    """The id of the first record of a kind."""
    return ids.public_id(PREFIXES[kind] if kind in PREFIXES else records.kinds[kind].prefix, 1)


def _example(path: str, method: str, told: dict[str, Any], address: str) -> str:
    """A call by curl that can be copied."""
    for one in told.get("parameters", ()):
        if one["in"] == "path":
            kinds = one["schema"].get("x-kinds")
            value = _sample_id(kinds[0]) if kinds else (SAMPLES | IN_ADDRESSES)[one["name"]]
            path = path.replace(f"{{{one['name']}}}", value)
    asked = [
        f"{one['name']}={SAMPLES.get(one['name'], '')}"
        for one in told.get("parameters", ())
        if one["in"] == "query" and (one.get("required") or one["name"] == "phone")
    ]
    parts = ["curl"] if method == "get" else [f"curl -X {method.upper()}"]
    if told.get("security"):
        parts.append("-H 'Authorization: Bearer gxt_…'")
    content = told.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        sample = json.dumps(_sample(content["application/json"]["schema"]), ensure_ascii=False)
        parts += ["-H 'Content-Type: application/json'", f"-d {shlex.quote(sample)}"]
    elif content:
        parts.append("-F target=customers -F file=@customers.csv")
    parts.append(shlex.quote(f"{address}{path}" + (f"?{'&'.join(asked)}" if asked else "")))
    return " \\\n  ".join(parts)


def _sample(schema: dict[str, Any], name: str = "") -> Any:
    """A value that a schema allows: of an object what is needed, or its first field."""
    if name in SAMPLES and _resolved(schema).get("type") == "string":
        return SAMPLES[name]
    found = _resolved(schema)
    if "properties" in found:
        wanted = (
            [*found.get("required", ())]
            or [one for one in ("city", "label", "failed", "columns", "rest") if one in found["properties"]][:1]
            or list(found["properties"])[:1]
        )
        return {one: _sample(found["properties"][one], one) for one in wanted}
    if "enum" in found:
        return found["enum"][0]
    kind = found.get("type")
    if kind == "array":
        return [_sample(found.get("items", {}), name)]
    return {"boolean": True, "integer": 1, "number": 1, "object": {"name": "name"}}.get(str(kind), "…")
