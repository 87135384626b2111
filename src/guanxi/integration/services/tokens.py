"""Making, checking and revoking tokens."""

import secrets
from datetime import datetime

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from guanxi.core import changes, clock, live
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.core.models import User
from guanxi.integration import authentication, scopes
from guanxi.integration.authentication import MARK, digest_of
from guanxi.integration.models import ApiToken

SECRET_BYTES = 32
SHOWN_CHARACTERS = 10
MOST_PER_MINUTE = 1_000_000


def create_token(
    *,
    actor: Actor,
    user: User,
    scope: str,
    label: str = "",
    expires_at: datetime | None = None,
    per_minute: int | None = None,
) -> tuple[ApiToken, str]:
    """Make a token for a user; returns the row and the key, which is never shown again.

    `scope` holds one or more scopes separated by spaces; `per_minute` is a limit of the token's own (0: none).
    """
    if actor.user_id != user.pk and not actor.can("token", "manage"):
        raise NotFound(_("There is no such user, or they are not open to you."))
    scope = scopes.clean(scope)
    if expires_at is not None and expires_at <= clock.now():
        raise InvalidInput(_("A token expires in the future."), column="expires")
    if per_minute is not None and not actor.can("token", "manage"):
        raise InvalidInput(_("Only who manages tokens gives one a limit of its own."), column="per_minute")
    if per_minute is not None and not 0 <= per_minute <= MOST_PER_MINUTE:
        raise InvalidInput(
            _("The limit is a number from 0 to %(most)s.") % {"most": MOST_PER_MINUTE}, column="per_minute"
        )
    key = MARK + secrets.token_urlsafe(SECRET_BYTES)
    with changes.operation(actor=actor, name="integration.create_token") as op:
        token = ApiToken(
            user=user,
            label=label.strip()[:80],
            scope=scope,
            digest=digest_of(key),
            beginning=key[:SHOWN_CHARACTERS],
            created_at=clock.now(),
            expires_at=expires_at,
            per_minute=per_minute,
        )
        token.save(force_insert=True)
        # Only what may be read by others: the digest has no place in a journal.
        op.record(
            kind="token",
            record_id=token.pk,
            act="create",
            field="",
            before=None,
            after={
                "user_id": user.pk,
                "label": token.label,
                "scope": scope,
                "beginning": token.beginning,
                "expires_at": expires_at.isoformat() if expires_at else None,
                "per_minute": per_minute,
            },
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
            live.notify(authentication.REVOKED)
        authentication.drop_callers()
        token.revoked_at = now
    return token


def end_lapsed(digest: str = "") -> int:
    """End tokens (or one) whose time is over for good: a clock that is set back later does not bring them to life again."""
    lapsed = ApiToken.objects.filter(revoked_at=None, expires_at__lte=clock.now())
    if digest:
        lapsed = lapsed.filter(digest=digest)
    return lapsed.update(revoked_at=F("expires_at"))  # house: writes: what has lapsed


def token_of(key: str) -> ApiToken | None:
    """Return the valid token behind a key, its user loaded, or None."""
    caller = authentication.caller_of(key)
    if caller is None:
        return None
    caller.token.user = caller.user
    return caller.token


def note_use(token: ApiToken, at: datetime) -> None:
    """Note when a token was used."""
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
