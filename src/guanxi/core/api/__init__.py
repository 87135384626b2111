"""What the API at /api/v1 is made of: modules fill it with routers, integration serves it.

Handlers stay under ten lines over the module's queries and services. They read `actor_in(request)`, answer with
`answer(data)`, take bodies as `Strict` schemas and page with `cursors`.
"""

from guanxi.core.api.answers import Strict, actor_in, answer, etag_of, require_match
from guanxi.core.api.fields import Day, Flag, Moment, ToldOnce, Whole, id_of
from guanxi.core.api.routers import ApiRouter, add_router, routers

__all__ = [
    "ApiRouter",
    "Day",
    "Flag",
    "Moment",
    "Strict",
    "ToldOnce",
    "Whole",
    "actor_in",
    "add_router",
    "answer",
    "etag_of",
    "id_of",
    "require_match",
    "routers",
]
