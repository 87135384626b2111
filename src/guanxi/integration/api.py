"""The API at /api/v1: who calls, how answers are written, how errors are told. Modules bring the handlers."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import orjson
from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from ninja.security import HttpBearer
from pydantic import BaseModel

import guanxi
from guanxi.core.actor import Actor, actor_of
from guanxi.core.api import routers
from guanxi.core.client_address import address_of
from guanxi.core.errors import Forbidden, GuanxiError
from guanxi.integration import problems, services
from guanxi.integration.models import TokenScope

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class TokenBearer(HttpBearer):
    """A token in the Authorization header; reading needs any valid one, everything else one that may write."""

    openapi_name = "token"

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Return the actor a token stands for. Runs before the body is looked at."""
        found = services.token_of(token)
        if found is None:
            return None
        if request.method not in READING and found.scope != TokenScope.WRITE:
            raise Forbidden("This token may only read.")
        request.actor = actor_of(found.user, means="api", address=address_of(request))  # type: ignore[attr-defined]
        return request.actor  # type: ignore[attr-defined]


class OrjsonParser(Parser):
    """Reads bodies with orjson; what is not JSON is a bad request."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the body as Python values."""
        try:
            data = orjson.loads(request.body)
        except orjson.JSONDecodeError as error:
            raise HttpError(400, "The body is not JSON.") from error
        if b"\\u0000" in request.body:
            raise HttpError(400, "The body holds a NUL character, which cannot be stored.")
        return data


class OrjsonRenderer(BaseRenderer):
    """Writes answers with orjson."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """Return the answer as bytes."""
        return orjson.dumps(data, default=_plain)


def _plain(value: Any) -> Any:
    """Return a value that orjson cannot write by itself in a form that it can."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)


def build_api() -> NinjaAPI:
    """Return the API with every module's handlers."""
    api = NinjaAPI(
        title="Guanxi",
        version=guanxi.__version__,
        description="Customers, orders and imports. Errors are problem documents (RFC 9457).",
        urls_namespace="api",
        docs_url=None,
        openapi_url="/openapi.json",
        auth=TokenBearer(),
        parser=OrjsonParser(),
        renderer=OrjsonRenderer(),
    )
    with_problems(api)
    for part in routers:
        api.add_router(f"/{part.prefix}", part.router, tags=[part.prefix])
    for part in routers:
        for path in part.router.path_operations.values():
            for operation in path.operations:
                if not hasattr(operation.view_func, "known_query"):
                    operation.view_func = with_known_query(operation)
    return api


def with_known_query(operation: Operation) -> Callable[..., Any]:
    """Return the handler of an operation that refuses what an address asks and the operation does not know.

    Parameters are taken from the address one by one, so a schema that forbids others never sees them.
    """
    handler = operation.view_func
    known = {
        name
        for model in operation.models
        if model.__ninja_param_source__ == "query"
        for name in model.__ninja_flatten_map__
    }

    @wraps(handler)
    def checked(request: HttpRequest, *args: Any, **values: Any) -> Any:
        """Answer, unless a parameter is unknown."""
        unknown = sorted(set(request.GET) - known)
        if unknown:
            faults = [{"loc": ("query", name), "msg": "This parameter is not known here."} for name in unknown]
            raise ValidationError(faults)
        return handler(request, *args, **values)

    checked.known_query = known  # type: ignore[attr-defined]
    return checked


def with_problems(api: NinjaAPI) -> NinjaAPI:
    """Make an API tell its errors as problem documents."""
    for error in (GuanxiError, AuthenticationError, ValidationError, HttpError):
        api.add_exception_handler(error, problems.of_error)  # type: ignore[arg-type]
    api.add_exception_handler(Exception, problems.of_fault)  # type: ignore[arg-type]
    return api
