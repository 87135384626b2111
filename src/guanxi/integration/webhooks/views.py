"""Pages of webhooks: the list, one with its log, making and changing."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.core.access import require
from guanxi.core.actor import Actor
from guanxi.core.errors import GuanxiError
from guanxi.core.outbound import outbound_events
from guanxi.integration.webhooks import presenting, queries, services
from guanxi.integration.webhooks.forms import EndpointForm
from guanxi.integration.webhooks.models import MessageState, WebhookEndpoint, WebhookMessage
from guanxi.people.public import confirmed_recently, confirmed_to_write
from guanxi.ui import forms, toasts
from guanxi.ui.together import hands, held, in_turn
from guanxi.ui.together.settling import digest

PAGE = 30


def _actor(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined]


def _endpoint(request: HttpRequest, public_id: str, action: str = "view") -> WebhookEndpoint:
    """One webhook that is open to the actor."""
    return queries.endpoint_of(_actor(request), public_id, action)


@login_required
@require_GET
def webhook_list(request: HttpRequest) -> HttpResponse:
    """All webhooks that are open to the actor, each with how it stands."""
    actor = _actor(request)
    require(actor, "webhook", "view")
    rows = queries.endpoints_of(actor)
    labels = {outbound.key: str(outbound.label) for outbound in outbound_events}
    items = [{"row": row, "types": [labels.get(key, key) for key in row.types], "why": _why(row)} for row in rows]
    context = {"items": items, "may_create": actor.can("webhook", "create")}
    return render(request, "integration/webhooks.html", context)


def _why(row: WebhookEndpoint) -> str:
    """Why a webhook does not run, in words."""
    return presenting.problem_words(row.stopped_because)


@login_required
@require_http_methods(["GET", "POST"])
@confirmed_to_write
def create(request: HttpRequest) -> HttpResponse:
    """Make a webhook; its secret is shown once."""
    actor = _actor(request)
    require(actor, "webhook", "create")
    form = EndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = services.create_endpoint(actor=actor, **form.cleaned_data)
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            return _page(request, made, secret)
    return forms.page(
        request,
        form,
        title=_("New webhook"),
        submit=_("Make webhook"),
        back_url=reverse("integration:webhooks"),
        back_label=_("Webhooks"),
        intro=_("Another program is told what happens here, as it happens."),
    )


@login_required
@require_http_methods(["GET", "POST"])
@confirmed_to_write
@in_turn
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change what a webhook is told, and where."""
    row = held(request, _endpoint(request, public_id, "change"))
    initial = {"label": row.label, "url": row.url, "types": row.types, "with_details": row.with_details}
    form = EndpointForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_endpoint(actor=_actor(request), endpoint_id=row.pk, **form.cleaned_data)
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("Saved."))
            return forms.done(request, reverse("integration:webhook", args=[row.public_id]))
    return forms.page(
        request,
        form,
        title=row.label,
        back_url=reverse("integration:webhook", args=[row.public_id]),
        back_label=row.label,
    )


@login_required
@require_GET
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """One webhook: how it stands, and its log."""
    return _page(request, _endpoint(request, public_id))


def _page(request: HttpRequest, row: WebhookEndpoint, secret: str = "", *, asks: bool = False) -> HttpResponse:
    """The page of a webhook; right after its secret was made, with the secret; with the question about another one."""
    state = request.GET.get("state", "")
    address = reverse("integration:webhook", args=[row.public_id])
    page = Paginator(queries.log_of(_actor(request), row, state=state), PAGE).get_page(request.GET.get("page"))
    labels = {outbound.key: str(outbound.label) for outbound in outbound_events}
    labels[services.TEST] = _("Test")
    context: dict[str, Any] = {
        "row": row,
        "secret": secret,
        "secret_mark": digest([row.secret]),
        "secret_hand": hands(row, ["secret"]).get("secret") if asks else None,
        "why": _why(row),
        "types": [labels.get(key, key) for key in row.types],
        "page": page,
        "state": state,
        "states": MessageState.choices,
        "log": [_logged(message, labels) for message in page],
        "has_failed": queries.has_failed(row),
        "may_change": queries.endpoints_of(_actor(request), "change").filter(pk=row.pk).exists(),
        "topic": f"webhook:{row.pk}",
        # The page may be the answer to a form, whose address gives no page.
        "address": address,
        "here": f"{address}?{urlencode({'state': state, 'page': page.number})}",
    }
    response = render(request, "integration/webhook.html", context, status=409 if asks else 200)
    response["Cache-Control"] = "no-store"
    return response


def _logged(message: WebhookMessage, labels: dict[str, str]) -> dict[str, Any]:
    """One line of the log."""
    attempts = list(message.attempts.all())
    return {
        "row": message,
        "label": labels.get(message.type, message.type),
        "tone": {"delivered": "success", "failed": "danger"}.get(message.state, "warning"),
        "attempts": [(attempt, presenting.problem_words(attempt.problem)) for attempt in attempts],
        "last": attempts[-1] if attempts else None,
    }


@require_POST
@login_required
@confirmed_recently
@in_turn
def new_secret(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change the secret and show the new one once; ask where somebody else has changed it since the page was drawn."""
    row = held(request, _endpoint(request, public_id, "change"))
    if request.POST.get("secret_mark", digest([row.secret])) != digest([row.secret]):
        return _page(request, row, asks=True)
    secret = services.change_secret(actor=_actor(request), endpoint_id=row.pk)
    return _page(request, _endpoint(request, public_id), secret)


@require_POST
@login_required
def set_active(request: HttpRequest, public_id: str) -> HttpResponse:
    """Stop a webhook, or let it run again."""
    row = _endpoint(request, public_id, "change")
    services.update_endpoint(actor=_actor(request), endpoint_id=row.pk, is_active=request.POST.get("active") == "yes")
    return forms.done(request, reverse("integration:webhook", args=[row.public_id]))


@require_POST
@login_required
def test(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send a test message."""
    row = _endpoint(request, public_id, "change")
    services.send_test(actor=_actor(request), endpoint_id=row.pk)
    toasts.message(request, _("The test is on its way; the log shows what comes back."))
    return forms.done(request, reverse("integration:webhook", args=[row.public_id]))


@require_POST
@login_required
def replay(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send messages again: one, or all that failed."""
    row = _endpoint(request, public_id, "change")
    named = request.POST.getlist("message")
    count = services.replay(actor=_actor(request), endpoint_id=row.pk, message_ids=named, failed_only=not named)
    text = ngettext("%(count)s message is sent again.", "%(count)s messages are sent again.", count)
    toasts.message(request, text % {"count": count})
    return forms.done(request, reverse("integration:webhook", args=[row.public_id]))


@require_POST
@login_required
def remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a webhook away with its log."""
    row = _endpoint(request, public_id, "delete")
    services.remove_endpoint(actor=_actor(request), endpoint_id=row.pk)
    toasts.message(request, _("The webhook %(label)s is removed.") % {"label": row.label})
    return forms.done(request, reverse("integration:webhooks"))
