"""The parts of `guanxi user` about signing in: waiting times, sessions, second factors, recovery from the console."""

import argparse
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.core.actor import console_actor
from guanxi.core.console import say, user_named
from guanxi.people.signing_in import queries
from guanxi.people.signing_in.services import accounts, sessions


def register(
    parts: Any,
    password_option: Callable[[argparse.ArgumentParser], None],
    given_password: Callable[[argparse.Namespace], str | None],
) -> None:
    """Add the parts; the two functions offer to read a password from standard input."""
    listed: tuple[tuple[str, str, Callable[[argparse.Namespace], int]], ...] = (
        ("unlock", "lift the waiting time after failed attempts to sign in", run_unlock),
        ("sessions", "list where a user is signed in", run_sessions),
        ("end-sessions", "sign a user out everywhere", run_end_sessions),
        ("mfa-reset", "take a user's second factors and recovery codes away, and sign them out", run_mfa_reset),
        ("sign-ins", "list the latest attempts to sign in as a user", run_sign_ins),
    )
    for word, text, run in listed:
        part = parts.add_parser(word, help=text)
        part.add_argument("name", metavar="NAME")
        part.set_defaults(run=run)
    recover = parts.add_parser(
        "recover",
        help="let a locked-out user in again: new password, no second factors, no waiting, active; "
        "made owner where there is no active owner",
    )
    recover.add_argument("name", metavar="NAME")
    password_option(recover)
    recover.set_defaults(run=run_recover, given_password=given_password)


def run_unlock(args: argparse.Namespace) -> int:
    """Lift the waiting time."""
    user = user_named(args.name)
    count = accounts.unlock(actor=console_actor(), user_id=user.pk)
    text = _("%(name)s can try again at once.") % {"name": user.username}
    return say(args, {"name": user.username, "dropped": count}, text)


def run_sessions(args: argparse.Namespace) -> int:
    """Print where a user is signed in."""
    user = user_named(args.name)
    found = queries.sessions_of(console_actor(), user.pk)
    rows = [
        {
            "device": entry.device,
            "address": entry.address,
            "means": entry.means,
            "signed_in_at": entry.signed_in_at.isoformat() if entry.signed_in_at else None,
            "last_seen_at": entry.last_seen_at.isoformat() if entry.last_seen_at else None,
        }
        for entry in found
    ]
    lines = [f"{row['last_seen_at'] or '':<34} {row['address'] or '':<40} {row['device']}".rstrip() for row in rows]
    return say(args, {"items": rows}, "\n".join(lines) or _("Not signed in anywhere."))


def run_end_sessions(args: argparse.Namespace) -> int:
    """Sign a user out everywhere."""
    user = user_named(args.name)
    count = sessions.end_sessions(actor=console_actor(), user_id=user.pk)
    text = ngettext("%(n)d session is ended.", "%(n)d sessions are ended.", count) % {"n": count}
    return say(args, {"name": user.username, "ended": count}, text)


def run_mfa_reset(args: argparse.Namespace) -> int:
    """Take second factors away."""
    user = user_named(args.name)
    count = accounts.reset_factors(actor=console_actor(), user_id=user.pk)
    text = _("%(name)s signs in with the password alone until a second factor is set up again.")
    return say(args, {"name": user.username, "dropped": count}, text % {"name": user.username})


def run_sign_ins(args: argparse.Namespace) -> int:
    """Print the latest attempts to sign in as a user."""
    user = user_named(args.name)
    rows = [
        {
            "at": row.at.isoformat(),
            "outcome": row.outcome,
            "means": row.means,
            "second": row.second,
            "address": row.address,
            "agent": row.agent,
        }
        for row in queries.latest_of(user.pk, 50)
    ]
    lines = [f"{row['at']:<34} {row['outcome']:<16} {row['means']:<10} {row['address']}".rstrip() for row in rows]
    return say(args, {"items": rows}, "\n".join(lines) or _("Nothing yet."))


def run_recover(args: argparse.Namespace) -> int:
    """Let a locked-out user in again and print the new password, unless it was given."""
    given = args.given_password(args)
    user = user_named(args.name)
    done = accounts.recover(actor=console_actor(), user_id=user.pk, password=given)
    shown = done.password if given is None else None
    answer = {
        "name": user.username,
        "password": shown,
        "ended_sessions": done.ended_sessions,
        "dropped_factors": done.dropped_factors,
        "made_owner": done.is_owner_again,
        "made_active": done.is_active_again,
    }
    lines = [f"{user.username}  {shown or _('(password as given)')}"]
    if done.is_active_again:
        lines.append(_("May sign in again."))
    if done.is_owner_again:
        lines.append(_("Is an owner again: there was no other."))
    if done.dropped_factors:
        lines.append(_("Second factors and recovery codes are gone; set them up again."))
    return say(args, answer, "\n".join(lines))
