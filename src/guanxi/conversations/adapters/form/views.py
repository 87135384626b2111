"""The web form as visitors see it, and its settings."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.conversations import queries
from guanxi.conversations.adapters.form import guarding
from guanxi.conversations.adapters.form.fields import Asked, VisitorForm
from guanxi.conversations.adapters.form.forms import FLAGS, TEXTS, WebFormForm
from guanxi.conversations.adapters.form.guarding import Finding
from guanxi.conversations.adapters.form.taking import take_form
from guanxi.conversations.choices import ChannelKind
from guanxi.conversations.forms import ChannelForm
from guanxi.conversations.models import Channel
from guanxi.conversations.views import channels
from guanxi.core.access import require
from guanxi.core.client_address import address_of
from guanxi.core.errors import NotFound, TooManyRequests
from guanxi.integration.public import take_turn
from guanxi.people.public import confirmed_to_write
from guanxi.ui import forms
from guanxi.ui.middleware import POLICY
from guanxi.ui.together import held, in_turn

PER_MINUTE = 12
LANGUAGES = {"zh": "zh-hans", "en": "en"}


@csrf_exempt
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """The form; sent, what came of it. No cookie is set or read: the token is what makes it ours."""
    channel = queries.entrance(public_id, ChannelKind.FORM)
    if channel is None:
        raise NotFound(_("There is no such form."))
    language = _language(request, channel)
    with translation.override(language):
        response = _drawn(request, channel, language)
        return _framed(response, channel)


def _drawn(request: HttpRequest, channel: Channel, language: str) -> HttpResponse:
    """The form, the thanks, or what is to be mended."""
    asked = Asked.of(channel, language)
    form, said = VisitorForm(asked), ""
    token = guarding.new_token(channel)
    if request.method == "POST":
        if take_turn(guarding.number_of(f"{channel.pk} {address_of(request)}"), PER_MINUTE):
            raise TooManyRequests(_("That was a lot at once. Please wait a minute and send again."))
        form = VisitorForm(asked, request.POST, request.FILES)
        sent = request.POST.get("token", "")
        sealed = guarding.opened(sent, channel)
        if form.is_valid():
            finding = Finding.OLD
            if sealed is not None:
                finding = guarding.look_at(
                    sealed, work=request.POST.get("work", ""), token=sent,
                    trap=request.POST.get(guarding.TRAP, ""), text=form.cleaned_data["text"],
                )  # fmt: skip
            if sealed is not None and finding in {Finding.FINE, Finding.ROBOT}:
                files = request.FILES.getlist("attached")
                take_form(channel, sealed, form.cleaned_data, files, finding=finding, language=language)
                return render(request, "conversations/form_thanks.html", {"channel": channel, "asked": asked})
            said = _say(finding)
            # Sent again, an early one is old enough; an old one gets a new moment.
            token = sent if finding is Finding.EARLY else token
    context = {
        "channel": channel, "asked": asked, "form": form, "token": token, "said": said,
        "trap": guarding.TRAP, "bits": guarding.BITS, "language": language[:2],
    }  # fmt: skip
    return render(request, "conversations/form.html", context, status=422 if request.method == "POST" else 200)


def _say(finding: Finding) -> str:
    """What a person is told who has to send again."""
    if finding is Finding.EARLY:
        return _("Please wait a few seconds and send again: this keeps robots out.")
    return _("The page stood open for too long. Everything you wrote is still here; please send again.")


def _language(request: HttpRequest, channel: Channel) -> str:
    """The visitor's language: as the page asks, else as the channel is set, else as the browser asks."""
    asked = LANGUAGES.get(request.GET.get("lang", "")[:2])
    return asked or channel.language or str(getattr(request, "LANGUAGE_CODE", None) or "en")


def _framed(response: HttpResponse, channel: Channel) -> HttpResponse:
    """Let the form stand on the pages that the channel names."""
    origins = " ".join(["'self'", *(channel.settings or {}).get("origins", [])])
    response.headers["Content-Security-Policy"] = POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {origins}")
    response.headers["Cache-Control"] = "no-store"
    return response


@require_GET
def embed(request: HttpRequest, public_id: str) -> HttpResponse:
    """The one line of script: it puts the form into the page, as high as it needs to be."""
    channel = queries.entrance(public_id, ChannelKind.FORM)
    if channel is None:
        raise NotFound(_("There is no such form."))
    context = {
        "address": request.build_absolute_uri(reverse("web_form", args=[channel.public_id])),
        "name": channel.name,
    }
    response = render(request, "conversations/form_embed.js", context, content_type="text/javascript; charset=utf-8")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@login_required
@require_http_methods(["GET", "POST"])
@confirmed_to_write
def create(request: HttpRequest) -> HttpResponse:
    """Set a web form up."""
    require(channels.actor_of(request), "channel", "create")
    form = WebFormForm(request.POST or None, initial={"is_active": True, **dict.fromkeys(FLAGS, True)})
    return channels.creating(request, form, kind=ChannelKind.FORM, values=_values)


def _values(form: ChannelForm) -> dict[str, Any]:
    """What the kind adds to the common fields."""
    data = form.cleaned_data
    texts = {f"{name}_{lang}": data[f"{name}_{lang}"].strip() for name in TEXTS for lang in ("en", "zh")}
    return {"settings": {**texts, **{name: data[name] for name in FLAGS}, "origins": data["origins"]}}


@login_required
@require_http_methods(["GET", "POST"])
@confirmed_to_write
@in_turn
def settings(request: HttpRequest, public_id: str) -> HttpResponse:
    """The settings of a web form, its line of script and its address."""
    actor = channels.actor_of(request)
    row: Channel = held(request, queries.channel_of(actor, public_id, "change", ChannelKind.FORM))
    if request.method == "POST":
        form = WebFormForm(request.POST, initial=WebFormForm.form_initial(row))
        return channels.changing(request, form, row, values=_values)
    shown = WebFormForm(initial=WebFormForm.form_initial(row))
    if (news := forms.meet(request, shown)) is not None:
        return news
    context = {
        "row": row,
        "form": shown,
        "address": request.build_absolute_uri(reverse("web_form", args=[row.public_id])),
        "script": request.build_absolute_uri(reverse("web_form_embed", args=[row.public_id])),
        **channels.presented(row),
    }
    return render(request, "conversations/form_channel.html", context)
