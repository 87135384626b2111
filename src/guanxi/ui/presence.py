"""Who else has a record's page open: pages tell one another over the record's live topic; nothing is stored."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from guanxi.core import live
from guanxi.core.actor import Actor
from guanxi.core.errors import NotFound
from guanxi.core.models import User

MOST_SHOWN = 8


def announce(*, actor: Actor, kind: str, record_id: int, has_left: bool = False, is_first: bool = False) -> None:
    """Tell those who have the record open that this user has too, or no longer; the first word asks who else is."""
    topic = f"{kind}:{record_id}"
    if actor.user_id is None or not live.may_listen(actor, topic):
        raise NotFound(_("There is no such record, or it is not open to you."))
    live.notify(topic, {"here": actor.user_id, "has_left": has_left, "is_first": is_first})


def others(actor: Actor, user_ids: Iterable[int]) -> list[User]:
    """The users of these ids who may sign in, without the actor."""
    wanted = sorted(set(user_ids) - {actor.user_id})[: MOST_SHOWN * 4]
    return list(User.objects.filter(pk__in=wanted, is_active=True).order_by("pk")[:MOST_SHOWN]) if wanted else []
