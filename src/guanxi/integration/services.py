"""Making, checking and revoking tokens."""

import hashlib
import secrets
from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guanxi.core import changes, clock
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.core.models import User
from guanxi.integration.models import ApiToken, TokenScope

MARK = "gxt_"
SECRET_BYTES = 32
SHOWN_CHARACTERS = 10
USE_NOTED_EVERY = timedelta(minutes=1)


def digest_of(key: str) -> str:
    """Return what is stored of a key. The key has 256 random bits, so a plain digest cannot be guessed back."""
    return hashlib.sha256(key.encode()).hexdigest()


def create_token(*, actor: Actor, user: User, scope: str, label: str = "") -> tuple[ApiToken, str]:
    """Make a token for a user; returns the row and the key, which is never shown again."""
    if actor.user_id != user.pk and not actor.can("token", "manage"):
        raise NotFound(_("There is no such user, or they are not open to you."))
    if scope not in TokenScope.values:
        raise InvalidInput(_("The scope is read or write."), column="scope")
    key = MARK + secrets.token_urlsafe(SECRET_BYTES)
    with changes.operation(actor=actor, name="integration.create_token") as op:
        token = ApiToken(
            user=user,
            label=label.strip()[:80],
            scope=scope,
            digest=digest_of(key),
            beginning=key[:SHOWN_CHARACTERS],
            created_at=clock.now(),
        )
        token.save(force_insert=True)
        # Only what may be read by others: the digest has no place in a journal.
        op.record(
            kind="token",
            record_id=token.pk,
            act="create",
            field="",
            before=None,
            after={"user_id": user.pk, "label": token.label, "scope": scope, "beginning": token.beginning},
        )
    return token, key


def tokens_of(actor: Actor, user_id: int | None = None) -> QuerySet[ApiToken]:
    """Return the tokens the actor may see: their own, or everybody's for those who manage tokens."""
    found = ApiToken.objects.select_related("user")
    if actor.scope("token", "view") != "all" or user_id is not None:
        found = found.filter(user_id=actor.user_id if user_id is None else user_id)  # type: ignore[misc]
    return found


def revoke_token(*, actor: Actor, token_id: int) -> ApiToken:
    """Make a token useless from this moment on; revoking twice is no error."""
    token = ApiToken.objects.filter(pk=token_id).first()
    if token is None or (token.user_id != actor.user_id and not actor.can("token", "manage")):
        raise NotFound(_("There is no such token, or it is not yours."))
    if token.revoked_at is None:
        with changes.operation(actor=actor, name="integration.revoke_token") as op:
            now = clock.now()
            ApiToken.objects.filter(pk=token.pk).update(revoked_at=now)
            op.record(kind="token", record_id=token.pk, field="revoked_at", before=None, after=now)
        token.revoked_at = now
    return token


def token_of(key: str) -> ApiToken | None:
    """Return the valid token behind a key, its user loaded, or None."""
    if not key.startswith(MARK):
        return None
    token = ApiToken.objects.select_related("user__role", "user__department").filter(digest=digest_of(key)).first()
    if token is None or token.revoked_at is not None or not token.user.is_active:
        return None
    now = clock.now()
    if token.last_used_at is None or now - token.last_used_at > USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token
