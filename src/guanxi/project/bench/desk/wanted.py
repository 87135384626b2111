"""What is to be measured of the desk."""

from dataclasses import dataclass

PARTS = ("shift", "mails", "lists")


@dataclass(frozen=True)
class DeskWanted:
    """What is to be measured; the aims hold for what stands here."""

    agents: int = 60
    visitors: int = 200
    seconds: float = 300.0
    agent_every: float = 3.0
    visitor_every: float = 15.0
    conversations: int = 20_000
    minutes: float = 90.0
    mails: int = 10_000
    base: int = 500_000
    connections: int = 4
    processes: int = 2
    parts: tuple[str, ...] = PARTS
    server_url: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether colleagues and visitors are as many and as busy as the aim says."""
        return (self.agents, self.visitors, self.agent_every, self.visitor_every) == (60, 200, 3.0, 15.0)
