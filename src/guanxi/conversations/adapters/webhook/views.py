"""Pages and entrances of webhook channels."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.conversations import queries
from guanxi.conversations.adapters.webhook import taking
from guanxi.conversations.adapters.webhook.forms import WebhookForm
from guanxi.conversations.adapters.webhook.reading import BODY_BYTES, check_signature
from guanxi.conversations.choices import ChannelKind
from guanxi.conversations.forms import ChannelForm
from guanxi.conversations.models import Channel
from guanxi.conversations.services.channels import secrets_of, update_channel
from guanxi.conversations.views import channels
from guanxi.core.access import require
from guanxi.core.errors import GuanxiError, InvalidInput
from guanxi.integration.public import check_webhook_address, new_webhook_secret
from guanxi.people.public import confirmed_to_write
from guanxi.ui import forms, toasts
from guanxi.ui.together import held, in_turn

SHOWN_ONCE = "webhook_channel_secret"


@csrf_exempt
@require_POST
def take_in(request: HttpRequest, public_id: str) -> JsonResponse:
    """Take one message of a connector in."""
    return _answered(request, public_id, is_state=False)


@csrf_exempt
@require_POST
def take_state(request: HttpRequest, public_id: str) -> JsonResponse:
    """Take in what became of a message of ours."""
    return _answered(request, public_id, is_state=True)


def _answered(request: HttpRequest, public_id: str, *, is_state: bool) -> JsonResponse:
    """Check who calls, take in what is said, and say what came of it."""
    try:
        body = request.read(BODY_BYTES + 1)
        if len(body) > BODY_BYTES:
            raise InvalidInput(_("A call has at most %(limit)s MB.") % {"limit": BODY_BYTES // 2**20})
        channel = queries.entrance(public_id, ChannelKind.WEBHOOK)
        secret = secrets_of(channel).get("signing", "") if channel is not None else ""
        # An unknown channel and a wrong signature look the same.
        call_id = check_signature(secret, request.headers, body)
        if channel is None:  # never with a signature that fits
            raise InvalidInput(_("There is no such channel."))
        if is_state:
            return JsonResponse({"id": taking.take_state(channel, body).public_id})
        found = taking.take_message(channel, body, call_id)
    except GuanxiError as error:
        return JsonResponse({"error": str(error), "field": error.column}, status=error.status)
    answer = {
        "id": found.message.public_id,
        "conversation": found.conversation.public_id,
        "repeated": found.is_repeated,
    }
    return JsonResponse(answer, status=200 if found.is_repeated else 201)


@login_required
@require_http_methods(["GET", "POST"])
@confirmed_to_write
def create(request: HttpRequest) -> HttpResponse:
    """Set a webhook channel up; its secret is made with it."""
    require(channels.actor_of(request), "channel", "create")
    form = WebhookForm(request.POST or None, initial={"is_active": True})
    return channels.creating(request, form, kind=ChannelKind.WEBHOOK, values=lambda given: _new_values(request, given))


def _new_values(request: HttpRequest, form: ChannelForm) -> dict[str, Any]:
    """Address and a new secret, which the next page shows once."""
    secret = new_webhook_secret()
    request.session[SHOWN_ONCE] = secret
    return {**_address(form), "secrets": {"signing": secret}}


def _address(form: ChannelForm) -> dict[str, Any]:
    """The address, if answers may go there."""
    address = form.cleaned_data["address"].strip()
    if address:
        try:
            address = check_webhook_address(address)
        except InvalidInput as error:
            raise InvalidInput(error.message, column="address") from None
    return {"address": address}


@login_required
@require_http_methods(["GET", "POST"])
@confirmed_to_write
@in_turn
def settings(request: HttpRequest, public_id: str) -> HttpResponse:
    """The settings of a webhook channel, its entrance and how it stands."""
    actor = channels.actor_of(request)
    row: Channel = held(request, queries.channel_of(actor, public_id, "change", ChannelKind.WEBHOOK))
    if request.method == "POST":
        form = WebhookForm(request.POST, initial={**WebhookForm.common_initial(row), "address": row.address})
        return channels.changing(request, form, row, values=_address)
    form = WebhookForm(initial={**WebhookForm.common_initial(row), "address": row.address})
    if (news := forms.meet(request, form)) is not None:
        return news
    context = {
        "row": row,
        "form": form,
        "secret": request.session.pop(SHOWN_ONCE, ""),
        "has_secret": bool(secrets_of(row).get("signing")),
        "entrance": request.build_absolute_uri(reverse("webhook_channel_in", args=[row.public_id])),
        "state_entrance": request.build_absolute_uri(reverse("webhook_channel_state", args=[row.public_id])),
        **channels.presented(row),
    }
    return render(request, "conversations/webhook_channel.html", context)


@login_required
@require_POST
@confirmed_to_write
def new_secret(request: HttpRequest, public_id: str) -> HttpResponse:
    """Another secret; the one before is worth nothing from now on."""
    actor = channels.actor_of(request)
    row = queries.channel_of(actor, public_id, "change", ChannelKind.WEBHOOK)
    secret = new_webhook_secret()
    update_channel(actor=actor, channel_id=row.pk, secrets={"signing": secret})
    request.session[SHOWN_ONCE] = secret
    toasts.message(request, _("The channel has a new secret."))
    return redirect(reverse("conversations:webhook_settings", args=[row.public_id]))
