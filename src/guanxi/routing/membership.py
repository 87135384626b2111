"""Who is in a queue, as forms and services pass it along."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Membership:
    """Who is in a queue, on which level, and whether they get work at present."""

    user_id: int
    level: int = 1
    is_active: bool = True
