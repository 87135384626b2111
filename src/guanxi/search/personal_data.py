"""What personal data the index holds."""

from django.utils.translation import gettext_lazy as _

from guanxi.core.personal_data import Category, Form, Whose, held, nothing, state

state(
    "search.SearchEntry",
    _("By which words a record is found: made from the record, and gone with it"),
    held("title subtitle tokens", Whose.CUSTOMER, Category.IDENTITY, Form.EMPTY),
    plain="kind",
    in_copies=False,
    in_pack=False,
)
nothing("search.OutdatedWords", _("Which words are to leave the index, by the name of their field"), "kind about")
