"""`guanxi token`: keys for programs; `guanxi mcp`: the API as tools for assistants."""

import argparse
import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from guanxi.core import clock, ids
from guanxi.core.actor import console_actor
from guanxi.core.console import say, user_named
from guanxi.core.errors import InvalidInput
from guanxi.integration import services
from guanxi.integration.authentication import caller_of, refusal_of
from guanxi.integration.models import ApiToken

MOST_DAYS = 3650


def register(subparsers: Any) -> None:
    """Add the commands."""
    assistant = subparsers.add_parser(
        "mcp", help="serve the API as tools for an assistant (Model Context Protocol, on standard input and output)"
    )
    assistant.add_argument(
        "--url", metavar="ADDRESS", help="another installation, https://crm.example.com (default: this one)"
    )
    assistant.add_argument(
        "--token-file", metavar="FILE", help="a file with the token (default: the variable GUANXI_TOKEN)"
    )
    assistant.set_defaults(run=run_mcp)
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


def run_create(args: argparse.Namespace) -> int:
    """Make a token and print its key."""
    if args.days is not None and not 1 <= args.days <= MOST_DAYS:
        raise InvalidInput(_("A token holds for 1 to %(most)s days.") % {"most": MOST_DAYS}, column="days")
    token, key = services.create_token(
        actor=console_actor(),
        user=user_named(args.user),
        scope=" ".join(args.scope),
        label=args.label,
        expires_at=clock.now() + timedelta(days=args.days) if args.days else None,
        per_minute=args.per_minute,
    )
    answer = {"token": key, "id": token.public_id, "user": args.user, "scope": token.scope}
    answer |= {"expires": token.expires_at.isoformat() if token.expires_at else None}
    return say(args, answer, key)


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
    rows = [_row(t) for t in services.tokens_of(console_actor(), user_named(args.user).pk if args.user else None)]
    lines = [
        f"{r['id']}  {r['user']:<16} {r['scope']:<6} {r['begins_with']}…  {r['label']}{'  revoked' if r['revoked'] else ''}"
        for r in rows
    ]
    return say(args, {"items": rows}, "\n".join(lines) or "No tokens.")


def run_revoke(args: argparse.Namespace) -> int:
    """Revoke one token."""
    token = services.revoke_token(actor=console_actor(), token_id=ids.parse("tok", args.token) or 0)
    return say(args, {"id": token.public_id, "revoked": True}, f"{token.public_id} is revoked.")


def run_mcp(args: argparse.Namespace) -> int:
    """Serve an assistant with the rights of a token."""
    # The library takes half a second to load and no other command needs it.
    from guanxi.integration.mcp.calling import Caller, HereCaller, ThereCaller, scopes_there
    from guanxi.integration.mcp.server import serve

    key = _token_key(args)
    if args.url:
        caller: Caller = ThereCaller(_checked_url(args.url), key)
        held = scopes_there(args.url, caller.call("GET", "/api/v1/token"))
    else:
        caller = HereCaller(key)
        found = caller_of(key)
        if found is None:
            raise InvalidInput(refusal_of(key))
        held = found.scopes
    serve(caller, held)
    return 0


def _token_key(args: argparse.Namespace) -> str:
    """The token, from a file or the environment: never from the command line, which others can read."""
    if args.token_file:
        try:
            return Path(args.token_file).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise InvalidInput(_("The file %(file)s cannot be read.") % {"file": args.token_file}) from None
    key = os.environ.get("GUANXI_TOKEN", "").strip()
    if not key:
        raise InvalidInput(_("Put a token into GUANXI_TOKEN, or name a file with --token-file."))
    return key


def _checked_url(text: str) -> str:
    """An address that a token may be sent to: with encryption, but on this very machine."""
    parts = urlsplit(text)
    is_here = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if parts.scheme not in {"https", "http"} or not parts.hostname or (parts.scheme == "http" and not is_here):
        raise InvalidInput(_("The address must begin with https://."), column="url")
    return text
