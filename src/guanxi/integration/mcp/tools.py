"""From the description of the API to tools: one for each operation, its parameters and its body as arguments."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

PREFIX = "/api/v1/"
VERBS = {"get": "read", "patch": "change", "put": "replace", "delete": "delete", "post": "create"}
LEFT_OUT = frozenset({"Idempotency-Key", "If-Match", "If-None-Match"})


@dataclass(frozen=True)
class ApiTool:
    """One operation of the API as a tool."""

    name: str
    method: str
    path: str
    title: str
    description: str
    input_schema: dict[str, Any]
    path_names: tuple[str, ...]
    query_names: tuple[str, ...]
    has_body: bool
    scope: str

    @property
    def is_reading(self) -> bool:
        """Whether it changes nothing."""
        return self.method == "GET"

    def request(self, arguments: Mapping[str, Any]) -> tuple[str, str, Any]:
        """Path, query and body of a call; KeyError names an argument that is missing."""
        path = self.path
        for name in self.path_names:
            path = path.replace("{" + name + "}", quote(str(arguments[name]), safe=""))
        given = {name: arguments[name] for name in self.query_names if arguments.get(name) is not None}
        pairs = [(name, _plain(value)) for name, value in given.items()]
        return path, urlencode(pairs), arguments.get("body") if self.has_body else None

    def unknown(self, arguments: Mapping[str, Any]) -> list[str]:
        """Arguments that the operation does not know."""
        known = {*self.path_names, *self.query_names, *(("body",) if self.has_body else ())}
        return sorted(set(arguments) - known)


def _plain(value: Any) -> str:
    """A parameter as it stands in an address."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def tools_of(description: Mapping[str, Any]) -> dict[str, ApiTool]:
    """A tool for each operation of an OpenAPI document, by name; uploads are left out."""
    paths: Mapping[str, Mapping[str, Any]] = description["paths"]
    schemas = description.get("components", {}).get("schemas", {})
    found: dict[str, ApiTool] = {}
    for path, operations in paths.items():
        for method, operation in operations.items():
            body = operation.get("requestBody", {}).get("content", {})
            if method not in VERBS or (body and "application/json" not in body):
                continue
            if tells_secrets(operation.get("responses", {}), schemas):
                continue
            name = name_of(path, method, operations)
            found[name] = _tool(name, path, method, operation, schemas)
    return found


def tells_secrets(part: Any, schemas: Mapping[str, Any], seen: frozenset[str] = frozenset()) -> bool:
    """Whether a part of the description holds a field marked `x-secret`: for people and programs, not a conversation."""
    if isinstance(part, list):
        return any(tells_secrets(item, schemas, seen) for item in part)
    if not isinstance(part, dict):
        return False
    key = str(part.get("$ref", "")).rsplit("/", 1)[-1]
    if key in schemas and key not in seen and tells_secrets(schemas[key], schemas, seen | {key}):
        return True
    return bool(part.get("x-secret")) or any(tells_secrets(value, schemas, seen) for value in part.values())


def name_of(path: str, method: str, beside: Mapping[str, Any]) -> str:
    """What a tool is called: the area, what it does to what (`customers_list`, `customers_read`, `webhook_test`)."""
    parts = path.removeprefix(PREFIX).strip("/").split("/")
    words = [re.sub(r"\W", "_", part) for part in parts if not part.startswith("{")]
    if len(parts) > 2 and parts[1].startswith("{"):
        words[0] = words[0].removesuffix("s")  # what is done to one: customer_merge, webhook_test
    is_one = parts[-1].startswith("{")
    if is_one:
        return "_".join([*words, VERBS[method]])
    if method == "get":
        is_list = len(words) == 1 and (words[0].endswith("s") or "post" in beside)
        return "_".join([*words, "list"]) if is_list else "_".join(words)
    if method == "post" and len(words) > 1 and "get" not in beside:
        return "_".join(words)
    return "_".join([*words, VERBS[method]])


def _tool(name: str, path: str, method: str, operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> ApiTool:
    """One operation as a tool."""
    parameters = [p for p in operation.get("parameters", ()) if p["name"] not in LEFT_OUT]
    properties: dict[str, Any] = {}
    required: list[str] = []
    for parameter in parameters:
        schema = dict(parameter.get("schema", {}))
        if parameter.get("description"):
            schema.setdefault("description", parameter["description"])
        properties[parameter["name"]] = schema
        if parameter.get("required") or parameter["in"] == "path":
            required.append(parameter["name"])
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content:
        properties["body"] = content["schema"]
        if operation["requestBody"].get("required", True):
            required.append("body")
    security = operation.get("security") or [{}]
    return ApiTool(
        name=name,
        method=method.upper(),
        path=path,
        title=operation.get("summary", name),
        description=operation.get("description") or operation.get("summary", name),
        input_schema=_closed({"type": "object", "properties": properties, "required": required}, schemas),
        path_names=tuple(p["name"] for p in parameters if p["in"] == "path"),
        query_names=tuple(p["name"] for p in parameters if p["in"] == "query"),
        has_body=bool(content),
        scope=next((scopes[0] for one in security for scopes in one.values() if scopes), ""),
    )


def _closed(schema: dict[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    """The schema with every definition that it leans on inside."""
    wanted: dict[str, Any] = {}

    def walk(value: Any) -> Any:
        """The value with references into the schema itself."""
        if isinstance(value, list):
            return [walk(item) for item in value]
        if not isinstance(value, dict):
            return value
        reference = value.get("$ref", "")
        if isinstance(reference, str) and reference.startswith("#/components/schemas/"):
            key = reference.rsplit("/", 1)[1]
            if key not in wanted:
                wanted[key] = {}
                wanted[key] = walk(schemas[key])
            return {**value, "$ref": f"#/$defs/{key}"}
        return {name: walk(item) for name, item in value.items()}

    closed: dict[str, Any] = walk(schema)
    return (
        {**closed, "$defs": wanted, "additionalProperties": False}
        if wanted
        else {**closed, "additionalProperties": False}
    )
