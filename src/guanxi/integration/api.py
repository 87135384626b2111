"""The API at /api/v1: its parts, how bodies are read and answers written. Modules bring the handlers."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from pydantic import BaseModel

import guanxi
from guanxi.core.api import ApiRouter, routers
from guanxi.core.errors import GuanxiError
from guanxi.integration import description, problems

ANYBODY = ""
MOST_NAMED = 80


class OrjsonParser(Parser):
    """Reads bodies with orjson; what is not JSON is a bad request."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the body as Python values."""
        try:
            data = orjson.loads(request.body)
        except orjson.JSONDecodeError as error:
            raise HttpError(400, "The body is not JSON.") from error
        _refuse_doubtful(request.body)
        place = _nul_in(data) if b"\\u0000" in request.body else None
        if place is not None:
            raise HttpError(400, f"The body holds a NUL character, which cannot be stored{place and f': {place}'}.")
        return data


def _refuse_doubtful(body: bytes) -> None:
    """Refuse a body that says a field twice, which readers understand differently, or that is nested too deeply."""
    try:
        json.loads(body, object_pairs_hook=_each_once, parse_int=len, parse_float=len)
    except RecursionError as error:
        raise HttpError(400, "The body is nested too deeply.") from error


def _each_once(pairs: list[tuple[str, Any]]) -> None:
    """One object of a body."""
    seen: set[str] = set()
    for name, _value in pairs:
        if name in seen:
            raise HttpError(400, f"The body says a field twice: {name[:MOST_NAMED]}.")
        seen.add(name)


def _nul_in(value: Any, place: str = "") -> str | None:
    """Where in a body a NUL character stands; None where there is none."""
    if isinstance(value, str):
        return place if "\0" in value else None
    if isinstance(value, dict):
        if any("\0" in name for name in value):
            return place
        parts = [(f"{place}.{name}".lstrip("."), one) for name, one in value.items()]
    else:
        parts = (
            [(f"{place}.{number}".lstrip("."), one) for number, one in enumerate(value)]
            if isinstance(value, list)
            else []
        )
    return next((found for name, one in parts if (found := _nul_in(one, name)) is not None), None)


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


class Endpoint:
    """One address of the API: its operations by method, and the area that its scopes are named after."""

    def __init__(self, operations: list[Operation], area: str) -> None:
        """Sort the operations by method; who may read (GET) may also ask for the head alone."""
        self.area = area
        self.operations = {method: operation for operation in operations for method in operation.methods}
        if "GET" in self.operations:
            self.operations["HEAD"] = self.operations["GET"]
        self.methods = ", ".join(sorted({*self.operations, "OPTIONS"}))

    def takes_files(self, method: str) -> bool:
        """Whether the body of an operation is a file, which may be large."""
        return any(model.__ninja_param_source__ == "file" for model in self.operations[method].models)

    def takes(self, method: str) -> str:
        """The media type of the body that an operation takes, '' for one that takes none."""
        sources = {model.__ninja_param_source__ for model in self.operations[method].models}
        if sources & {"file", "form"}:
            return "multipart/form-data"
        return "application/json" if "body" in sources else ""

    def __call__(self, request: HttpRequest, **arguments: Any) -> HttpResponse:
        """Answer; the gate has let the request in."""
        return self.operations[request.method or "GET"].run(request, **arguments)  # type: ignore[return-value]


