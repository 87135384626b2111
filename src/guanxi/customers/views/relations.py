"""Relations of a customer: the list, the buying centre drawn, household, hierarchy with value rolled up."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanxi.core import clock
from guanxi.core.errors import GuanxiError, InvalidInput
from guanxi.customers.choices import CustomerKind
from guanxi.customers.forms import BACKWARDS, SYMMETRIC, RelationForm
from guanxi.customers.models import Customer, Relation
from guanxi.customers.queries import buying_map, parts
from guanxi.customers.queries import relations as web
from guanxi.customers.services import relations as services
from guanxi.customers.views.answers import actor_in, customer_in, saved
from guanxi.ui import forms
from guanxi.ui.together import held, in_turn


def told(relation: Relation, customer_id: int) -> dict[str, Any]:
    """A relation as it reads from one customer's side."""
    is_out = relation.subject_id == customer_id
    words = relation.get_kind_display() if is_out or relation.kind in SYMMETRIC else BACKWARDS[relation.kind]  # type: ignore[index]
    is_over = bool(relation.until_on and relation.until_on < clock.today())
    return {
        "relation": relation,
        "words": words,
        "other": relation.object if is_out else relation.subject,
        "is_over": is_over,
    }


@login_required
@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """The relations tab."""
    customer = customer_in(request, key)
    actor = actor_in(request)
    centre = web.buying_centre(actor, customer.pk) if customer.kind == CustomerKind.ORGANISATION else []
    context = {
        "customer": customer,
        "rows": [told(relation, customer.pk) for relation in web.relations_of(actor, customer.pk)],
        "drawing": buying_map.draw(customer.name, centre),
        "household": web.household(actor, customer.pk) if customer.kind == CustomerKind.PERSON else [],
        "tree": web.hierarchy(actor, customer.pk) if customer.kind != CustomerKind.PERSON else None,
        "can_change": parts.may_change(actor, customer.pk),
    }
    return render(request, "customers/relations.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, key: str) -> HttpResponse:
    """One more relation."""
    customer = customer_in(request, key, "change")
    form = RelationForm(request.POST or None, kind=customer.kind)
    if request.method == "POST" and form.is_valid():
        try:
            _relate(request, customer, form)
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            return saved(request, customer, _("Relation added."), tab="relations")
    template = "customers/relation_form.html"
    picked = _picked(request, form)
    back = reverse("customers:show", args=[customer.public_id]) + "?tab=relations"
    context = {"customer": customer, "picked": picked}
    if request.headers.get("HX-Target") == "dialog-body":
        title = _("New relation of %(name)s") % {"name": customer.name}
        values = {"form": form, "title": title, "submit": _("Save"), **context}
        return render(request, "customers/relation_dialog.html", values)
    title = _("New relation of %(name)s") % {"name": customer.name}
    return forms.page(request, form, title=title, back_url=back, back_label=customer.name, template=template, **context)  # type: ignore[arg-type]


def _picked(request: HttpRequest, form: RelationForm) -> Customer | None:
    """The other customer, once one was picked."""
    number = request.POST.get("other", "")
    return Customer.objects.visible_to(actor_in(request)).filter(pk=number).first() if number.isdecimal() else None


def _relate(request: HttpRequest, customer: Customer, form: RelationForm) -> None:
    """Write the relation in the direction chosen."""
    direction, _colon, kind = form.cleaned_data["direction"].partition(":")
    other = form.cleaned_data["other"]
    if not other.isdecimal():
        raise InvalidInput(_("Pick the other customer."))
    pair = (customer.pk, int(other)) if direction == "out" else (int(other), customer.pk)
    services.relate(actor=actor_in(request), subject_id=pair[0], object_id=pair[1], kind=kind, values=form.values())


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def change(request: HttpRequest, relation_id: int) -> HttpResponse:
    """Role, time, part in buying of a relation."""
    actor = actor_in(request)
    relation = held(request, services.open_relation(actor, relation_id))
    names = ("role", "since_on", "until_on", "buying_role", "attitude", "strength", "note")
    initial = {name: getattr(relation, name) for name in names}
    initial["share"] = None if relation.share_ratio is None else (relation.share_ratio * 100).normalize()
    form = RelationForm(request.POST or None, is_new=False, initial=initial)
    customer = _side(request, relation)
    if request.method == "POST" and form.is_valid():
        try:
            operation = services.update_relation(
                actor=actor, relation_id=relation.pk, values=form.touched(form.values())
            )
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            return saved(request, customer, _("Saved."), operation, tab="relations")
    title = f"{relation.subject.name} {relation.get_kind_display()} {relation.object.name}"
    back = reverse("customers:show", args=[customer.public_id]) + "?tab=relations"
    return forms.page(request, form, title=title, back_url=back, back_label=customer.name)


@login_required
@require_POST
def remove(request: HttpRequest, relation_id: int) -> HttpResponse:
    """Take a relation back that never was."""
    relation = services.open_relation(actor_in(request), relation_id)
    customer = _side(request, relation)
    operation = services.remove_relation(actor=actor_in(request), relation_id=relation.pk)
    return saved(request, customer, _("Relation removed."), operation, tab="relations")


def _side(request: HttpRequest, relation: Relation) -> Customer:
    """From which of the two pages one came."""
    return relation.object if request.GET.get("of") == str(relation.object_id) else relation.subject
