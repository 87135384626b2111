"""Second factors: set up, used once, taken away; the journal says which and when, never the secret."""

import hmac
import secrets
import time
import unicodedata
from collections.abc import Iterator
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt, encrypt
from django.db import transaction
from django.utils.translation import gettext, pgettext

from guanxi.core import changes, clock
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, InvalidInput, NotFound
from guanxi.core.models import User
from guanxi.people.signing_in import rules

TOTP, PASSKEY, CODES = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES
MOST_PASSKEYS = 20
NAME_LIMIT = 60
COUNTER = "last_counter"
# The steps whose codes were used, the latest last: should the clock be set back, they come again, but their codes do not.
USED = "used_counters"
MOST_USED = 100


def factors_of(user_id: int) -> list[Authenticator]:
    """The second factors of a user, the oldest first."""
    return list(Authenticator.objects.filter(user_id=user_id).order_by("created_at", "id"))


def has_own_proof(user: User) -> bool:
    """Whether somebody can show us who they are without a provider."""
    return (user.has_usable_password() and rules.may_use_password(user)) or bool(factors_of(user.pk))


def _locked(actor: Actor) -> User:
    """The acting user, locked: factors are one's own affair."""
    user = User.objects.select_for_update().select_related("role").filter(pk=actor.user_id or 0).first()
    if user is None:
        raise NotFound(gettext("There is no such user."))
    return user


def _journal(actor: Actor, name: str, before: str | None, after: str | None) -> None:
    """Write down that a factor came or went."""
    with changes.operation(actor=actor, name=name) as op:
        op.record(
            kind="user",
            record_id=actor.user_id or 0,
            act=changes.DONE,
            field="second_factors",
            before=before,
            after=after,
        )


def _counters(now: float) -> Iterator[int]:
    """The steps of time whose code counts now: this one, the one before and the one after."""
    step = int(now) // app_settings.TOTP_PERIOD
    yield from range(step - app_settings.TOTP_TOLERANCE, step + app_settings.TOTP_TOLERANCE + 1)


def typed(code: str) -> str:
    """A code as it was meant: with digits of full width as in 中文 input, spaces or hyphens."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", code) if sign.isalnum())


def counter_of(secret: str, code: str) -> int | None:
    """The step of time that a code belongs to, None for a wrong one."""
    given = typed(code)
    found = None
    for counter in _counters(time.time()):
        if hmac.compare_digest(format_hotp_value(hotp_value(secret, counter)).encode(), given.encode()):
            found = counter
    return found


@transaction.atomic
def add_totp(*, actor: Actor, secret: str, code: str) -> list[str]:
    """Set up an authenticator application that has proved to know the secret; fresh recovery codes, if there are none."""
    user = _locked(actor)
    counter = counter_of(secret, code)
    if counter is None:
        raise InvalidInput(gettext("This code is not right. Check the clock of your telephone."), column="code")
    if Authenticator.objects.filter(user=user, type=TOTP).exists():
        raise Conflict(gettext("An authenticator application is set up already."))
    Authenticator.objects.create(user=user, type=TOTP, data={"secret": encrypt(secret), COUNTER: counter})
    _journal(actor, "people.add_second_factor", None, TOTP)
    return _first_codes(user)


@transaction.atomic
def add_passkey(*, actor: Actor, name: str, credential: dict[str, Any]) -> list[str]:
    """Keep a passkey that has been verified; fresh recovery codes, if there are none."""
    user = _locked(actor)
    held = Authenticator.objects.filter(user=user, type=PASSKEY)
    if held.count() >= MOST_PASSKEYS:
        raise Conflict(gettext("There are too many passkeys; remove one first."))
    if any(row.data["credential"].get("id") == credential.get("id") for row in held):
        raise Conflict(gettext("This passkey is set up already."))
    data = {"name": _checked_name(name), "credential": credential}
    Authenticator.objects.create(user=user, type=PASSKEY, data=data)
    _journal(actor, "people.add_second_factor", None, PASSKEY)
    return _first_codes(user)


def _checked_name(name: str) -> str:
    """What a passkey is called."""
    clean = " ".join("".join(sign for sign in name if sign.isprintable()).split())
    return clean[:NAME_LIMIT] or pgettext("sign-in", "Passkey")


@transaction.atomic
def rename_passkey(*, actor: Actor, factor_id: int, name: str) -> None:
    """Call a passkey something else."""
    row = _own(actor, factor_id, PASSKEY)
    row.data["name"] = _checked_name(name)
    row.save(update_fields=["data"])
    _journal(actor, "people.rename_passkey", PASSKEY, PASSKEY)


def _own(actor: Actor, factor_id: int, kind: str) -> Authenticator:
    """A factor of the acting user, or NotFound."""
    row = Authenticator.objects.select_for_update().filter(pk=factor_id, user_id=actor.user_id, type=kind).first()
    if row is None:
        raise NotFound(gettext("There is no such second factor."))
    return row


@transaction.atomic
def remove_factor(*, actor: Actor, factor_id: int, kind: str) -> None:
    """Take one's own factor away; the last one takes the recovery codes along, and stays where the role asks for one."""
    user = _locked(actor)
    row = _own(actor, factor_id, kind)
    others = Authenticator.objects.filter(user=user).exclude(pk=row.pk)
    is_last = not others.exclude(type=CODES).exists()
    if is_last and user.role.requires_mfa:
        raise Conflict(gettext("Your role asks for a second factor; set up another one first."))
    row.delete()
    if is_last:
        others.delete()
    _journal(actor, "people.remove_second_factor", kind, None)


