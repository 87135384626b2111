"""What personal data tasks hold."""

from django.utils.translation import gettext_lazy as _

from guanxi.core.personal_data import Category, Form, Whose, held, nothing, state
from guanxi.tasks import (
    erasing,  # noqa: F401 - registers what goes with a person
    retention,  # noqa: F401 - registers what ends after a period
)

state(
    "tasks.Task",
    _("What is to be done about a customer or anything else"),
    held("title note", Whose.CUSTOMER, Category.CONTENT, Form.TEXT),
    plain="about_kind",
    kept_because=_("Tasks are the work of colleagues; the words of tasks about a person go with the person."),
)
nothing(
    "tasks.Notification",
    _("What people were told; it holds no words"),
    "sort about_kind data",
    retention="notifications",
)
nothing("tasks.NotificationChoice", _("What people want to be told"), "muted")
nothing("tasks.Follow", _("Which records people follow"), "about_kind")
state(
    "tasks.CalendarFeed",
    _("The secret address of a person's calendar"),
    held("digest", Whose.USER, Category.IDENTITY, Form.EMPTY),
    in_copies=False,
)
