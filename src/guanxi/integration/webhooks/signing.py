"""Signatures by the Standard Webhooks scheme (standardwebhooks.com, version 1): HMAC-SHA256 over id, time and body."""

import base64
import hashlib
import hmac
import secrets

MARK = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    """A secret of 256 random bits in the form that the scheme's libraries take."""
    return MARK + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,<base64>` over `id.timestamp.body`."""
    key = base64.b64decode(secret.removeprefix(MARK))
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def headers(secrets_in_force: list[str], *, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """What the receiver checks; while a secret is being changed there is a signature by each."""
    signed = [signature(s, message_id=message_id, timestamp=timestamp, body=body) for s in secrets_in_force]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signed),
    }
