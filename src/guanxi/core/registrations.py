"""What the core brings to its own registries."""

from guanxi.core import live, parameters
from guanxi.core.checkup import copies, databases, journal, machine, mail, moments, work
from guanxi.core.checkup.examining import KIND, SEE
from guanxi.core.checkup.standing import TOPIC

__all__ = ["copies", "databases", "journal", "machine", "mail", "moments", "work"]

# That a setting changed, not which: whoever manages anything may have its form open.
live.register(
    parameters.KIND, may_listen=lambda actor, _key: any(act in {"manage", "*"} for _kind, act in actor.permissions),
    is_whole=True,
)  # fmt: skip
live.register(TOPIC, may_listen=lambda actor, _key: actor.can(KIND, SEE))
