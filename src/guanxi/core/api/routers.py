"""The routers of the API: filled by modules, served by integration."""

from dataclasses import dataclass

from ninja import Router

from guanxi.core.registry import Registry


@dataclass(frozen=True)
class ApiRouter:
    """The handlers of one module under one address; a token needs `<area>:read` or `<area>:write` for them."""

    prefix: str
    router: Router
    area: str


routers: Registry[ApiRouter] = Registry("API routers")


def add_router(prefix: str, router: Router, *, area: str = "", order: int = 100) -> Router:
    """Serve a module's handlers under `/api/v1/<prefix>`; their scopes are named after the area, else the prefix."""
    routers.add(prefix, ApiRouter(prefix, router, area or prefix), order=order)
    return router
