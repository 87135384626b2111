"""What personal data lists and their views hold."""

from django.utils.translation import gettext_lazy as _

from guanxi.core.personal_data import Category, Form, Whose, held, state
from guanxi.ui import erasing, retention  # noqa: F401 - they register themselves

state(
    "ui.SavedView",
    _("How colleagues look at lists; a filter may name a person"),
    held("state", Whose.CUSTOMER, Category.CONTENT, Form.JSON),
    plain="list_key name",
    kept_because=_("Views belong to colleagues; those that name the person are listed before an erasure."),
    in_pack=False,
)
state(
    "ui.BulkRun",
    _("Acts on many rows at once: what was chosen and what it was given"),
    held("query given", Whose.CUSTOMER, Category.CONTENT, Form.EMPTY),
    plain="list_key action operations error",
    retention="bulk_runs",
    in_copies=False,
    in_pack=False,
)
