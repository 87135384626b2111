"""What other modules may use of integration."""

from guanxi.integration.authentication import Caller, caller_of, keep_callers
from guanxi.integration.entrance import api_gate, api_refusal
from guanxi.integration.limits import take_turn
from guanxi.integration.services import create_token, revoke_token, token_of

__all__ = [
    "Caller",
    "api_gate",
    "api_refusal",
    "caller_of",
    "create_token",
    "keep_callers",
    "revoke_token",
    "take_turn",
    "token_of",
]
