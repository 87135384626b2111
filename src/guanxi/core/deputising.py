"""Who stands in for whom at this moment.

A deputy who is absent hands on what they stand in for: whoever stands in for them takes those places too, each person
once, so that a circle ends where it began. Nothing has to be cleared up when an absence ends: it counts by the clock.
"""

from collections import defaultdict
from collections.abc import Iterable

from guanxi.core import clock, rights
from guanxi.core.actor import StandIn
from guanxi.core.models import Deputy, User

LONGEST_CHAIN = 5


def standing_in(user_id: int, absent_ids: frozenset[int]) -> tuple[StandIn, ...]:
    """Those whose place a user takes now, `absent_ids` being those who named them; the nearest first."""
    now = clock.now()
    rows: dict[int, list[Deputy]] = defaultdict(list)
    for row in Deputy.objects.filter(from_at__lte=now, to_at__gt=now).order_by("to_at"):
        rows[row.deputy_id].append(row)
    found: dict[int, tuple[Deputy, int]] = {}
    here = [user_id]
    for _link in range(LONGEST_CHAIN):
        following: list[int] = []
        for deputy in here:
            for row in rows[deputy]:
                if row.user_id != user_id:
                    if row.user_id not in found:
                        following.append(row.user_id)
                    found[row.user_id] = (row, deputy)
        here = following
    return _with_rights(user_id, found) if absent_ids else ()


def present_for(user_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """For each user whoever is here for them now: they themselves, or their deputies while they are absent.

    Where nobody is here for an absent person, it stays that person.
    """
    now = clock.now()
    deputies: dict[int, list[int]] = defaultdict(list)
    rows = Deputy.objects.filter(from_at__lte=now, to_at__gt=now, deputy__is_active=True).order_by("pk")
    for user_id, deputy_id in rows.values_list("user_id", "deputy_id"):
        deputies[user_id].append(deputy_id)
    return {user_id: _present(user_id, deputies) or (user_id,) for user_id in user_ids}


def _present(user_id: int, deputies: dict[int, list[int]]) -> tuple[int, ...]:
    """Follow deputies, and theirs, to those who are here."""
    here: dict[int, None] = {}
    seen = {user_id}
    following = [user_id]
    for _link in range(LONGEST_CHAIN + 1):
        absent = [one for one in following if one in deputies]
        here |= dict.fromkeys(one for one in following if one not in deputies)
        following = [one for person in absent for one in deputies[person] if one not in seen]
        seen.update(following)
    return tuple(here)


def _with_rights(user_id: int, found: dict[int, tuple[Deputy, int]]) -> tuple[StandIn, ...]:
    """The places with the names and the rights of those who left them."""
    people = User.objects.filter(pk__in={*found, *(through for _row, through in found.values())})
    names = {user.pk: user.display_name for user in people}
    held = {
        row[0]: rights.parsed(row[1:])
        for row in User.objects.filter(pk__in=found).values_list("pk", *rights.columns(clock.now()))
    }
    return tuple(
        StandIn(
            user_id=number,
            name=names[number],
            until=row.to_at,
            reason=row.reason,
            rights=held[number],
            through=names[through] if through != user_id else "",
        )
        for number, (row, through) in found.items()
        if number in held
    )
