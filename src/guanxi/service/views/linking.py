"""What a case stands with: parts and what it is part of, orders, products and further cases, its conversation."""

from typing import Any

from django import forms as django_forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.conversations.queries import conversation_of
from guanxi.core.actor import Actor
from guanxi.core.errors import GuanxiError, InvalidInput
from guanxi.service import linkable, queries
from guanxi.service.lists import case_url
from guanxi.service.models import Case
from guanxi.service.services import parts
from guanxi.service.services.cases import update_case
from guanxi.service.services.talks import settle_in
from guanxi.ui import forms, toasts

CONCERNS, PART_OF, HAS_PART = "concerns", "part_of", "has_part"
HOW = (
    (CONCERNS, gettext_lazy("concerns")),
    (PART_OF, gettext_lazy("is part of the case")),
    (HAS_PART, gettext_lazy("has as a part the case")),
)


class LinkForm(forms.RecordForm):
    """How a case stands to another record, and to which."""

    how = django_forms.ChoiceField(label=gettext_lazy("This case"), choices=HOW, initial=CONCERNS)
    about = django_forms.CharField(widget=django_forms.HiddenInput, required=False)


class ConversationForm(forms.RecordForm):
    """In which conversation a case is settled."""

    conversation = django_forms.ChoiceField(
        label=gettext_lazy("Conversation"), required=False, widget=django_forms.RadioSelect
    )


def _actor(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined]


@login_required
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, public_id: str) -> HttpResponse:
    """Link a case to an order, a product, another case; or make it part of one, or one part of it."""
    actor = _actor(request)
    case = queries.case_of(actor, public_id, "change")
    form = LinkForm(request.POST or None, initial={"how": request.GET.get("how", CONCERNS)})
    if request.method == "POST" and form.is_valid():
        try:
            _link(actor, case, form.cleaned_data["how"], form.cleaned_data["about"])
        except GuanxiError as error:
            form.add_error(None, str(error))
        else:
            toasts.message(request, _("Linked."))
            return forms.done(request, case_url(case.pk))
    context = {
        "case": case, "form": form, "picked": linkable.named(actor, request.POST.get("about", "")),
        "suggested": linkable.suggested(actor, case), "title": _("Link the case"), "submit": _("Link"),
        "back_url": case_url(case.pk), "back_label": str(case),
    }  # fmt: skip
    is_dialog = request.headers.get("HX-Target") == "dialog-body"
    template = "service/link_dialog.html" if is_dialog else "service/link_page.html"
    status = forms.status_of(form) if form.is_bound and not is_dialog else 200
    return render(request, template, context, status=status)


def _link(actor: Actor, case: Case, how: str, about: str) -> None:
    """Write what was chosen."""
    found = linkable.parse(about)
    if found is None:
        raise InvalidInput(_("Choose what it is linked to."), column="about")
    if how == CONCERNS:
        parts.link_record(actor=actor, case_id=case.pk, about=found)
    elif found.kind != "case":
        raise InvalidInput(_("Only a case is part of a case."), column="about")
    elif how == PART_OF:
        update_case(actor=actor, case_id=case.pk, values={"parent": found.id})
    else:
        update_case(actor=actor, case_id=found.id, values={"parent": case.pk})


@login_required
@require_GET
def find(request: HttpRequest, public_id: str) -> HttpResponse:
    """A few records that fit what was typed, to choose one from."""
    actor = _actor(request)
    case = queries.case_of(actor, public_id, "change")
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    found = linkable.found(actor, case, text) if text else linkable.suggested(actor, case)
    return render(request, "service/link_choices.html", {"choices": found, "text": text})


@login_required
@require_POST
def unlink(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a link away, or let a case be no part of another any more."""
    actor = _actor(request)
    case = queries.case_of(actor, public_id, "change")
    what, operation = request.POST.get("what", ""), None
    if what == "parent":
        operation = update_case(actor=actor, case_id=case.pk, values={"parent": None})
    elif what == "product":
        operation = update_case(actor=actor, case_id=case.pk, values={"product": None})
    elif what.startswith("part:"):
        part = queries.part_of(actor, case, what.removeprefix("part:"))
        operation = update_case(actor=actor, case_id=part.pk, values={"parent": None})
    else:
        operation = parts.unlink_record(actor=actor, link_id=queries.link_of(case, what).pk)
    toasts.message(request, _("No longer linked."), operation)
    return forms.done(request, case_url(case.pk))


@login_required
@require_http_methods(["GET", "POST"])
def conversation(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say in which conversation a case is settled."""
    actor = _actor(request)
    case = queries.case_of(actor, public_id, "change")
    offered = queries.conversations_for(actor, case)
    form = ConversationForm(
        request.POST or None, initial={"conversation": case.conversation.public_id if case.conversation else ""}
    )
    labels = [(row.public_id, linkable.conversation_words(row)) for row in offered]
    form.fields["conversation"].choices = [("", _("none")), *labels]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["conversation"]
        try:
            number = conversation_of(actor, wanted, "change").pk if wanted else None
            operation = settle_in(actor=actor, case_id=case.pk, conversation_id=number)
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("Saved."), operation)
            return forms.done(request, case_url(case.pk))
    intro: Any = (
        _("What is said in it from now on is said in this case: its clocks and its state follow.")
        if offered
        else _("Every conversation with this customer has an open case of its own, or there is none.")
    )
    return forms.page(
        request,
        form,
        title=_("Conversation of the case"),
        back_url=case_url(case.pk),
        back_label=str(case),
        intro=intro,
    )
