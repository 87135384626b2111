"""`guanxi user`: who may sign in."""

import argparse
import sys
from typing import Any

from django.utils.translation import gettext as _

from guanxi.core.actor import console_actor
from guanxi.core.console import say, user_named
from guanxi.core.errors import InvalidInput
from guanxi.core.models import User
from guanxi.people import may_do, services
from guanxi.people.signing_in import commands as signing_in


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "user", help="make, list, disable and let in users; passwords, sessions, second factors"
    )
    parts = parser.add_subparsers(
        dest="part",
        metavar="create|list|password|disable|enable|rights|unlock|sessions|end-sessions|mfa-reset|sign-ins|recover",
        required=True,
    )
    create = parts.add_parser("create", help="make a user; the password is shown once")
    create.add_argument("name", metavar="NAME", help="the name to sign in with")
    create.add_argument(
        "--role", required=True, metavar="ROLE", help="owner, manager, agent, analyst, auditor or one of your own"
    )
    create.add_argument("--display-name", default="", help="the person's name as shown")
    create.add_argument("--email", default="")
    _password_option(create)
    create.set_defaults(run=run_create)
    listing = parts.add_parser("list", help="list users")
    listing.set_defaults(run=run_list)
    password = parts.add_parser("password", help="give a user another password")
    password.add_argument("name", metavar="NAME")
    _password_option(password)
    password.set_defaults(run=run_password)
    for word, text in (("disable", "no longer let a user sign in"), ("enable", "let a user sign in again")):
        part = parts.add_parser(word, help=text)
        part.add_argument("name", metavar="NAME")
        part.set_defaults(run=run_active, is_active=word == "enable")
    may = parts.add_parser("rights", help="what a user may do, how far and why, and what they do not see")
    may.add_argument("name", metavar="NAME")
    may.set_defaults(run=run_rights)
    signing_in.register(parts, _password_option, _given_password)
    for part in parts.choices.values():
        part.add_argument("--json", action="store_true", help="answer with JSON")


def _password_option(parser: argparse.ArgumentParser) -> None:
    """The option to bring one's own password."""
    parser.add_argument(
        "--password-stdin", action="store_true", help="read the password from standard input instead of making one"
    )


def _given_password(args: argparse.Namespace) -> str | None:
    """The password on standard input, if one is to be read there."""
    if not args.password_stdin:
        return None
    text = sys.stdin.readline().rstrip("\r\n")
    if not text:
        raise InvalidInput(_("There is no password on standard input."))
    return text


def run_create(args: argparse.Namespace) -> int:
    """Make a user and print the password, unless it was given."""
    given = _given_password(args)
    user, password = services.create_user(
        actor=console_actor(),
        name=args.name,
        role=args.role,
        password=given,
        display_name=args.display_name,
        email=args.email,
    )
    shown = password if given is None else None
    return say(
        args, {"name": user.username, "password": shown}, f"{user.username}  {shown or _('(password as given)')}"
    )


def _row(user: User) -> dict[str, Any]:
    """What is shown of a user."""
    return {
        "name": user.username,
        "display_name": user.display_name,
        "email": user.email,
        "role": user.role.key,
        "active": user.is_active,
        "last_signed_in": user.last_login.isoformat() if user.last_login else None,
    }


def run_list(args: argparse.Namespace) -> int:
    """Print the users."""
    rows = [_row(user) for user in User.objects.select_related("role").order_by("username")]
    lines = [f"{r['name']:<24} {r['role']:<10} {'' if r['active'] else _('disabled')}".rstrip() for r in rows]
    return say(args, {"items": rows}, "\n".join(lines))


def run_password(args: argparse.Namespace) -> int:
    """Give a user another password and print it, unless it was given."""
    given = _given_password(args)
    user = user_named(args.name)
    password = services.set_password(actor=console_actor(), user_id=user.pk, password=given)
    shown = password if given is None else None
    return say(
        args, {"name": user.username, "password": shown}, f"{user.username}  {shown or _('(password as given)')}"
    )


def run_active(args: argparse.Namespace) -> int:
    """Let a user sign in, or not."""
    user = user_named(args.name)
    services.set_active(actor=console_actor(), user_id=user.pk, is_active=args.is_active)
    text = _("%(name)s may sign in.") if args.is_active else _("%(name)s may no longer sign in.")
    return say(args, {"name": user.username, "active": args.is_active}, text % {"name": user.username})


def run_rights(args: argparse.Namespace) -> int:
    """Print what a user may do at this moment."""
    told = may_do.of_user(user_named(args.name))
    return say(args, may_do.as_json(told), "\n".join(may_do.lines(told)))
