"""The routers of the API at /api/v1: filled by modules, served by integration."""

from dataclasses import dataclass

from ninja import Router

from guanxi.core.registry import Registry


@dataclass(frozen=True)
class ApiRouter:
    """The handlers of one module under one address."""

    prefix: str
    router: Router


routers: Registry[ApiRouter] = Registry("API routers")


def add_router(prefix: str, router: Router, *, order: int = 100) -> Router:
    """Serve a module's handlers under `/api/v1/<prefix>`."""
    routers.add(prefix, ApiRouter(prefix, router), order=order)
    return router