def _first_codes(user: User) -> list[str]:
    """Recovery codes for somebody who has none; they are shown this once."""
    return [] if Authenticator.objects.filter(user=user, type=CODES).exists() else _fresh_codes(user)


def _fresh_codes(user: User) -> list[str]:
    """New recovery codes; the old ones stop working."""
    Authenticator.objects.filter(user=user, type=CODES).delete()
    # Given out when made, and never again.
    data = {"seed": encrypt(secrets.token_hex(40)), "used_mask": 0, "viewed_at": time.time()}
    row = Authenticator.objects.create(user=user, type=CODES, data=data)
    return [_grouped(code) for code in RecoveryCodes(row).generate_codes()]


def _grouped(code: str) -> str:
    """A code as it is read and typed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


@transaction.atomic
def make_recovery_codes(*, actor: Actor) -> list[str]:
    """New recovery codes for somebody with a second factor."""
    user = _locked(actor)
    if not Authenticator.objects.filter(user=user).exclude(type=CODES).exists():
        raise Conflict(gettext("Set up a second factor first."))
    codes = _fresh_codes(user)
    _journal(actor, "people.make_recovery_codes", None, CODES)
    return codes


def codes_left(user_id: int) -> int | None:
    """How many recovery codes have not been used, None without any."""
    row = Authenticator.objects.filter(user_id=user_id, type=CODES).first()
    return None if row is None else app_settings.RECOVERY_CODE_COUNT - int(row.data["used_mask"]).bit_count()


@transaction.atomic
def use_code(user_id: int, code: str) -> Authenticator | None:
    """The factor that a code proves, used up by this; None for a wrong one, an old one or one used before."""
    given = typed(code)
    if not (given.isascii() and given.isdigit()):
        return None
    rows = Authenticator.objects.select_for_update().filter(user_id=user_id, type__in=(TOTP, CODES))
    for row in rows.order_by("id"):
        try:
            is_right = _use_totp(row, given) if row.type == TOTP else _use_recovery(row, given)
        except Conflict:  # sealed with another signing key: it proves nothing any more
            continue
        if is_right:
            row.last_used_at = clock.now()
            row.save(update_fields=["data", "last_used_at"])
            return row
    return None


def _use_totp(row: Authenticator, given: str) -> bool:
    """Whether it is the code of a step later than any used before: no code counts twice, set the clock back or not.

    A last step that is still to come was used before the clock was set back: it keeps nobody out until then.
    """
    counter = counter_of(decrypt(row.data["secret"]), given)
    last = int(row.data.get(COUNTER, 0))
    used = [*row.data.get(USED, []), last]
    is_set_back = last > max(_counters(time.time()))
    if counter is None or counter in used or (counter <= last and not is_set_back):
        return False
    row.data |= {COUNTER: counter, USED: used[-MOST_USED:]}
    return True


def _use_recovery(row: Authenticator, given: str) -> bool:
    """Whether it is an unused recovery code; each counts once."""
    found = None
    for number, code in enumerate(RecoveryCodes(row).generate_codes()):
        is_same = hmac.compare_digest(code.encode(), given.encode())
        if is_same and not row.data["used_mask"] & (1 << number):
            found = number
    if found is None:
        return False
    row.data["used_mask"] |= 1 << found
    return True
