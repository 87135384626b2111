"""What personal data is held where people sign in."""

from django.utils.translation import gettext_lazy as _

from guanxi.core.personal_data import Category, Form, Whose, held, state

state(
    "account.EmailAddress",
    _("The mail address of a colleague, for signing in"),
    held("email", Whose.USER, Category.CONTACT, Form.EMAIL),
)
state(
    "account.EmailConfirmation",
    _("Proofs that a mail address is a colleague's"),
    held("key", Whose.USER, Category.IDENTITY, Form.EMPTY),
    in_copies=False,
)
