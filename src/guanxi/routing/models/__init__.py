"""Queues and their members, who is there with what capacity, the work that waits and who has it."""

from guanxi.routing.models.presence import AgentPresence, Capacity, PresenceReason, PresenceSpan
from guanxi.routing.models.queues import Queue, QueueMember, Turn
from guanxi.routing.models.work import Assignment, WorkItem

__all__ = [
    "AgentPresence",
    "Assignment",
    "Capacity",
    "PresenceReason",
    "PresenceSpan",
    "Queue",
    "QueueMember",
    "Turn",
    "WorkItem",
]
