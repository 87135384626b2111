"""What tasks register on the floors below them."""

from django.utils.translation import gettext_lazy as _

from guanxi.core import live, records, references
from guanxi.core.actor import Actor
from guanxi.core.api.routers import add_router
from guanxi.tasks import api, history, queries
from guanxi.tasks.lists import task_url
from guanxi.tasks.panels import home_panel
from guanxi.ui import home, menu, palette, settings_area

__all__ = ["history"]


def _may_listen(actor: Actor, key: str) -> bool:
    """Everybody hears of their own notifications."""
    return key.isdecimal() and actor.user_id == int(key) and not actor.is_read_only


records.register(
    records.RecordKind(
        kind="task",
        model_label="tasks.Task",
        prefix="tsk",
        label=_("task"),
        label_plural=_("tasks"),
        title=str,
        url=task_url,
        icon="list-check",
    )
)
for _model in ("Task", "Notification", "Follow"):
    references.register(references.Reference("customer", f"tasks.{_model}", "about_id", kind_column="about_kind"))
live.register("notifications", may_listen=_may_listen)
live.register("notificationchoice", may_listen=_may_listen)
live.register("task", may_listen=queries.may_see_task)
add_router("tasks", api.router, order=70)
menu.register(
    "tasks",
    _("Tasks"),
    "tasks:list",
    icon="list-check",
    section="work",
    order=5,
    permission=("task", "view"),
    shortcut="G T",
)
palette.register_action(
    "tasks.create",
    _("New task"),
    url_name="tasks:create",
    icon="list-check",
    shortcut="T",
    permission=("task", "create"),
)
home.register_panel("tasks.mine", home_panel, order=10)
settings_area.register("notifications", _("Notifications"), "tasks:choices", icon="bell", group="personal", order=30)
