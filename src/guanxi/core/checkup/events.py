"""What looking an installation over tells the modules above."""

from dataclasses import dataclass

from guanxi.core.events import Event


@dataclass(frozen=True)
class TroubleBegan(Event):
    """A look found a problem that was none before, or that has stayed for days; the key of the check."""

    check: str
