"""Live topics of work: pages hear that counts or somebody's work and state changed, and ask with their own rights."""

from guanxi.core import live

QUEUES = "queues"
PRESENCE = "presence"


def tell_queues() -> None:
    """Something waits, was given out or ended somewhere."""
    live.notify(QUEUES)


def tell_people(*user_ids: int) -> None:
    """The state of these, or what they have in hand, changed."""
    for user_id in user_ids:
        live.notify(f"{PRESENCE}:{user_id}")
