"""Notifications: the bell, the page, what one wants to hear; following; the calendar feed; people to mention."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.core.actor import Actor
from guanxi.core.errors import NotFound
from guanxi.tasks import about, feeds, offering, presenting, queries
from guanxi.tasks.forms import ChoiceForm
from guanxi.tasks.services import following
from guanxi.tasks.services.notifications import choose, mark_read
from guanxi.tasks.sorts import sorts
from guanxi.ui import forms, toasts
from guanxi.ui.together import Setting, held_setting, in_turn

PAGE = 40
AT_THE_BELL = 8


def _actor(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined]


@login_required
@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """The bell with the number of what is unread; every page fetches it once it stands."""
    context = {"unread": queries.unread_count(_actor(request)), "topic": f"notifications:{_actor(request).user_id}"}
    response = render(request, "tasks/bell.html", context)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_GET
def newest(request: HttpRequest) -> HttpResponse:
    """The newest notifications, under the bell."""
    actor = _actor(request)
    rows = list(queries.notifications(actor)[:AT_THE_BELL])
    response = render(request, "tasks/newest.html", {"lines": presenting.lines(actor, rows)})
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_GET
def notification_list(request: HttpRequest) -> HttpResponse:
    """All notifications, or those unread."""
    actor = _actor(request)
    unread_only = request.GET.get("show") == "unread"
    rows = queries.notifications(actor, unread_only=unread_only)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "lines": presenting.lines(actor, list(page)),
        "page": page,
        "unread_only": unread_only,
        "unread": queries.unread_count(actor),
        "topic": f"notifications:{actor.user_id}",
    }
    response = render(request, "tasks/notifications.html", context)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark one notification as read and go where it leads, or mark all."""
    actor = _actor(request)
    number = request.POST.get("notification", "")
    if number and not number.isdecimal():
        raise NotFound(_("There is no such notification."))
    mark_read(
        actor=actor, notification_ids=[int(number)] if number else None, is_read=request.POST.get("as") != "unread"
    )
    given = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(given, allowed_hosts=None):
        given = reverse("tasks:notifications")
    return forms.done(request, given)


@login_required
@require_POST
def follow(request: HttpRequest) -> HttpResponse:
    """Follow a record, or no longer; the button that stands there then."""
    actor = _actor(request)
    reference = about.parsed(request.POST.get("about", ""))
    if reference is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    if request.POST.get("follow") == "no":
        following.unfollow(actor=actor, about=reference)
        words = _("You no longer follow this.")
    else:
        following.follow(actor=actor, about=reference)
        words = _("You will be told what changes here.")
    if request.headers.get("HX-Request"):
        return toasts.add(HttpResponse(status=204), words, events={"gx:changed": {"kind": reference.kind}})
    toasts.message(request, words)
    subject = about.subject(actor, reference.kind, reference.id)
    return forms.done(request, subject.url if subject and subject.url else reverse("ui:home"))


@login_required
@require_GET
def people(request: HttpRequest) -> JsonResponse:
    """A few people whose name begins so, to be mentioned; with `about` only those who may see that record."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    named = request.GET.get("about", "")
    reference = about.parsed(named) if named else None
    is_nothing = bool(named) and reference is None
    found = [] if is_nothing else offering.offered(_actor(request), text, reference)
    response = JsonResponse({"items": found})
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def choices(request: HttpRequest) -> HttpResponse:
    """What one wants to be told, how often by mail, and the calendar feed."""
    return _choices_page(request)


def _choices_page(request: HttpRequest, secret: str = "") -> HttpResponse:
    """The page of one's choices; right after a feed was opened, with its address."""
    actor = _actor(request)
    held_setting(
        request, Setting(f"notifications of {actor.user_id}", kind="notificationchoice", record_id=actor.user_id or 0)
    )
    choice = queries.choice_of(actor.user_id or 0)
    heard = [sort.key for sort in sorts if sort.key not in choice.muted]
    is_saving = request.method == "POST" and "digest" in request.POST
    form = ChoiceForm(request.POST if is_saving else None, initial={"heard": heard, "digest": choice.digest})
    if (news := forms.meet(request, form)) is not None:
        return news
    if is_saving and form.is_valid():
        chosen = set(form.cleaned_data["heard"])
        choose(
            actor=actor,
            muted=[sort.key for sort in sorts if sort.key not in chosen],
            digest=form.cleaned_data["digest"],
        )
        toasts.message(request, _("Saved."))
        return forms.done(request, reverse("tasks:choices"))
    context = {
        "form": form,
        "has_address": bool(queries.mail_address_of(actor.user_id or 0)),
        "feed": queries.feed_of_person(actor.user_id or 0),
        "feed_address": request.build_absolute_uri(reverse("tasks:feed", args=[secret])) if secret else "",
    }
    response = render(request, "tasks/choices.html", context, status=forms.status_of(form))
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def feed_settings(request: HttpRequest) -> HttpResponse:
    """Open one's calendar feed under a new address, shown once, or close it."""
    actor = _actor(request)
    if request.POST.get("act") == "close":
        feeds.close_feed(actor=actor)
        toasts.message(request, _("The address answers no more."))
        return forms.done(request, reverse("tasks:choices"))
    return _choices_page(request, feeds.open_feed(actor=actor, with_titles=request.POST.get("titles") == "on"))


@require_GET
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar of whoever holds the secret address."""
    found = feeds.feed_of(secret)
    if found is None:
        raise Http404
    response = HttpResponse(feeds.written(found), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["Content-Disposition"] = 'inline; filename="guanxi.ics"'
    return response