class Api(NinjaAPI):
    """django-ninja's API with addresses that a gate can ask before anything of the request is read."""

    def __init__(self, parts: Iterator[ApiRouter] | list[ApiRouter]) -> None:
        """Take in every module's handlers."""
        super().__init__(
            title="Guanxi",
            version=guanxi.__version__,
            description=description.ABOUT,
            urls_namespace="api",
            docs_url=None,
            openapi_url="",
            parser=OrjsonParser(),
            renderer=OrjsonRenderer(),
        )
        self.areas: dict[str, str] = {}
        for part in parts:
            self.areas[part.prefix] = part.area
            self.add_router(f"/{part.prefix}", part.router, tags=[part.prefix] if part.prefix else None)
        for error in (GuanxiError, AuthenticationError, ValidationError, HttpError):
            self.add_exception_handler(error, problems.of_error)  # type: ignore[arg-type]
        self.add_exception_handler(Exception, problems.of_fault)  # type: ignore[arg-type]

    def endpoints(self) -> Iterator[tuple[str, Endpoint]]:
        """Every address, as Django writes it, with its endpoint."""
        found: dict[str, tuple[str, list[Operation]]] = {}
        for bound in self._get_bound_routers():
            for route, view in bound.path_operations.items():
                for operation in view.operations:
                    operation.view_func = with_known_query(operation)
                place = _joined(bound.prefix, route)
                # Parts of a module may bring operations of the same address.
                found.setdefault(place, (self._area_of(place), []))[1].extend(view.operations)
        # Fixed words stand before those with an id in their place.
        for place, (area, operations) in sorted(
            found.items(), key=lambda one: [p[:1] == "{" for p in one[0].split("/")]
        ):
            yield place.replace("{", "<").replace("}", ">"), Endpoint(operations, area)

    def _area_of(self, place: str) -> str:
        """The area of an address: that of the longest prefix it begins with."""
        fitting = [prefix for prefix in self.areas if prefix and (place == prefix or place.startswith(f"{prefix}/"))]
        return self.areas[max(fitting, key=len)] if fitting else ANYBODY

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """A name for an operation that stays when files move: the area and what it does."""
        return "_".join([*(operation.tags or [])[:1], operation.view_func.__name__]).replace("-", "_")

    def _get_urls(self) -> list[Any]:
        """The addresses, each leading to its endpoint."""
        found: list[URLPattern] = [path(route, endpoint) for route, endpoint in self.endpoints()]
        return found

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        """The description, with what holds for every operation written into each."""
        schema = OpenAPISchema(self, "/api/v1/" if path_prefix is None else path_prefix)
        return description.completed(schema, self.areas)


def _joined(*parts: str) -> str:
    """An address out of its parts, without slashes at its ends (but one that the last part ends with)."""
    last = "/" if parts[-1].endswith("/") else ""
    return "/".join(piece for part in parts for piece in part.split("/") if piece) + last


def build_api() -> Api:
    """Return the API with every module's handlers."""
    return Api(list(routers))


def _names(operation: Operation, *sources: str) -> set[str]:
    """What an operation takes from some parts of a request."""
    return {
        name
        for model in operation.models
        if model.__ninja_param_source__ in sources
        for name in getattr(model, "__ninja_flatten_map__", model.model_fields)
    }


def with_known_query(operation: Operation) -> Callable[..., Any]:
    """Return the handler of an operation that refuses what an address or a form with a file says and it does not know.

    Parameters are taken one by one, so a schema that forbids others never sees them. A name ending in
    `[` in the handler's `open_query` stands for every name that begins so (`custom[colour]`).
    """
    handler = operation.view_func
    if hasattr(handler, "known_query"):
        return handler
    known = _names(operation, "query")
    formed = _names(operation, "form", "file")
    beginnings: tuple[str, ...] = getattr(handler, "open_query", ())

    @wraps(handler)
    def checked(request: HttpRequest, *args: Any, **values: Any) -> Any:
        """Answer, unless a parameter is unknown."""
        unknown = sorted(
            name for name in request.GET if name not in known and not name.startswith(beginnings or ("\0",))
        )
        faults = [{"loc": ("query", name), "msg": "This parameter is not known here."} for name in unknown]
        if formed:
            beside = sorted({*request.POST, *request.FILES} - formed)
            faults += [{"loc": ("form", name), "msg": "This field is not known here."} for name in beside]
        if faults:
            raise ValidationError(faults)
        return handler(request, *args, **values)

    checked.known_query = known  # type: ignore[attr-defined]
    return checked
