"""What open pages are told: which records changed, that somebody's rights did, and that a session is over."""

from collections.abc import Iterable, Mapping

from guanxi.core.live.marks import mark_of
from guanxi.core.live.sending import notify
from guanxi.core.live.topics import topic_of, topics

MOST_NAMED = 20
ACCESS = "access"
ENDED = "session"
LIST = "list"
# The kinds of which there are lists.
listed: set[str] = set()
RIGHTS = frozenset({"user", "role", "rolepermission", "rolefield", "department", "team", "teammember", "deputy"})


def tell_changed(changed: Mapping[str, set[int]]) -> None:
    """Tell the pages of these records, by kind; of more than twenty of a kind the topic of all (`customer`) tells.

    Of settings it always does. Lists of a kind hear that something of it changed (`list:customer`), not what: that they
    ask with their own rights.
    """
    for kind, numbers in changed.items():
        if kind in listed:
            notify(f"{LIST}:{kind}")
        if kind in topics:
            named = [kind] if len(numbers) > MOST_NAMED else sorted({topic_of(kind, number) for number in numbers})
            for topic in named:
                notify(topic)
    if touched := RIGHTS & changed.keys():
        users = changed.get("user", set())
        tell_rights_changed(users if touched == {"user"} and len(users) <= MOST_NAMED else None)


def tell_rights_changed(user_ids: set[int] | None) -> None:
    """Have the streams of these users (None: of all) ask anew what they may listen to."""
    if user_ids is None:
        notify(ACCESS)
    for number in user_ids or ():
        notify(ACCESS, {"user": number})


def tell_ended(session_keys: Iterable[str]) -> None:
    """End the streams of these sessions, whose rows are gone by now; other pages strike off whoever looked through them."""
    for key in session_keys:
        notify(ENDED, {"mark": mark_of(key)})
