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
