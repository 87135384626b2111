"""Who can open an encrypted backup: whoever knows the passphrase, or holds the private key.

A backup is encrypted under a random key of its own. That key is wrapped once for a passphrase (scrypt) and once for
each public key (X25519); any one of them opens it. The public key alone cannot: it may lie on the server.
"""

import base64
import os
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.utils.translation import gettext as _

from guanxi.core.backup.errors import AskedWrongly, damaged, key_needed, wrong_key

KEY_BYTES = 32
SHORTEST_PASSPHRASE = 12
PUBLIC_PREFIX = "guanxi-public-"
PRIVATE_PREFIX = "guanxi-private-"
# 128 MiB and about half a second per guess; what a file may ask of its reader is limited to eight times that.
SCRYPT_COST, SCRYPT_LARGEST = 17, 20
_NO_NONCE = bytes(12)  # every wrapping key is used once


def text_of(raw: bytes) -> str:
    """Bytes as text for headers and key files."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def bytes_of(text: str) -> bytes:
    """The bytes of such a text; ValueError when it is none."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def derive(secret: bytes, salt: bytes, purpose: str) -> bytes:
    """A key for one purpose."""
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=salt, info=purpose.encode()).derive(secret)


def new_pair() -> tuple[str, str]:
    """A new private and public key as texts."""
    private = X25519PrivateKey.generate()
    return PRIVATE_PREFIX + text_of(private.private_bytes_raw()), public_of(private)


def public_of(private: X25519PrivateKey) -> str:
    """The public key of a private one."""
    return PUBLIC_PREFIX + text_of(private.public_key().public_bytes_raw())


def read_public(text: str) -> X25519PublicKey:
    """A public key from its text."""
    return X25519PublicKey.from_public_bytes(_read(text, PUBLIC_PREFIX, _("This is no public key for backups.")))


def read_private(text: str) -> X25519PrivateKey:
    """A private key from its text."""
    return X25519PrivateKey.from_private_bytes(_read(text, PRIVATE_PREFIX, _("This is no private key for backups.")))


def _read(text: str, prefix: str, refusal: str) -> bytes:
    """The bytes behind a prefix."""
    words = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    try:
        raw = bytes_of(words[0].removeprefix(prefix)) if len(words) == 1 and words[0].startswith(prefix) else b""
    except ValueError:
        raw = b""
    if len(raw) != KEY_BYTES:
        raise AskedWrongly(refusal)
    return raw


def check_passphrase(text: str) -> str:
    """A passphrase that is worth its name."""
    if len(text) < SHORTEST_PASSPHRASE:
        message = _("A passphrase for backups must have at least %(count)d characters.")
        raise AskedWrongly(message % {"count": SHORTEST_PASSPHRASE})
    return text


@dataclass(frozen=True)
class Locks:
    """By what a new backup can be opened; without any it is not encrypted."""

    passphrase: str = ""
    public_keys: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether the backup is to be encrypted."""
        return bool(self.passphrase or self.public_keys)

    def wrap(self, file_key: bytes) -> list[dict[str, Any]]:
        """The file's key, wrapped for each who may open it."""
        wrapped = [_wrap_for_key(file_key, read_public(text)) for text in self.public_keys]
        if self.passphrase:
            wrapped.append(_wrap_for_passphrase(file_key, check_passphrase(self.passphrase)))
        return wrapped


@dataclass(frozen=True)
class Keys:
    """With what a backup may be opened; `file_keys` are those of backups made by this very process."""

    passphrase: str = ""
    private_keys: tuple[str, ...] = ()
    file_keys: tuple[bytes, ...] = field(default=(), repr=False)

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.passphrase or self.private_keys or self.file_keys)

    def unwrap(self, wrapped: list[dict[str, Any]]) -> list[bytes]:
        """The keys that may be the file's; the error says what is missing."""
        if self.file_keys:
            return list(self.file_keys)
        if not self:
            raise key_needed()
        privates = [read_private(text) for text in self.private_keys]
        found = []
        for one in wrapped:
            try:
                if one.get("for") == "passphrase" and self.passphrase:
                    found.append(_open(_from_passphrase(self.passphrase, one), one))
                elif one.get("for") == "key":
                    found += [_open(_shared(private, one), one) for private in privates if _is_for(private, one)]
            except InvalidTag:
                continue
            except (KeyError, TypeError, ValueError):
                raise damaged() from None
        if not found:
            raise wrong_key()
        return found


def _wrap_for_passphrase(file_key: bytes, passphrase: str) -> dict[str, Any]:
    """The file's key under a passphrase."""
    one: dict[str, Any] = {"for": "passphrase", "salt": text_of(os.urandom(16)), "cost": SCRYPT_COST}
    sealed = ChaCha20Poly1305(_from_passphrase(passphrase, one)).encrypt(_NO_NONCE, file_key, None)
    return one | {"key": text_of(sealed)}


def _from_passphrase(passphrase: str, one: dict[str, Any]) -> bytes:
    """The wrapping key of a passphrase."""
    cost = int(one["cost"])
    if not 1 <= cost <= SCRYPT_LARGEST:
        raise ValueError(cost)
    return Scrypt(salt=bytes_of(one["salt"]), length=KEY_BYTES, n=2**cost, r=8, p=1).derive(passphrase.encode())


def _wrap_for_key(file_key: bytes, public: X25519PublicKey) -> dict[str, Any]:
    """The file's key under a public key."""
    ephemeral = X25519PrivateKey.generate()
    one = {
        "for": "key",
        "to": text_of(public.public_bytes_raw()),
        "ephemeral": text_of(ephemeral.public_key().public_bytes_raw()),
    }
    secret = derive(ephemeral.exchange(public), _salt(one), "guanxi backup: key")
    return one | {"key": text_of(ChaCha20Poly1305(secret).encrypt(_NO_NONCE, file_key, None))}


def _salt(one: dict[str, Any]) -> bytes:
    """Both public keys bind the wrapping key to this exchange."""
    return bytes_of(one["ephemeral"]) + bytes_of(one["to"])


def _is_for(private: X25519PrivateKey, one: dict[str, Any]) -> bool:
    """Whether a wrapped key is for this private key."""
    return private.public_key().public_bytes_raw() == bytes_of(one["to"])


def _shared(private: X25519PrivateKey, one: dict[str, Any]) -> bytes:
    """The wrapping key of the exchange with a private key."""
    other = X25519PublicKey.from_public_bytes(bytes_of(one["ephemeral"]))
    return derive(private.exchange(other), _salt(one), "guanxi backup: key")


def _open(secret: bytes, one: dict[str, Any]) -> bytes:
    """The file's key."""
    return ChaCha20Poly1305(secret).decrypt(_NO_NONCE, bytes_of(one["key"]), None)
