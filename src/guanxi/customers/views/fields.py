"""The fields that the company adds to customers, and to other kinds of records that allow it."""

from django import forms as django_forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanxi.core.access import require
from guanxi.core.errors import GuanxiError
from guanxi.core.models.custom_fields import FieldType
from guanxi.customers.own_field_kinds import kinds
from guanxi.customers.queries import parts
from guanxi.customers.services import own_fields
from guanxi.customers.views.answers import actor_in
from guanxi.ui import forms, toasts
from guanxi.ui.together import held, in_turn


class FieldForm(forms.RecordForm):
    """One field of the company's own."""

    label_zh = django_forms.CharField(label=gettext_lazy("Chinese label"), max_length=80)
    label_en = django_forms.CharField(label=gettext_lazy("English label"), max_length=80)
    key = django_forms.SlugField(
        label=gettext_lazy("Field key"),
        max_length=40,
        help_text=gettext_lazy("Latin letters, digits and _; used in files and by programs, and not changed later."),
    )
    type = django_forms.ChoiceField(label=gettext_lazy("Type"), choices=FieldType.choices)
    choices = django_forms.CharField(
        label=gettext_lazy("Choices"),
        required=False,
        widget=django_forms.Textarea,
        help_text=gettext_lazy("One to a line; for choice and several choices."),
    )
    position = django_forms.IntegerField(
        label=gettext_lazy("Place in the order"), min_value=0, max_value=10_000, initial=0
    )
    is_filterable = django_forms.BooleanField(
        label=gettext_lazy("Filter and sort lists by it"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Builds an index, so that lists of any length answer at once."),
    )


@login_required
@require_safe
def field_list(request: HttpRequest) -> HttpResponse:
    """All fields added to a kind of records, those retired at the end."""
    kind = _kind(request)
    actor = actor_in(request)
    require(actor, *kinds[kind].permission)
    others = [(key, one.label) for key, one in kinds.items() if actor.can(*one.permission)]
    context = {"fields": parts.own_fields(kind), "kind": kind, "told": kinds[kind], "kinds": others}
    return render(request, "customers/fields.html", context)


def _kind(request: HttpRequest) -> str:
    """Of which kind of records; customers where the address names none."""
    asked = request.GET.get("kind", "")
    return asked if asked in kinds else "customer"


def _list_of(kind: str) -> str:
    """The page with the fields of a kind."""
    return reverse("customers:fields") + ("" if kind == "customer" else f"?kind={kind}")


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new field."""
    actor = actor_in(request)
    kind = _kind(request)
    require(actor, *kinds[kind].permission)
    form = FieldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = own_fields.add_field(actor=actor, values=form.cleaned_data, kind=kind)
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("The field “%(label)s” is there.") % {"label": made.label})
            return forms.done(request, _list_of(kind))
    return forms.page(request, form, title=_("New field"), back_url=_list_of(kind), back_label=_("Custom fields"))


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def change(request: HttpRequest, field_id: int) -> HttpResponse:
    """Labels, choices and place of a field; key and type stay."""
    actor = actor_in(request)
    field = held(request, parts.own_field(field_id))
    require(actor, *kinds[field.kind].permission)
    names = ("label_zh", "label_en", "key", "type", "position", "is_filterable")
    initial = {name: getattr(field, name) for name in names} | {"choices": "\n".join(field.choices)}
    form = FieldForm(request.POST or None, initial=initial)
    form.fields["key"].disabled = form.fields["type"].disabled = True
    if request.method == "POST" and form.is_valid():
        try:
            own_fields.change_field(actor=actor, field_id=field.pk, values=form.cleaned_data)
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("Saved."))
            return forms.done(request, _list_of(field.kind))
    return forms.page(request, form, title=field.label, back_url=_list_of(field.kind), back_label=_("Custom fields"))


@login_required
@require_POST
def build_indexes(request: HttpRequest) -> HttpResponse:
    """Try again to build the indexes that failed."""
    own_fields.build_indexes_again(actor=actor_in(request))
    toasts.message(request, _("The indexes are being built."))
    return forms.done(request, reverse("customers:fields"))


@login_required
@require_POST
def retire(request: HttpRequest, field_id: int) -> HttpResponse:
    """Take a field out of use, or back into use; its values stay."""
    is_active = request.GET.get("to") == "on"
    field = own_fields.set_in_use(actor=actor_in(request), field_id=field_id, is_active=is_active)
    text = _("“%(label)s” is in use again.") if field.is_active else _("“%(label)s” is out of use; its values stay.")
    toasts.message(request, text % {"label": field.label})
    return forms.done(request, _list_of(field.kind))
