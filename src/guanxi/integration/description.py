"""The OpenAPI document: what holds for every operation, written into each of them."""

from typing import Any

from guanxi.integration import links, problems, scopes

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
        "missing": {
            "type": "array",
            "items": {"type": "string"},
            "description": "what is to be done first, sentence by sentence",
        },
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
    408: "The body did not arrive in time.",
    409: "Something else stands in the way.",
    412: "The record is not as the `If-Match` header says.",
    413: "The body is too large.",
    415: "The body is of a type that is not taken here.",
    422: "A value cannot be used.",
    423: "Somebody else holds what this needs.",
    428: "This installation wants an `If-Match` header.",
    429: "The token may not ask so often.",
    503: "The database is away.",
}
ALWAYS = (400, 401, 403, 422, 429, 503)
WRITING = (404, 409, 413, 423)
WITH_BODY = (408, 415)
HEADERS = {
    "RetryAfter": {"description": "seconds to wait", "schema": {"type": "integer", "minimum": 0}},
    "WwwAuthenticate": {"description": "how to say who calls", "schema": {"type": "string"}},
    "Location": {
        "description": "the address of what was made",
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "RateLimit": {"description": "what the token may still ask for", "schema": {"type": "string"}},
    "RateLimitPolicy": {"description": "how often the token may ask", "schema": {"type": "string"}},
    "IdempotencyReplayed": {"description": "`true`: the answer that was given before", "schema": {"const": "true"}},
    "ETag": {"description": "names this very version of the record", "schema": {"type": "string"}},
}


def _validators() -> str:
    """What stands in If-Match and If-None-Match."""
    return r'^(\*|(W/)?"[!#-~]*"(\s*,\s*(W/)?"[!#-~]*")*)$'


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
    "schema": {"type": "string", "pattern": _validators()},
}
IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "description": "The `ETag` of the record as it is known; answered with 304 when it is still so.",
    "schema": {"type": "string", "pattern": _validators()},
}


# Of which headers an answer of a status tells.
TOLD_BY = {
    401: {"WWW-Authenticate": "WwwAuthenticate"},
    **{status: {"Retry-After": "RetryAfter"} for status in (423, 429, 503)},
}
LIMITS = {"RateLimit": "RateLimit", "RateLimit-Policy": "RateLimitPolicy"}
ETAG = {"ETag": "ETag"}


def completed(schema: Any, areas: dict[str, str]) -> Any:
    """Write security, problems and the headers of every operation into a schema."""
    # Ninja writes a slash behind the address of a router in a router, where none is.
    schema["paths"] = {path.rstrip("/"): methods for path, methods in schema["paths"].items()}
    components = schema["components"]
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["headers"] = HEADERS
    components["securitySchemes"] = {
        SECURITY: {"type": "http", "scheme": "bearer", "description": "`Authorization: Bearer gxt_…`"}
    }
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            prefix = path.removeprefix("/api/v1/").split("/")[0]
            _complete(operation, path, method, areas.get(prefix, ""))
    links.add(schema)
    return schema


def _complete(operation: dict[str, Any], path: str, method: str, area: str) -> None:
    """Complete one operation."""
    operation["security"] = [{SECURITY: list(filter(None, [scopes.needed(area, method.upper())]))}] if area else []
    statuses = set(ALWAYS if area else ())
    parameters = operation.setdefault("parameters", [])
    if "{" in path:
        statuses.add(404)
    if method not in {"get", "head"}:
        statuses |= set(WRITING)
    if "requestBody" in operation:
        statuses |= set(WITH_BODY)
    if method == "post":
        parameters.append(IDEMPOTENCY_KEY)
    if operation.pop("x-if-match", False):
        parameters.append(IF_MATCH)
        statuses |= {412, 428}
    statuses |= set(operation.pop("x-statuses", ()))
    has_etag = operation.pop("x-etag", False)
    if has_etag and method == "get":
        parameters.append(IF_NONE_MATCH)
        operation["responses"][304] = {"description": "It is still as the caller knows it."}
    for status in sorted(statuses - {int(known) for known in operation["responses"]}):
        content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        operation["responses"][status] = {"description": TOLD[status], "content": content}
    for status, response in operation["responses"].items():
        told = _headers(int(status), method, has_etag=has_etag, is_limited=bool(area))
        if told:
            references = {name: {"$ref": f"#/components/headers/{key}"} for name, key in told.items()}
            response["headers"] = references | response.get("headers", {})


def _headers(status: int, method: str, *, has_etag: bool, is_limited: bool) -> dict[str, str]:
    """The headers of an answer, each with the name of its description."""
    told = dict(TOLD_BY.get(status, {}))
    if is_limited and status not in {400, 401, 503}:
        told |= LIMITS
    if has_etag and status < 400 and status != 204:
        told |= ETAG
    if method == "post" and status < 300:
        told["Idempotency-Replayed"] = "IdempotencyReplayed"
    if status == 201:
        told["Location"] = "Location"
    return told
