"""What personal data stored files hold: as much as is in them."""

from django.utils.translation import gettext_lazy as _

from guanxi.core.personal_data import Category, Form, Whose, held, state, user_names

state(
    "files.StoredFile",
    _("What was uploaded to a record or brought in"),
    held("name", Whose.CUSTOMER, Category.CONTENT, Form.TEXT),
    user_names("by_name"),
    held("sha256", Whose.CUSTOMER, Category.CONTENT, Form.SAME),
    plain="media_type record_kind",
    kept_because=_("They belong to records that have to be kept, such as orders, and end with those."),
    in_copies=False,
    retention="import_files",
)
