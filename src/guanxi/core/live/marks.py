"""What stands for a session where its key may not: on pages of others, in tickets and in messages."""

from django.utils.crypto import salted_hmac

_LENGTH = 16


def mark_of(session_key: str | None) -> str:
    """A mark that tells sessions apart and leads back to none, another one on every installation; '' for no session."""
    if not session_key:
        return ""
    return salted_hmac("guanxi.live.session", session_key, algorithm="sha256").hexdigest()[:_LENGTH]
