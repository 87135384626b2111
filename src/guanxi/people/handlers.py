"""What follows when somebody signs out."""

from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver

from guanxi.core import live
from guanxi.core.models import User


@receiver(user_logged_out, dispatch_uid="people.end_streams")
def end_streams(user: User | None, **_rest: Any) -> None:
    """The pages of a session that is over hear nothing more."""
    if user is not None:
        live.tell_rights_changed({user.pk})
