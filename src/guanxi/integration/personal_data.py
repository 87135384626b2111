"""What personal data tokens hold."""

from django.utils.translation import gettext_lazy as _

from guanxi.core.personal_data import Category, Form, Whose, held, state
from guanxi.integration import erasing, retention  # noqa: F401 - they register themselves

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
    retention="kept_answers",
    in_copies=False,
    in_pack=False,
)
state(
    "integration.WebhookEndpoint",
    _("Which programs are told what happens, and in whose name they hear it"),
    held("secret old_secret", Whose.USER, Category.IDENTITY, Form.EMPTY),
    plain="label url types stopped_because",
    in_copies=False,
)
state(
    "integration.WebhookMessage",
    _("What programs were told: ids, by which the record can be found while it stands"),
    plain="message_id type about data",
    retention="webhook_log",
    in_copies=False,
)
state(
    "integration.WebhookAttempt",
    _("Each try to tell a program, and the beginning of its answer"),
    held("answer", Whose.CUSTOMER, Category.CONTENT, Form.EMPTY),
    plain="problem",
    retention="webhook_log",
    in_copies=False,
)
