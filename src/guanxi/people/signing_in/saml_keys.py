"""The key with which we sign what we ask a SAML provider: one for each, made once, kept sealed with its certificate."""

import base64
import logging
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from django.db import transaction

from guanxi.core import changes, clock
from guanxi.core.actor import system_actor
from guanxi.core.errors import Conflict
from guanxi.people.models import IdentityProvider
from guanxi.people.signing_in.factors_adapter import seal, unseal

log = logging.getLogger(__name__)
YEARS = 30
BITS = 3072


@dataclass(frozen=True)
class OwnKey:
    """A key of ours, and its certificate as metadata hold it."""

    private: rsa.RSAPrivateKey
    certificate: str

    def signature(self, text: bytes) -> bytes:
        """RSA with SHA-256 over a text."""
        return self.private.sign(text, padding.PKCS1v15(), hashes.SHA256())


def own_key(provider: IdentityProvider) -> OwnKey:
    """Our key for a provider; a new one when there is none yet, or it was sealed with another signing key."""
    found = _opened(provider)
    if found is not None:
        return found
    with transaction.atomic():
        row = IdentityProvider.objects.select_for_update().get(pk=provider.pk)
        found = _opened(row)
        if found is None:
            with changes.operation(actor=system_actor(means="sso", name=row.label), name="people.save_provider") as op:
                op.update(row, secret_sealed=seal(_made()))
            found = _opened(row)
    if found is None:
        raise Conflict("The key cannot be kept.")
    provider.secret_sealed = row.secret_sealed
    return found


def _opened(provider: IdentityProvider) -> OwnKey | None:
    """The key that is kept, None for none that can be used."""
    if not provider.secret_sealed:
        return None
    try:
        return _loaded(unseal(provider.secret_sealed))
    except (Conflict, ValueError):
        log.warning("the key for %s cannot be opened: another is made, and the provider must be told", provider.slug)
        return None


@lru_cache(maxsize=8)
def _loaded(pem: str) -> OwnKey:
    """A key out of its text."""
    private = serialization.load_pem_private_key(pem.encode(), None)
    certificate = x509.load_pem_x509_certificate(pem.encode())
    if not isinstance(private, rsa.RSAPrivateKey):
        raise ValueError("not a key of ours")
    return OwnKey(private, base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode())


def _made() -> str:
    """A new key and its certificate as one text; providers compare the certificate, nobody else vouches for it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Guanxi")]), clock.now()
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
    certificate = builder.not_valid_after(now + timedelta(days=365 * YEARS)).sign(key, hashes.SHA256())
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    private = key.private_bytes(encoding, form, serialization.NoEncryption())
    return (private + certificate.public_bytes(encoding)).decode()
