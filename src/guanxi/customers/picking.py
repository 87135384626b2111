"""A form field in which a customer is looked up as one types."""

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from guanxi.core import ids
from guanxi.core.actor import Actor
from guanxi.customers.models import Customer


class CustomerPick(forms.Widget):
    """A search and, below it, the customers found, of whom one is chosen; `picked` is the one chosen before."""

    picked: Customer | None = None

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The search with what it found."""
        context = {"name": name, "id": (attrs or {}).get("id", f"id_{name}"), "picked": self.picked}
        return render_to_string("customers/pick_field.html", context)


class CustomerPickField(forms.CharField):
    """Whose it is, where that is known; gives the id as the pages of customers and their search say it."""

    widget = CustomerPick

    def __init__(self, **rest: Any) -> None:
        """Nobody need be named."""
        super().__init__(**{"label": _("Customer"), "required": False, "max_length": 40, **rest})


def named_customer(actor: Actor, text: str) -> Customer | None:
    """The customer that an address or a form names, by public id or as picked; nothing where none is named."""
    if not text:
        return None
    is_number = text.isascii() and text.isdecimal() and len(text) < 19
    number = int(text) if is_number else ids.parse("cus", text)
    found: Customer = Customer.objects.get_visible(actor, pk=number or 0)
    return found


def show_picked(form: forms.Form, name: str, customer: Customer | None) -> None:
    """Keep the one chosen before on a form that comes back; of one that the address named nothing is left to choose."""
    widget = form.fields[name].widget
    if isinstance(widget, CustomerPick):
        widget.picked = customer
