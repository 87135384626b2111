"""Mentions: people named with @ in a text, found whether or not a space follows the name."""

import re

from django.db.models import Q
from django.db.models.functions import Lower

from guanxi.core.models import User

_AT = re.compile(r"(?<![A-Za-z0-9_.+-])[@＠]([\w.+-]{1,60})")
MOST = 20


def mentioned(text: str) -> list[User]:
    """The active people whom a text names, by the name they sign in with or their own, in order; at most twenty.

    Chinese puts no space after a name, so of each run of letters the longest beginning that is somebody's name counts.
    A name that several people share names all of them.
    """
    runs = [found.casefold() for found in _AT.findall(text)][: 5 * MOST]
    beginnings = {run[:length] for run in runs for length in range(1, len(run) + 1)}
    if not beginnings:
        return []
    rows = User.objects.filter(is_active=True).annotate(lower_name=Lower("name"), lower_username=Lower("username"))
    known: dict[str, list[User]] = {}
    named: list[User] = list(rows.filter(Q(lower_name__in=beginnings) | Q(lower_username__in=beginnings)))
    for user in named:
        for name in {user.name.casefold(), user.username.casefold()} & beginnings:
            known.setdefault(name, []).append(user)
    found: dict[int, User] = {}
    for run in runs:
        longest = next((run[:length] for length in range(len(run), 0, -1) if run[:length] in known), "")
        for user in known.get(longest, ()):
            found.setdefault(user.pk, user)
    return list(found.values())[:MOST]
