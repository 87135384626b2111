"""Making and changing users; every act is an operation of the journal."""

import secrets
import unicodedata
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from guanxi.core import access, changes
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, InvalidInput, NotFound
from guanxi.core.models import Department, Role, User
from guanxi.people import roles

# Without letters and digits that are mistaken for one another.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
OWNER = "owner"
NAME_LIMIT = 150


def generate_password() -> str:
    """Five groups of four characters: about 99 bits, readable over the telephone."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(5))


def _checked_username(text: str) -> str:
    """A name to sign in with."""
    name = unicodedata.normalize("NFKC", text).strip()
    if not name or len(name) > NAME_LIMIT or any(not c.isprintable() or c.isspace() for c in name):
        raise InvalidInput(
            gettext("A user name has 1 to 150 characters and no spaces."),
            column="username",
        )
    if User.objects.filter(username__iexact=name).exists():
        raise Conflict(gettext("There is already a user “%(name)s”.") % {"name": name}, column="username")
    return name


def _role(key: str) -> Role:
    """A role by its key."""
    found = Role.objects.filter(key=key).first()
    if found is None:
        known = ", ".join(Role.objects.order_by("id").values_list("key", flat=True))
        raise InvalidInput(
            gettext("There is no role “%(role)s”; there are: %(known)s.") % {"role": key, "known": known}, column="role"
        )
    return found


def _checked_password(password: str, user: User) -> str:
    """A password that is strong enough."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), column="password") from None
    return password


def create_user(
    *,
    actor: Actor,
    name: str,
    role: str,
    password: str | None = None,
    display_name: str = "",
    email: str = "",
    department: Any = None,
) -> tuple[User, str]:
    """Make a user who can sign in; the password, generated unless given, is returned once and stored hashed."""
    access.require(actor, "user", "manage")
    user = User(
        username=_checked_username(name),
        name=_checked_text(display_name),
        email=_checked_email(email),
        role=_role(role),
        department=_department_of(department),
    )
    _check_within(actor, user.role)
    secret = _checked_password(password, user) if password is not None else generate_password()
    user.set_password(secret)
    try:
        with changes.operation(actor=actor, name="people.create_user") as op:
            op.create(user)
    except IntegrityError:
        raise Conflict(gettext("There is already a user “%(name)s”.") % {"name": name}, column="username") from None
    return user, secret


def _checked_text(text: str) -> str:
    """A person's name."""
    clean = " ".join(text.replace("\x00", "").split())
    if len(clean) > 120:
        raise InvalidInput(gettext("A name has at most 120 characters."), column="name")
    return clean


def _checked_email(text: str) -> str:
    """An e-mail address, or none."""
    clean = text.strip()
    if clean:
        try:
            validate_email(clean)
        except ValidationError:
            raise InvalidInput(
                gettext("“%(text)s” is not an e-mail address.") % {"text": clean[:60]}, column="email"
            ) from None
    return clean


def _found(user_id: int) -> User:
    """A user, locked for the change."""
    user = User.objects.select_for_update().select_related("role").filter(pk=user_id).first()
    if user is None:
        raise NotFound(gettext("There is no such user."))
    return user


def _check_within(actor: Actor, role: Role) -> None:
    """Refuse to give, or to take hold of, a role that may do more than the actor."""
    roles.check_not_wider(actor, roles.permissions_of(role), roles.fields_of(role))


def _keep_an_owner(user: User) -> None:
    """Refuse what would leave nobody in charge."""
    others = User.objects.filter(role__key=OWNER, is_active=True).exclude(pk=user.pk)
    if user.role.key == OWNER and user.is_active and not others.exists():
        raise Conflict(gettext("%(name)s is the last owner; make another owner first.") % {"name": user.display_name})


@transaction.atomic
def update_user(*, actor: Actor, user_id: int, **values: Any) -> int:
    """Change a user's name, e-mail, role (its id or key), department or whether they may sign in; the operation's number."""
    if actor.user_id != user_id or set(values) - {"name", "email"}:
        access.require(actor, "user", "manage")
    user = _found(user_id)
    if set(values) - {"name", "email"}:
        _check_within(actor, user.role)
    clean: dict[str, Any] = {}
    if "name" in values:
        clean["name"] = _checked_text(values["name"] or "")
    if "email" in values:
        clean["email"] = _checked_email(values["email"] or "")
    if "role" in values:
        clean["role"] = _role_of(values["role"])
        _check_within(actor, clean["role"])
    if "department" in values:
        clean["department"] = _department_of(values["department"], user.department_id)
    if "is_active" in values:
        clean["is_active"] = bool(values["is_active"])
    if clean.get("is_active") is False or ("role" in clean and clean["role"].key != OWNER):
        _keep_an_owner(user)
    with changes.operation(actor=actor, name="people.update_user") as op:
        op.update(user, **clean)
    return op.id


def _department_of(value: Any, own_id: int | None = None) -> Department | None:
    """An open department by its number, None for nothing; the user's own may be closed."""
    if value in (None, ""):
        return None
    text = str(value)
    found = Department.objects.filter(pk=int(text)).first() if text.isdecimal() and len(text) < 19 else None
    if found is None or (found.is_closed and found.pk != own_id):
        raise InvalidInput(gettext("There is no such department."), column="department")
    return found


def _role_of(value: Any) -> Role:
    """A role by number or key."""
    text = str(value or "")
    found = Role.objects.filter(pk=int(text)).first() if text.isdigit() else None
    return found or _role(text)


def set_active(*, actor: Actor, user_id: int, is_active: bool) -> int:
    """Let a user sign in or not; one who may not is signed out at once."""
    return update_user(actor=actor, user_id=user_id, is_active=is_active)


@transaction.atomic
def set_password(*, actor: Actor, user_id: int, password: str | None = None) -> str:
    """Give a user another password, generated unless given; it is returned once."""
    access.require(actor, "user", "manage")
    user = _found(user_id)
    _check_within(actor, user.role)
    secret = _checked_password(password, user) if password is not None else generate_password()
    _write_password(actor, user, secret)
    return secret


@transaction.atomic
def change_own_password(*, actor: Actor, current: str, password: str) -> User:
    """Change one's own password, knowing the one that holds now."""
    if actor.user_id is None:
        raise NotFound(gettext("There is no such user."))
    user = _found(actor.user_id)
    if not user.check_password(current):
        raise InvalidInput(gettext("This is not your password."), column="current")
    _write_password(actor, user, _checked_password(password, user))
    return user


@transaction.atomic
def set_forgotten_password(*, actor: Actor, password: str) -> User:
    """Set one's own password without the one that holds now; whoever calls has seen other proof."""
    if actor.user_id is None:
        raise NotFound(gettext("There is no such user."))
    user = _found(actor.user_id)
    _write_password(actor, user, _checked_password(password, user))
    return user


def _write_password(actor: Actor, user: User, password: str) -> None:
    """Store the hash."""
    fresh = User()
    fresh.set_password(password)
    with changes.operation(actor=actor, name="people.set_password") as op:
        op.update(user, password=fresh.password)
