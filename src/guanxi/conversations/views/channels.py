"""Settings of channels: the list, the plain form of each kind; a kind with more to set has a page of its own."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.conversations import queries
from guanxi.conversations.adapters import adapters
from guanxi.conversations.choices import ChannelKind
from guanxi.conversations.forms import ChannelForm
from guanxi.conversations.models import Channel
from guanxi.conversations.services import channels as services
from guanxi.conversations.services.delivering import WORDS
from guanxi.core.access import require
from guanxi.core.actor import Actor
from guanxi.core.errors import GuanxiError, NotFound
from guanxi.people.public import confirmed_to_write
from guanxi.ui import forms, toasts
from guanxi.ui.together import held, in_turn

LIST = "conversations:channels"


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined]


@login_required
@require_GET
def channel_list(request: HttpRequest) -> HttpResponse:
    """All channels, each with its kind and how it stands."""
    actor = actor_of(request)
    require(actor, "channel", "view")
    used = queries.used_channels(actor)
    items = [
        {"row": row, "is_used": row.pk in used, "url": settings_url(row), **presented(row, is_used=row.pk in used)}
        for row in queries.channels_of(actor)
    ]
    context = {
        "items": items,
        "kinds": [(kind, adapter) for kind, adapter in adapters.items()],
        "may_create": actor.can("channel", "create"),
        "may_delete": actor.can("channel", "delete"),
    }
    return render(request, "conversations/channels.html", context)


def settings_url(channel: Channel) -> str:
    """The page with the settings of a channel: its kind's own, else the plain one."""
    adapter = adapters.get(channel.kind)
    own = adapter.settings_url(channel) if adapter is not None else ""
    return own or reverse("conversations:channel", args=[channel.public_id])


def presented(channel: Channel, *, is_used: bool | None = None) -> dict[str, Any]:
    """How it stands with a channel, in words: badge, tone, and what went wrong last."""
    adapter = adapters.get(channel.kind)
    health = getattr(channel, "health", None)
    words = {**WORDS, **(adapter.errors if adapter is not None else {})}
    error = health.error if health is not None else ""
    doubt = adapter.doubt(channel) if adapter is not None and channel.is_active and not error else ""
    if not channel.is_active:
        standing, tone = _("not in use"), "neutral"
    elif error:
        standing, tone = _("does not work"), "danger"
    elif doubt:
        standing, tone = _("not set up"), "warning"
    elif health is not None and health.worked_at is not None:
        standing, tone = _("works"), "success"
    elif queries.is_used(channel) if is_used is None else is_used:
        standing, tone = _("in use"), "success"
    else:
        standing, tone = _("not used yet"), "neutral"
    return {
        "standing": standing,
        "tone": tone,
        "health": health,
        "why": str(words.get(error, error)) if error else doubt,
        "icon": adapter.icon if adapter is not None else "plug",
        "label": adapter.label if adapter is not None else channel.get_kind_display(),
    }


@login_required
@require_http_methods(["GET", "POST"])
@confirmed_to_write
def create(request: HttpRequest, kind: str) -> HttpResponse:
    """Set up a channel by its common fields; what its kind asks further comes on its own page."""
    actor = actor_of(request)
    require(actor, "channel", "create")
    adapter = adapters.get(kind)
    if adapter is None or kind not in ChannelKind.values:
        raise NotFound(_("There is no such kind of channel."))
    if adapter.create_url_name:
        return redirect(adapter.create_url_name)
    form = ChannelForm(request.POST or None, initial={"is_active": True})
    return creating(request, form, kind=kind)


def creating(
    request: HttpRequest,
    form: ChannelForm,
    *,
    kind: str,
    values: Callable[[Any], dict[str, Any]] | None = None,
    **context: Any,
) -> HttpResponse:
    """A form that sets a channel up; `values(form)` gives what the kind adds to the common fields."""
    if request.method == "POST" and form.is_valid():
        try:
            more = values(form) if values is not None else {}
            made = services.create_channel(actor=actor_of(request), kind=kind, **{**form.common_values(), **more})
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("The channel is set up."))
            return forms.done(request, settings_url(made))
    label = adapters[kind].label
    return forms.page(
        request,
        form,
        title=_("New channel: %(kind)s") % {"kind": label},
        submit=_("Set up"),
        back_url=reverse(LIST),
        back_label=_("Channels"),
        **context,
    )


@login_required
@require_http_methods(["GET", "POST"])
@confirmed_to_write
@in_turn
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    """The common fields of a channel."""
    row = held(request, queries.channel_of(actor_of(request), public_id, "change"))
    form = ChannelForm(request.POST or None, initial=ChannelForm.common_initial(row))
    return changing(request, form, row)


def changing(
    request: HttpRequest,
    form: ChannelForm,
    row: Channel,
    *,
    values: Callable[[Any], dict[str, Any]] | None = None,
    done_url: str = "",
    **context: Any,
) -> HttpResponse:
    """A form that changes a held channel; `values(form)` gives what the kind adds to the common fields."""
    if request.method == "POST" and form.is_valid():
        try:
            more = values(form) if values is not None else {}
            services.update_channel(actor=actor_of(request), channel_id=row.pk, **{**form.common_values(), **more})
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("Saved."))
            return forms.done(request, done_url or reverse(LIST))
    return forms.page(
        request, form, title=row.name, back_url=done_url or reverse(LIST), back_label=_("Channels"), **context
    )


@require_POST
@login_required
def remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take away a channel by which nothing was ever said."""
    row = queries.channel_of(actor_of(request), public_id, "delete")
    name = row.name
    services.remove_channel(actor=actor_of(request), channel_id=row.pk)
    toasts.message(request, _("The channel %(name)s is removed.") % {"name": name})
    return forms.done(request, reverse(LIST))
