"""Pages of promises: the list, one, making one, keeping or releasing it."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms import DateTimeField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.core import access, ids
from guanxi.core.actor import Actor
from guanxi.core.errors import GuanxiError, InvalidInput, NotFound
from guanxi.customers.models import Customer
from guanxi.service.complaint_choices import PromiseState
from guanxi.service.complaints import presenting, queries
from guanxi.service.complaints.forms import PromiseForm
from guanxi.service.complaints.lists import PROMISES, promise_url
from guanxi.service.complaints.services import promises
from guanxi.ui import forms, lists, toasts


def _actor(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined]


@login_required
@require_GET
def promise_list(request: HttpRequest) -> HttpResponse:
    """The promises that the actor may see."""
    return lists.render_list(request, PROMISES)


@login_required
@require_GET
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """One promise."""
    actor = _actor(request)
    promise = queries.promise_of(actor, public_id)
    state = PromiseState(promise.state)
    context = {
        "promise": promise,
        "tone": presenting.PROMISE_TONES[state],
        "may_change": queries.may_change_promise(actor, promise),
        "can_keep": state in {PromiseState.OPEN, PromiseState.BROKEN},
        "can_release": state == PromiseState.OPEN,
        "case_is_open": promise.case is not None and access.may_see(actor, "case", promise.case_id or 0),
    }
    return render(request, "service/complaints/promise.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new promise to the customer that the address names."""
    actor = _actor(request)
    access.require(actor, "promise", "create")
    number = ids.parse("cus", request.GET.get("customer", ""))
    if number is None:
        raise NotFound(_("A promise is made on the page of a customer or of a complaint."))
    customer: Customer = Customer.objects.get_visible(actor, pk=number)
    form = PromiseForm(request.POST if request.method == "POST" else None, initial={"owner": actor.user_id})
    back = customer.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            promises.make_promise(
                actor=actor,
                customer_id=customer.pk,
                text=data["text"],
                due_at=data["due_at"],
                owner_id=data["owner"],
            )
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("The promise is kept in mind."))
            return forms.done(request, back)
    return forms.page(
        request,
        form,
        title=_("New promise"),
        submit=_("Keep"),
        back_url=back,
        back_label=customer.name,
        intro=_("For %(name)s") % {"name": customer.name},
    )


@login_required
@require_POST
def act(request: HttpRequest, public_id: str) -> HttpResponse:
    """Note what became of a promise: kept, released, moved with the customer's consent, not to be kept."""
    actor = _actor(request)
    promise = queries.promise_of(actor, public_id, "change")
    note = request.POST.get("note", "")
    what = request.POST.get("act")
    if what == "move":
        moved = promises.move_promise(actor=actor, promise_id=promise.pk, due_at=_moment(request), note=note)
        toasts.message(request, _("The promise is kept in mind."))
        return forms.done(request, promise_url(moved.pk))
    if what == "release":
        operation_id = promises.release_promise(actor=actor, promise_id=promise.pk, note=note)
    elif what == "break":
        operation_id = promises.give_up_promise(actor=actor, promise_id=promise.pk, note=note)
    else:
        operation_id = promises.keep_promise(actor=actor, promise_id=promise.pk, note=note)
    toasts.message(request, _("Saved."), operation_id)
    return forms.done(request, promise_url(promise.pk))


def _moment(request: HttpRequest) -> datetime:
    """The moment that was chosen, in the reader's time zone."""
    try:
        found: datetime = DateTimeField().clean(request.POST.get("due_at", ""))
    except ValidationError:
        raise InvalidInput(_("Say by when."), column="due_at") from None
    return found
