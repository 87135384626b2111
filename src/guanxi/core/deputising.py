"""Who stands in for whom at this moment.

A deputy who is absent hands on what they stand in for: whoever stands in for them takes those places too, each person
once, so that a circle ends where it began. Nothing has to be cleared up when an absence ends: it counts by the clock.
"""

from collections import defaultdict

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
