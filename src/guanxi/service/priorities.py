"""Priority from impact, urgency and tier: the more it reaches, presses and matters, the sooner."""

from guanxi.customers.choices import Tier
from guanxi.service.choices import Level, Priority

# impact + urgency, from 2 (both low) to 6 (both high).
BY_SUM = {2: Priority.LOW, 3: Priority.NORMAL, 4: Priority.NORMAL, 5: Priority.HIGH, 6: Priority.URGENT}
RAISED = frozenset({Tier.VIP, Tier.MAJOR})


def priority_of(impact: int, urgency: int, tier: str) -> Priority:
    """The priority; cases of VIP and major customers come one step sooner, one that presses nobody stays low."""
    found = BY_SUM[Level(impact) + Level(urgency)]
    if tier in RAISED and found > Priority.URGENT and urgency > Level.LOW:
        return Priority(found - 1)
    return found
