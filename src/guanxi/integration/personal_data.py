"""What personal data tokens hold."""

from django.utils.translation import gettext_lazy as _

from guanxi.core.personal_data import Category, Form, Whose, held, state

state(
    "integration.ApiToken",
    _("Which programs may ask in whose name"),
    held("digest beginning", Whose.USER, Category.IDENTITY, Form.EMPTY),
    plain="label scope",
    in_copies=False,
)
state(
    "integration.KeptAnswer",
    _("Answers to programs, kept a day so that a request sent twice acts once"),
    held("body", Whose.CUSTOMER, Category.CONTENT, Form.EMPTY),
    plain="key digest headers",
    in_copies=False,
    in_pack=False,
)
