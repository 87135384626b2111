"""Writing down a contact."""

from django.contrib.auth.decorators import login_required
from django.forms import HiddenInput
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guanxi.conversations import queries
from guanxi.conversations.adapters.by_hand.forms import ContactForm
from guanxi.conversations.adapters.by_hand.services import Logged, log_contact
from guanxi.conversations.choices import ChannelKind, Direction
from guanxi.conversations.services.intake import InboundFile
from guanxi.core import access, clock
from guanxi.core.actor import Actor
from guanxi.core.errors import GuanxiError
from guanxi.customers.models import Customer
from guanxi.customers.picking import named_customer, show_picked
from guanxi.files.public import receive
from guanxi.ui import forms, toasts


@login_required
@require_http_methods(["GET", "POST"])
def log(request: HttpRequest) -> HttpResponse:
    """Write down a contact with the customer, or in the conversation, that the address names."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    access.require(actor, "conversation", "create")
    given = request.POST if request.method == "POST" else request.GET
    conversation = (
        queries.conversation_of(actor, given["conversation"], "change") if given.get("conversation") else None
    )
    named = given.get("customer", "")
    customer: Customer | None = None
    if named:
        customer = named_customer(actor, named)
    elif conversation is not None:
        customer = conversation.customer
    now = timezone.localtime(clock.now())
    initial = {
        "kind": ChannelKind.PHONE, "direction": Direction.IN, "said_on": now.date(), "said_time": now.time(),
        "contact_name": customer.name if customer else "", "customer": named,
        "conversation": conversation.public_id if conversation else "",
    }  # fmt: skip
    form = ContactForm(request.POST or None, request.FILES or None, initial=initial)
    if conversation is not None or request.GET.get("customer"):
        form.fields["customer"].widget = HiddenInput()
    else:
        show_picked(form, "customer", customer)
    back = _back(conversation, customer)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            files = [InboundFile(one.name or "", receive(one)) for one in request.FILES.getlist("attached")]
            log_contact(
                actor=actor,
                logged=Logged(
                    kind=ChannelKind(data["kind"]),
                    direction=Direction(data["direction"]),
                    text=data["text"],
                    subject=data["subject"],
                    customer_id=customer.pk if customer is not None else None,
                    contact_name=data["contact_name"],
                    contact_value=data["contact_value"],
                    conversation_id=conversation.pk if conversation is not None else None,
                    said_at=form.said_at(),
                    needs_answer=data["needs_answer"],
                    files=files,
                ),
            )
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("The contact is written down."))
            return forms.done(request, back)
    subject = customer or conversation
    return forms.page(
        request,
        form,
        title=_("Write down a contact"),
        submit=_("Write down"),
        back_url=back,
        back_label=str(subject) if subject else _("Home"),
        intro=_("With %(name)s") % {"name": subject} if subject else "",
    )


def _back(conversation: object, customer: Customer | None) -> str:
    """Where one came from."""
    if conversation is not None:
        return str(conversation.get_absolute_url())  # type: ignore[attr-defined]
    return customer.get_absolute_url() if customer is not None else reverse("home")
