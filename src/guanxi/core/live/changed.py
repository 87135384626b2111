"""What the journal tells open pages: which records changed, and that somebody's rights did."""

from collections.abc import Mapping

from guanxi.core.live.sending import notify
from guanxi.core.live.topics import topics

MOST_NAMED = 20
ACCESS = "access"
RIGHTS = frozenset({"user", "role", "rolepermission", "rolefield", "department", "team", "teammember", "deputy"})


def tell_changed(changed: Mapping[str, set[int]]) -> None:
    """Tell the pages of these records, by kind; of more than twenty of a kind the topic of all (`customer`) tells."""
    for kind, numbers in changed.items():
        if kind in topics:
            named = [kind] if len(numbers) > MOST_NAMED else [f"{kind}:{number}" for number in sorted(numbers)]
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
