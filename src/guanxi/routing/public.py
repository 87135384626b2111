"""What modules above may use of routing.

    item = public.enter(actor=actor, record=RecordRef("conversation", 7), channel_kind="chat", priority=2)
    public.take(actor=actor, item_id=item.pk)                 # Conflict when somebody else has it already
    public.end(actor=actor, item_id=item.pk)

Subscribe to `WorkAssigned`, `WorkReleased`, `WorkWaiting` and `WorkEnded` (with `inline=True` to mirror in the same
transaction); each names the record. Work is given out by itself a moment after the commit.
"""

from guanxi.routing.channel_kinds import ChannelKind, channel_kinds
from guanxi.routing.choices import AssignmentEnd, PresenceState, WorkPriority, WorkState
from guanxi.routing.events import (
    CapacityChanged,
    PresenceChanged,
    QueueChanged,
    WorkAssigned,
    WorkEnded,
    WorkReleased,
    WorkWaiting,
)
from guanxi.routing.models import Queue, WorkItem
from guanxi.routing.queries import (
    counts_of_queues,
    everybody,
    last_assignee_of,
    limits_of,
    loads_of,
    open_item_of,
    open_items_of,
    somebody_is_there,
)
from guanxi.routing.services.distributing import distribute
from guanxi.routing.services.presence import set_presence
from guanxi.routing.services.work import (
    accept,
    assign,
    change_item,
    end,
    enter,
    enter_again,
    hand_over,
    hold,
    move_to_queue,
    note_answered,
    note_due,
    put_back,
    take,
)
from guanxi.routing.strategies import Candidate, Choice, ItemView, Strategy, strategies

__all__ = [
    "AssignmentEnd",
    "Candidate",
    "CapacityChanged",
    "ChannelKind",
    "Choice",
    "ItemView",
    "PresenceChanged",
    "PresenceState",
    "Queue",
    "QueueChanged",
    "Strategy",
    "WorkAssigned",
    "WorkEnded",
    "WorkItem",
    "WorkPriority",
    "WorkReleased",
    "WorkState",
    "WorkWaiting",
    "accept",
    "assign",
    "change_item",
    "channel_kinds",
    "counts_of_queues",
    "distribute",
    "end",
    "enter",
    "enter_again",
    "everybody",
    "hand_over",
    "hold",
    "last_assignee_of",
    "limits_of",
    "loads_of",
    "move_to_queue",
    "note_answered",
    "note_due",
    "open_item_of",
    "open_items_of",
    "put_back",
    "set_presence",
    "somebody_is_there",
    "strategies",
    "take",
]
