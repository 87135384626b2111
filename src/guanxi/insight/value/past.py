"""Earlier dates: what the tiers would have been from the orders on record up to a day."""

from datetime import date, timedelta

QUARTERS_KEPT = 4


def quarter_ends(first: date, last: date, count: int = QUARTERS_KEPT) -> list[date]:
    """The last `count` quarter ends from `first` on that lie before `last`, oldest first.

    >>> quarter_ends(date(2010, 12, 1), date(2011, 12, 9))[-1]
    datetime.date(2011, 9, 30)
    """
    found: list[date] = []
    day = date(last.year, (last.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1)
    while day >= first and len(found) < count:
        if day < last:
            found.append(day)
        day = date(day.year, (day.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1)
    return found[::-1]
