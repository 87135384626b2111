"""The settings of a mailbox: servers, folders, how far each was read, and a test of the connection."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.conversations import queries
from guanxi.conversations.adapters.email import trying
from guanxi.conversations.adapters.email.forms import MailboxForm
from guanxi.conversations.adapters.email.queries import folders_of
from guanxi.conversations.choices import ChannelKind
from guanxi.conversations.models import Channel
from guanxi.conversations.services.channels import secrets_of
from guanxi.conversations.views.channels import actor_of, changing, creating, presented
from guanxi.core.access import require
from guanxi.people.public import confirmed_to_write
from guanxi.ui.together import held, in_turn

PAGE = "conversations/mailbox.html"


def _mailbox(request: HttpRequest, public_id: str) -> Channel:
    """One mailbox that is open to the actor."""
    return queries.channel_of(actor_of(request), public_id, "change", ChannelKind.EMAIL)


@login_required
@require_http_methods(["GET", "POST"])
@confirmed_to_write
def create(request: HttpRequest) -> HttpResponse:
    """Set up a mailbox."""
    require(actor_of(request), "channel", "create")
    form = MailboxForm(request.POST or None, initial=MailboxForm.first())
    return creating(request, form, kind=ChannelKind.EMAIL, values=_values, template=PAGE)


@login_required
@require_http_methods(["GET", "POST"])
@confirmed_to_write
@in_turn
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    """The settings of a mailbox."""
    row = held(request, _mailbox(request, public_id))
    form = MailboxForm(request.POST or None, initial=MailboxForm.initial_of(row))
    return changing(
        request,
        form,
        row,
        values=_values,
        done_url=reverse("conversations:mailbox", args=[row.public_id]),
        template=PAGE,
        **_context(row),
    )


@login_required
@require_POST
def test(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask both servers, and say in words what came of it."""
    row = _mailbox(request, public_id)
    return render(request, "conversations/mailbox_tried.html", {"tried": trying.tried(row)})


def _values(form: Any) -> dict[str, Any]:
    """What the form adds to the common fields."""
    return form.mailbox_values()


def _context(row: Channel) -> dict[str, Any]:
    """What stands above the form."""
    return {"mailbox": row, "folders": folders_of(row.pk), "has_secrets": bool(secrets_of(row)), **presented(row)}
