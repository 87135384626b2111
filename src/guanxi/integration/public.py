"""What other modules may use of integration."""

from guanxi.integration.services import create_token, revoke_token, token_of

__all__ = ["create_token", "revoke_token", "token_of"]
