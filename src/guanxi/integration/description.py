"""The OpenAPI document: what holds for every operation, written into each of them."""

from typing import Any

from guanxi.integration import problems, scopes

ABOUT = (
    "Customers, orders, products and imports for programs. Every call but `/health` and this document needs a token; "
    "errors are problem documents (RFC 9457) whose `type` programs may rely on; lists go by signed places."
)
SECURITY = "token"
BODIES = frozenset({"post", "put", "patch"})
PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri", "examples": [problems.PREFIX + "not-found"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "field": {"type": "string", "description": "the input at fault"},
        "scope": {"type": "string", "description": "the scope that the token lacks"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["in", "field", "reason"],
                "properties": {name: {"type": "string"} for name in ("in", "field", "reason")},
            },
        },
    },
}
TOLD = {
    400: "The address or the body cannot be read.",
    401: "No token, or one that does not hold.",
    403: "The token lacks the scope, or the role does not allow this.",
    404: "Missing, or not for this user to know about.",
    409: "Something else stands in the way.",
    412: "The record is not as the `If-Match` header says.",
    413: "The body is too large.",
    422: "A value cannot be used.",
    423: "Somebody else holds what this needs.",
    428: "This installation wants an `If-Match` header.",
    429: "The token may not ask so often.",
    503: "The database is away.",
}
ALWAYS = (400, 401, 403, 422, 429, 503)
WRITING = (404, 409, 413, 423)
IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "A request sent twice with the same key acts once; the first answer is given again for a day.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[\x21-\x7e]+$"},
}
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "description": "The `ETag` of the record as it was read; a record changed meanwhile is left alone (412).",
    "schema": {"type": "string", "pattern": r'^(\*|"[!#-~]*")$'},
}
IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "description": "The `ETag` of the record as it is known; answered with 304 when it is still so.",
    "schema": {"type": "string", "pattern": r'^(\*|(W/)?"[!#-~]*")$'},
}
ETAG = {"ETag": {"description": "names this very version of the record", "schema": {"type": "string"}}}


def completed(schema: Any, areas: dict[str, str]) -> Any:
    """Write security, problems and the headers of every operation into a schema."""
    # Ninja writes a slash behind the address of a router in a router, where none is.
    schema["paths"] = {path.rstrip("/"): methods for path, methods in schema["paths"].items()}
    schema["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    schema["components"]["securitySchemes"] = {
        SECURITY: {"type": "http", "scheme": "bearer", "description": "`Authorization: Bearer gxt_…`"}
    }
    schema["paths"] = {path.rstrip("/"): methods for path, methods in schema["paths"].items()}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            prefix = path.removeprefix("/api/v1/").split("/")[0]
            _complete(operation, path, method, areas.get(prefix, ""))
    return schema


def _complete(operation: dict[str, Any], path: str, method: str, area: str) -> None:
    """Complete one operation."""
    if area:
        operation["security"] = [{SECURITY: [scopes.needed(area, method.upper())]}]
    else:
        operation["security"] = []
    statuses = set(ALWAYS if area else (503,))
    if "{" in path:
        statuses.add(404)
    if method not in {"get", "head"}:
        statuses |= set(WRITING)
    if method == "post":
        operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
    if operation.pop("x-if-match", False):
        operation.setdefault("parameters", []).append(IF_MATCH)
        statuses |= {412, 428}
    statuses |= set(operation.pop("x-statuses", ()))
    has_etag = operation.pop("x-etag", False)
    for status, response in operation["responses"].items():
        if has_etag and int(status) < 300 and "content" in response:
            response.setdefault("headers", {}).update(ETAG)
    if has_etag and method == "get":
        operation.setdefault("parameters", []).append(IF_NONE_MATCH)
        operation["responses"][304] = {"description": "It is still as the caller knows it.", "headers": ETAG}
    for status in sorted(statuses - {int(known) for known in operation["responses"]}):
        content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        operation["responses"][status] = {"description": TOLD[status], "content": content}
