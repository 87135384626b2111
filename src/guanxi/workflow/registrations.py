"""What workflow registers on the floors below it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.core import live, records, references
from guanxi.core.api.routers import add_router
from guanxi.core.holding import HeldKind
from guanxi.core.holding import kinds as held_kinds
from guanxi.core.ids import public_id
from guanxi.core.references import Treatment
from guanxi.ui import home, menu, settings_area
from guanxi.workflow import api, history, own_acts, queries, sorts, task_parts
from guanxi.workflow.panels import home_panel

__all__ = ["history", "own_acts", "sorts", "task_parts"]


def rule_url(number: int) -> str:
    """The page of a rule."""
    return reverse("workflow:rule", args=[public_id("rul", number)])


def approval_url(number: int) -> str:
    """The page of an approval."""
    return reverse("workflow:approval", args=[public_id("apr", number)])


records.register(
    records.RecordKind(
        kind="rule",
        model_label="workflow.Rule",
        prefix="rul",
        label=_("rule"),
        label_plural=_("rules"),
        title=str,
        url=rule_url,
        icon="bolt",
    )
)
records.register(
    records.RecordKind(
        kind="approval",
        model_label="workflow.Approval",
        prefix="apr",
        label=_("approval"),
        label_plural=_("approvals"),
        title=lambda approval: sorts.sort_label(approval.sort),
        url=approval_url,
        icon="checklist",
    )
)
held_kinds.add("approval", HeldKind("workflow.Approval", along=queries.asked_about), order=50)
for _model in ("Firing", "Happening"):
    references.register(
        references.Reference("customer", f"workflow.{_model}", "record_id", Treatment.ABOUT, kind_column="record_kind")
    )
references.register(references.Reference("customer", "workflow.Approval", "record_id", kind_column="record_kind"))
live.register("rule", may_listen=lambda actor, _key: actor.can("rule", "view"), is_whole=True)
live.register("approval", may_listen=queries.may_see_approval)
for _kind in ("approvalpolicy", "approvallimit", "departmenthead"):
    live.register(_kind, may_listen=lambda actor, _key: actor.can("approval", "manage"), is_whole=True)
add_router("rules", api.rules_router, order=80)
add_router("approvals", api.approvals_router, order=81)
menu.register(
    "approvals",
    _("Approvals"),
    "workflow:approvals",
    icon="checklist",
    section="work",
    order=7,
    permission=("approval", "view"),
)
home.register_panel("workflow.approvals", home_panel, order=5)
settings_area.register(
    "rules", _("Rules"), "workflow:rules", icon="bolt", group="automation", order=10, permission=("rule", "view")
)
settings_area.register(
    "approvals",
    _("Approvals"),
    "workflow:approval_settings",
    icon="checklist",
    group="automation",
    order=20,
    permission=("approval", "manage"),
)
