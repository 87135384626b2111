"""The demo company's people: who may sign in, with passwords made on this installation."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.core import changes, parameters
from guanxi.core.actor import Actor
from guanxi.core.errors import ConfigurationError, GuanxiError
from guanxi.core.models import Department, Team, User
from guanxi.people.public import create_user, set_password

VARIABLE = "GUANXI_DEMO_PASSWORD"
FILE = "demo-users.json"
MADE = "demo.users"
parameters.declare(MADE, gettext_lazy("Colleagues of the demo company"))


@dataclass(frozen=True)
class Colleague:
    """One invented colleague."""

    username: str
    role: str
    name: str
    department: str = ""
    team: str = ""
    language: str = ""


@dataclass
class Account:
    """What is needed to sign in as a colleague; `hashed` tells whether the password still holds."""

    username: str
    role: str
    name: str
    password: str
    hashed: str = ""


COMPANY = "华彩礼品 Brightgift"
DEPARTMENTS = ("销售部 Sales", "客户服务部 Customer service", "市场部 Marketing", "财务部 Finance")
TEAMS = ("中文客户组 Chinese desk", "英文客户组 English desk")
COLLEAGUES = (
    Colleague("owner", "owner", "林华彩"),
    Colleague("manager", "manager", "Grace Taylor", DEPARTMENTS[0], TEAMS[1]),
    Colleague("agent", "agent", "李娜", DEPARTMENTS[1], TEAMS[0], "zh-hans"),
    Colleague("agent2", "agent", "Tom Baker", DEPARTMENTS[1], TEAMS[1], "en"),
    Colleague("analyst", "analyst", "王磊", DEPARTMENTS[2], TEAMS[0]),
    Colleague("auditor", "auditor", "Helen Moore", DEPARTMENTS[3]),
)


def path() -> Path:
    """Return where the passwords are kept."""
    return Path(settings.DATA_DIR) / FILE


def kept_accounts() -> list[Account]:
    """Return the accounts as they were kept, none when there is no readable file."""
    try:
        rows = json.loads(path().read_text(encoding="utf-8"))["users"]
        return [Account(**row) for row in rows]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return []


def keep_accounts(accounts: list[Account]) -> None:
    """Write the accounts for the next start, readable by the owner of the installation only, whole or not at all."""
    fresh = path().with_suffix(f".{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"users": [asdict(account) for account in accounts]}, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path())


def make_organisation(actor: Actor) -> None:
    """Make the departments and teams that are not there yet."""
    with changes.operation(actor=actor, name="demo.make_organisation") as op:
        root = Department.objects.filter(name=COMPANY).first() or op.create(Department(name=COMPANY))
        if not root.path:
            op.update(root, path=f"/{root.pk}/")
        for name in DEPARTMENTS:
            if not Department.objects.filter(name=name).exists():
                made = op.create(Department(name=name, parent=root))
                op.update(made, path=f"{root.path}{made.pk}/")
        for name in TEAMS:
            if not Team.objects.filter(name=name).exists():
                op.create(Team(name=name))


def known_users() -> dict[str, User]:
    """Return the colleagues made here, by the names of `COLLEAGUES` (they may sign in under another where that was taken)."""
    ids: dict[str, int] = parameters.get(MADE, {})
    found = User.objects.select_related("role", "department").in_bulk(list(ids.values()))
    return {name: found[number] for name, number in ids.items() if number in found}


def bring_accounts(actor: Actor) -> list[Account]:
    """Make the colleagues who are not there yet and see to it that every password kept is one that holds.

    Nobody else's account is touched, and a password that its user has changed since is left alone.
    """
    given = os.environ.get(VARIABLE) or None
    kept = {account.username: account for account in kept_accounts()}
    standing = known_users()
    accounts = []
    for colleague in COLLEAGUES:
        user = standing.get(colleague.username)
        if user is None:
            accounts.append(_make_account(actor, colleague, given))
        else:
            accounts.append(_renewed(actor, user, kept.get(user.username), given))
    if accounts != list(kept.values()):
        keep_accounts(accounts)
    return accounts


def _make_account(actor: Actor, colleague: Colleague, given: str | None) -> Account:
    """Make a colleague, under a name that is free."""
    name = colleague.username
    if User.objects.filter(username__iexact=name).exists():
        name = f"demo-{name}"
    with transaction.atomic(), _said_of_variable(given):
        user, password = create_user(
            actor=actor, name=name, role=colleague.role, password=given, display_name=colleague.name
        )
        _place(actor, colleague, user)
        made = {**parameters.get(MADE, {}), colleague.username: user.pk}
        parameters.change(actor=actor, key=MADE, value=made)
    return Account(user.username, colleague.role, user.name, password, user.password)


def _renewed(actor: Actor, user: User, kept: Account | None, given: str | None) -> Account:
    """Return the account as kept, or with a new password where none is kept or another one is asked for."""
    is_wanted = kept is not None and given in {None, kept.password}
    is_own = kept is not None and kept.hashed != user.password
    if kept is not None and (is_wanted or is_own):
        return kept
    with _said_of_variable(given):
        password = set_password(actor=actor, user_id=user.pk, password=given)
    user.refresh_from_db()
    return Account(user.username, user.role.key, user.name, password, user.password)


@contextmanager
def _said_of_variable(given: str | None) -> Iterator[None]:
    """Say of a password that cannot be used where it came from."""
    try:
        yield
    except GuanxiError as error:
        if given is None or error.column != "password":
            raise
        raise ConfigurationError(
            _("%(name)s cannot be used: %(reason)s") % {"name": VARIABLE, "reason": error}
        ) from error


def _place(actor: Actor, colleague: Colleague, user: User) -> None:
    """Put a colleague into department and team."""
    department = Department.objects.filter(name=colleague.department).first()
    with changes.operation(actor=actor, name="demo.place_colleague") as op:
        op.update(user, department=department, language=colleague.language)
    for team in Team.objects.filter(name=colleague.team):
        team.members.add(user)


def told(accounts: list[Account]) -> list[str]:
    """Return who may sign in, a line each; of changed passwords only that they were."""
    hashes = dict(User.objects.filter(username__in=[a.username for a in accounts]).values_list("username", "password"))
    lines = []
    for account in accounts:
        holds = hashes.get(account.username) == account.hashed
        shown = account.password if holds else _("(changed by its user)")
        lines.append(f"  {account.username:<10} {shown:<26} {account.role:<9} {account.name}")
    return lines
