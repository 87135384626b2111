"""The signed token in an address: `support+c123.k7…@example.com` is a place in one conversation, which nobody can guess."""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

SIGNATURE_LETTERS = 20
TOKEN = re.compile(rf"[+=-]c(\d{{1,18}})\.([a-z2-7]{{{SIGNATURE_LETTERS}}})$")
# What may be meant as one of ours, however it was damaged.
MEANT = re.compile(r"\+c\d{1,18}\.[A-Za-z0-9]{1,40}$")


@dataclass(frozen=True)
class Token:
    """What an address claims: which conversation, and the signature for it."""

    number: int
    signature: str


def signature(key: bytes, number: int, secret: str) -> str:
    """The signature of a conversation, by the installation's key and the conversation's own secret."""
    digest = hmac.new(key, f"mail token 1:{number}:{secret}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().lower()[:SIGNATURE_LETTERS]


def address_with_token(address: str, *, key: bytes, number: int, secret: str) -> str:
    """The address to which answers in this conversation are sent."""
    local, _at, domain = address.rpartition("@")
    return f"{local}+c{number}.{signature(key, number, secret)}@{domain}"


def token_in(address: str) -> Token | None:
    """The token that an address carries; servers may have changed the case of its letters."""
    local = address.lower().rpartition("@")[0]
    match = TOKEN.search(local)
    return Token(int(match[1]), match[2]) if match else None


def is_meant(address: str) -> bool:
    """Whether an address seems to carry a token, even a damaged one."""
    return bool(MEANT.search(address.rpartition("@")[0]))


def is_genuine(token: Token, *, key: bytes, secret: str) -> bool:
    """Whether the signature is ours for this very conversation."""
    return hmac.compare_digest(token.signature, signature(key, token.number, secret))


def without_token(address: str) -> str:
    """The address itself, without what stands behind the plus sign."""
    local, _at, domain = address.rpartition("@")
    match = MEANT.search(local)
    return f"{local[: match.start()]}@{domain}" if match else address
