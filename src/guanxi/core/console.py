"""What commands have in common: the user whom a name means, and the answer as text or as JSON."""

import argparse
import json
import sys
from typing import Any

from django.utils.translation import gettext as _

from guanxi.core.errors import NotFound
from guanxi.core.models import User


def user_named(name: str) -> User:
    """The user of a name; NotFound for nobody's."""
    found = User.objects.filter(username=name).first()
    if found is None:
        raise NotFound(_("There is no user “%(name)s”.") % {"name": name})
    return found


def say(args: argparse.Namespace, answer: Any, text: str) -> int:
    """Print the answer as JSON or as text; the exit status of a command that did what it was asked."""
    sys.stdout.write((json.dumps(answer, ensure_ascii=False) if args.json else text) + "\n")
    return 0
