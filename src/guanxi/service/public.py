"""What modules above may use of service."""

from guanxi.conversations.choices import ChannelKind
from guanxi.service.choices import CaseState, CaseType, Priority
from guanxi.service.closing import demands
from guanxi.service.events import CaseChanged, CaseOpened, CasesChanged, CaseStateChanged
from guanxi.service.services.cases import open_case, update_case
from guanxi.service.services.following_talk import open_for_message
from guanxi.service.services.states import ClosingRefused, set_state

# What the channels of cases are called.
CHANNEL_LABELS = tuple(ChannelKind.choices)

__all__ = [
    "CHANNEL_LABELS",
    "CaseChanged",
    "CaseOpened",
    "CaseState",
    "CaseStateChanged",
    "CaseType",
    "CasesChanged",
    "ClosingRefused",
    "Priority",
    "demands",
    "open_case",
    "open_for_message",
    "set_state",
    "update_case",
]
