"""`guanxi token`: keys for programs."""

import argparse
import json
import sys
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from guanxi.core import clock, ids
from guanxi.core.actor import console_actor
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.core.models import User
from guanxi.integration import services
from guanxi.integration.models import ApiToken

MOST_DAYS = 3650


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser("token", help="make, list and revoke tokens for the API")
    parts = parser.add_subparsers(dest="part", metavar="create|list|revoke", required=True)
    create = parts.add_parser("create", help="make a token; its key is shown once")
    create.add_argument("--user", required=True, metavar="NAME", help="the user for whom the program acts")
    create.add_argument(
        "--scope",
        required=True,
        action="append",
        metavar="SCOPE",
        help="read, write, or one area: customers:read, orders:write, ... (may be given several times)",
    )
    create.add_argument("--label", default="", help="which program uses it")
    create.add_argument("--days", type=int, metavar="N", help="for how many days it holds (default: until revoked)")
    create.add_argument(
        "--per-minute", type=int, metavar="N", help="how many requests a minute it may make (0: any number)"
    )
    create.add_argument("--json", action="store_true")
    create.set_defaults(run=run_create)
    listing = parts.add_parser("list", help="list tokens")
    listing.add_argument("--user", metavar="NAME")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run=run_list)
    revoke = parts.add_parser("revoke", help="make a token useless")
    revoke.add_argument("token", metavar="ID", help="the id that `guanxi token list` shows")
    revoke.add_argument("--json", action="store_true")
    revoke.set_defaults(run=run_revoke)


def _user(name: str) -> User:
    """Return the user of that name."""
    user = User.objects.filter(username=name).first()
    if user is None:
        raise NotFound(_("There is no user “%(name)s”.") % {"name": name})
    return user


def _say(args: argparse.Namespace, answer: Any, text: str) -> int:
    """Print the answer as JSON or as text."""
    sys.stdout.write((json.dumps(answer, ensure_ascii=False) if args.json else text) + "\n")
    return 0


def run_create(args: argparse.Namespace) -> int:
    """Make a token and print its key."""
    if args.days is not None and not 1 <= args.days <= MOST_DAYS:
        raise InvalidInput(_("A token holds for 1 to %(most)s days.") % {"most": MOST_DAYS}, column="days")
    token, key = services.create_token(
        actor=console_actor(),
        user=_user(args.user),
        scope=" ".join(args.scope),
        label=args.label,
        expires_at=clock.now() + timedelta(days=args.days) if args.days else None,
        per_minute=args.per_minute,
    )
    answer = {"token": key, "id": token.public_id, "user": args.user, "scope": token.scope}
    answer |= {"expires": token.expires_at.isoformat() if token.expires_at else None}
    return _say(args, answer, key)


def _row(token: ApiToken) -> dict[str, Any]:
    """Return what is shown of a token."""
    return {
        "id": token.public_id,
        "user": token.user.username,
        "label": token.label,
        "scope": token.scope,
        "begins_with": token.beginning,
        "made": token.created_at.isoformat(),
        "last_used": token.last_used_at.isoformat() if token.last_used_at else None,
        "expires": token.expires_at.isoformat() if token.expires_at else None,
        "per_minute": token.per_minute,
        "revoked": token.revoked_at.isoformat() if token.revoked_at else None,
    }


def run_list(args: argparse.Namespace) -> int:
    """Print the tokens."""
    rows = [_row(t) for t in services.tokens_of(console_actor(), _user(args.user).pk if args.user else None)]
    lines = [
        f"{r['id']}  {r['user']:<16} {r['scope']:<6} {r['begins_with']}…  {r['label']}{'  revoked' if r['revoked'] else ''}"
        for r in rows
    ]
    return _say(args, {"items": rows}, "\n".join(lines) or "No tokens.")


def run_revoke(args: argparse.Namespace) -> int:
    """Revoke one token."""
    token = services.revoke_token(actor=console_actor(), token_id=ids.parse("tok", args.token) or 0)
    return _say(args, {"id": token.public_id, "revoked": True}, f"{token.public_id} is revoked.")
