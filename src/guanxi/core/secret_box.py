"""Secrets that must be readable again (keys of webhooks, of providers), kept encrypted in the database.

The key is derived from the installation's secret key, so a copy of the database alone reveals nothing. A secret that
was sealed under another secret key cannot be opened: whoever set it must set it again.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

MARK = "sealed:1:"


class SealedElsewhereError(ValueError):
    """The secret was sealed under another secret key, or is damaged."""


@lru_cache(maxsize=4)
def _box(secret_key: str) -> Fernet:
    """The cipher of a secret key."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"guanxi secret box 1").derive(secret_key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def seal(secret: str) -> str:
    """The secret as it may lie in the database."""
    return MARK + _box(settings.SECRET_KEY).encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret back; SealedElsewhereError when it was not sealed by this installation."""
    try:
        return _box(settings.SECRET_KEY).decrypt(sealed.removeprefix(MARK).encode()).decode()
    except InvalidToken:
        raise SealedElsewhereError("sealed under another secret key") from None
