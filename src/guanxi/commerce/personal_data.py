"""What personal data orders hold."""

from django.utils.translation import gettext_lazy as _

from guanxi.commerce import retention  # noqa: F401 - registers what ends after a period
from guanxi.core.personal_data import Category, Erasing, Form, Whose, held, nothing, state

KEPT = _("Accounting and tax law keep orders; they belong to the erased record and no longer name the person.")

state(
    "commerce.Order",
    _("What a customer bought: delivery, accounts, value"),
    held("customer_ref", Whose.CUSTOMER, Category.IDENTITY, Form.NUMBER),
    held("number", Whose.CUSTOMER, Category.BEHAVIOUR, Form.NUMBER),
    held("country amount_minor ordered_at ordered_on", Whose.CUSTOMER, Category.BEHAVIOUR, Form.SAME),
    plain="source currency",
    customer="customer",
    erasing=Erasing.PSEUDONYM,
    kept_because=KEPT,
    retention="orders",
)
state(
    "commerce.OrderLine",
    _("The lines of an order"),
    held("description", Whose.CUSTOMER, Category.BEHAVIOUR, Form.SAME),
    held("quantity amount_minor", Whose.CUSTOMER, Category.BEHAVIOUR, Form.SAME),
    customer="order__customer",
    kept_because=KEPT,
    retention="orders",
)
nothing("commerce.OrderAddition", _("What imports add to orders"))
