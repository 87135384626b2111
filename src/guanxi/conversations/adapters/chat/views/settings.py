"""The settings of a chat: words, colour, sites, who is asked what, hours, the line to copy, the key, a preview."""

from typing import Any

from django.conf import settings as project
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.conversations import queries
from guanxi.conversations.adapters.chat import identity, presenting
from guanxi.conversations.adapters.chat.configuration import Configuration
from guanxi.conversations.adapters.chat.forms import ChatForm
from guanxi.conversations.adapters.chat.services import settings as services
from guanxi.conversations.choices import ChannelKind
from guanxi.conversations.models import Channel
from guanxi.conversations.services.channels import secrets_of
from guanxi.conversations.views.channels import actor_of, changing, creating, presented
from guanxi.core.access import require
from guanxi.people.public import confirmed_recently, confirmed_to_write
from guanxi.ui.together import held, in_turn

PAGE = "conversations/chat_settings.html"


def _chat(request: HttpRequest, public_id: str, action: str = "change") -> Channel:
    """One chat that is open to the actor."""
    return queries.channel_of(actor_of(request), public_id, action, ChannelKind.CHAT)


@login_required
@require_http_methods(["GET", "POST"])
@confirmed_to_write
def create(request: HttpRequest) -> HttpResponse:
    """Set up a chat."""
    require(actor_of(request), "channel", "create")
    form = ChatForm(request.POST or None, initial=ChatForm.first())
    return creating(
        request, form, kind=ChannelKind.CHAT, values=ChatForm.chat_values, template=PAGE, preview=_preview(Channel())
    )


@login_required
@require_http_methods(["GET", "POST"])
@confirmed_to_write
@in_turn
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    """The settings of a chat."""
    row = held(request, _chat(request, public_id))
    form = ChatForm(request.POST or None, initial=ChatForm.initial_of(row))
    return changing(
        request,
        form,
        row,
        values=ChatForm.chat_values,
        done_url=reverse("conversations:chat", args=[row.public_id]),
        template=PAGE,
        **_context(request, row),
    )


@require_POST
@login_required
@confirmed_recently
def new_key(request: HttpRequest, public_id: str) -> HttpResponse:
    """Another key for identity tokens, shown this once; the one before holds for a day."""
    row = _chat(request, public_id)
    key = services.change_key(actor=actor_of(request), channel_id=row.pk)
    row = _chat(request, public_id)
    form = ChatForm(initial=ChatForm.initial_of(row))
    return changing(request, form, row, template=PAGE, shown_key=key, is_shown=True, **_context(request, row))


def _context(request: HttpRequest, row: Channel) -> dict[str, Any]:
    """What stands beside the form."""
    address = project.CONFIG.address or f"{request.scheme}://{request.get_host()}"
    source = f"{address}{reverse('chat_script', args=[row.public_id])}"
    return {
        "chat": row,
        "line": f'<script src="{source}" async></script>',
        "has_key": bool(secrets_of(row).get(identity.KEY)),
        "preview": _preview(row),
        **presented(row),
    }


def _preview(row: Channel) -> dict[str, Any]:
    """What the preview shows: the widget as it is set up, with a word of each side."""
    language = get_language() or "en"
    known = presenting.setup_of(Configuration.of(row), language)
    sample = {"hello": _("Hello, where is my order?"), "answer": _("Good day! It left this morning."), "name": "Ann"}
    return {**known, "sample": sample}
