"""What the questions of open pages have in common: only who is signed in asks, and only for what they may listen to."""

from collections.abc import Callable, Container
from functools import wraps

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from guanxi.core.live.topics import may_listen

MOST_TOPICS = 50


def signed_in_only(view: Callable[[HttpRequest], JsonResponse]) -> Callable[[HttpRequest], JsonResponse]:
    """A question that is read, never kept, and answered with 401 where nobody is signed in: no page leads on from here."""

    @require_GET
    @never_cache
    @wraps(view)
    def answer(request: HttpRequest) -> JsonResponse:
        """Refuse, or answer."""
        if not request.user.is_authenticated:
            return JsonResponse({"title": "Unauthorized", "status": 401}, status=401)
        return view(request)

    return answer


def allowed_topics(request: HttpRequest, among: Container[str] | None = None) -> tuple[str, ...]:
    """Those of the asked topics, each once, that the signed-in user may listen to; only those among some, if told."""
    asked = [topic for topic in request.GET.get("topics", "").split(",") if topic][:MOST_TOPICS]
    actor = request.actor  # type: ignore[attr-defined]
    wanted = (topic for topic in dict.fromkeys(asked) if among is None or topic in among)
    return tuple(topic for topic in wanted if may_listen(actor, topic))
