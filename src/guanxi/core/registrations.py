"""What the core brings to its own registries."""

from guanxi.core import live
from guanxi.core.checkup import copies, databases, journal, machine, mail, moments, work
from guanxi.core.checkup.examining import KIND, SEE
from guanxi.core.checkup.standing import TOPIC

__all__ = ["copies", "databases", "journal", "machine", "mail", "moments", "work"]

live.register(TOPIC, may_listen=lambda actor, _key: actor.can(KIND, SEE))
