"""What other modules may use of integration."""

from guanxi.integration.authentication import Caller, caller_of, keep_callers
from guanxi.integration.entrance import api_gate, api_refusal
from guanxi.integration.limits import take_turn
from guanxi.integration.services import create_token, revoke_token, token_of
from guanxi.integration.webhooks.addresses import check as check_webhook_address
from guanxi.integration.webhooks.sending import post as post_webhook
from guanxi.integration.webhooks.signing import headers as webhook_headers
from guanxi.integration.webhooks.signing import new_secret as new_webhook_secret
from guanxi.integration.webhooks.signing import signature as sign_webhook

__all__ = [
    "Caller",
    "api_gate",
    "api_refusal",
    "caller_of",
    "check_webhook_address",
    "create_token",
    "keep_callers",
    "new_webhook_secret",
    "post_webhook",
    "revoke_token",
    "sign_webhook",
    "take_turn",
    "token_of",
    "webhook_headers",
]
