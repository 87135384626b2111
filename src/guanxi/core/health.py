"""Whether this installation can serve: asked by balancers and by `guanxi up` itself."""

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

import guanxi
from guanxi.core.database_away import drop_connection

AWAY = "The database is not reachable."


def problem() -> str:
    """What keeps the installation from serving, empty when nothing does. Says nothing that a stranger may not read."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except (DatabaseError, InterfaceError):
        drop_connection()
        return AWAY
    return ""


def report(trouble: str) -> tuple[int, dict[str, str]]:
    """Status and body of the answer."""
    if trouble:
        return 503, {"status": "unavailable", "reason": trouble, "version": guanxi.__version__}
    return 200, {"status": "ok", "version": guanxi.__version__}


@never_cache
def health(_request: HttpRequest) -> JsonResponse:
    """The same answer for servers that know nothing of our ASGI application."""
    status, body = report(problem())
    return JsonResponse(body, status=status)
