"""Who else has a record's page open: pages tell one another over the record's live topic; nothing is stored.

What a page hears and keeps are sessions, by a mark that leads to none: whoever is signed in at two places and signs out at
one is here as long as the other one has the record open.
"""

import re
from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _

from guanxi.core import clock, live, signed_in
from guanxi.core.actor import Actor, actor_of
from guanxi.core.errors import NotFound
from guanxi.core.models import User

MOST_SHOWN = 8
_MOST_HEARD = MOST_SHOWN * 4
_HEARD = re.compile(r"([0-9]{1,18})\.([0-9a-f]{1,40})")
# Who said that they are here, and the mark of the session they said it from.
Heard = tuple[int, str]


def announce(
    *, actor: Actor, kind: str, record_id: int, session: str, has_left: bool = False, is_first: bool = False
) -> None:
    """Tell those who have the record open that this session has too, or no longer; the first word asks who else is."""
    topic = f"{kind}:{record_id}"
    if actor.user_id is None or not live.may_listen(actor, topic):
        raise NotFound(_("There is no such record, or it is not open to you."))
    live.notify(topic, {"here": actor.user_id, "session": session, "has_left": has_left, "is_first": is_first})


def read_heard(text: str) -> list[Heard]:
    """Whom a page heard of, as it says them: `7.0a1b,8.2c3d`; anything else counts as nobody."""
    found = [_HEARD.fullmatch(one) for one in text.split(",", _MOST_HEARD)[:_MOST_HEARD]]
    return [(int(match[1]), match[2]) for match in found if match]


def others(actor: Actor, kind: str, record_id: int, heard: Iterable[Heard]) -> list[User]:
    """Those who were heard through a session that is still open, and who may see the record, without the actor.

    Somebody who was signed out, or lost sight of the record, cannot say so any more: their page is not named on.
    """
    marks: dict[int, set[str]] = defaultdict(set)
    for user_id, mark in heard:
        if user_id != actor.user_id:
            marks[user_id].add(mark)
    if not marks:
        return []
    sessions = signed_in.open_sessions(clock.now()).filter(user_id__in=sorted(marks)).values_list("user_id", "pk")
    open_ids = {user_id for user_id, key in sessions if live.mark_of(key) in marks[user_id]}
    rows = User.objects.filter(pk__in=sorted(open_ids), is_active=True).select_related("role")
    topic = f"{kind}:{record_id}"
    return [user for user in rows.order_by("pk")[:MOST_SHOWN] if live.may_listen(actor_of(user), topic)]
