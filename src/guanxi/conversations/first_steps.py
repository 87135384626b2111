"""The first step of a new company that conversations bring to its home page."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.conversations.choices import BY_HAND
from guanxi.conversations.models import Channel
from guanxi.ui.home import Step


def channel_step(request: HttpRequest) -> Step:
    """Set up a way by which customers write; done once one is in use, contacts written down by hand apart."""
    channels = Channel.objects.visible_to(request.actor)  # type: ignore[attr-defined]
    return Step(
        title=_("Set up a channel"),
        text=_("A mailbox, a chat on your site, a form: whatever customers say by it comes to one desk."),
        button=_("Set up"),
        url=reverse("conversations:channels"),
        is_done=channels.filter(is_active=True).exclude(kind__in=BY_HAND).exists(),
        icon="plug",
    )
