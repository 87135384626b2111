"""What integration writes: tokens, and answers kept for a day."""

from guanxi.integration.services import answers
from guanxi.integration.services.tokens import create_token, end_lapsed, note_use, revoke_token, token_of, tokens_of

__all__ = ["answers", "create_token", "end_lapsed", "note_use", "revoke_token", "token_of", "tokens_of"]
