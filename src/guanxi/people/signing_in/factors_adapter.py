"""How second factors behave here: secrets sealed at rest, our name on them, no mail."""

import base64
import hashlib
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from guanxi.core.errors import Conflict

NAME = "Guanxi 关系"


def _keys() -> MultiFernet:
    """Keys out of the signing key of the installation, those of before after it."""
    given: tuple[Any, ...] = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = [hashlib.sha256(f"guanxi.sealed:{key!s}".encode()).digest() for key in given]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def seal(text: str) -> str:
    """A secret as the database may hold it."""
    return _keys().encrypt(text.encode()).decode()


def unseal(text: str) -> str:
    """The secret behind a sealed text; Conflict when it was sealed with another key."""
    try:
        return _keys().decrypt(text.encode()).decode()
    except InvalidToken:
        raise Conflict("Sealed with another signing key.") from None


class FactorsAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth comes without types
    """allauth's hooks."""

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Unseal a secret."""
        return unseal(encrypted_text)

    def get_totp_label(self, user: Any) -> str:
        """Whose code it is, in the application on the telephone."""
        return str(user.username)

    def get_totp_issuer(self) -> str:
        """Whose installation it is."""
        host = context.request.get_host().partition(":")[0]
        return f"Guanxi {host}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Who asks for a passkey."""
        return {"id": context.request.get_host().partition(":")[0], "name": NAME}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """Whose passkey it is."""
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return {**entity, "name": user.username}

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail: the journal and the history tell."""
