"""What workflow registers on the floors below it."""

from django.utils.translation import gettext_lazy as _

from guanxi.core import records, references
from guanxi.core.references import Treatment
from guanxi.workflow import own_acts, sorts, task_parts

__all__ = ["own_acts", "sorts", "task_parts"]

records.register(
    records.RecordKind(
        kind="rule",
        model_label="workflow.Rule",
        prefix="rul",
        label=_("rule"),
        label_plural=_("rules"),
        title=str,
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
        icon="checks",
    )
)
references.register(
    references.Reference("customer", "workflow.Firing", "record_id", Treatment.ABOUT, kind_column="record_kind")
)
references.register(references.Reference("customer", "workflow.Approval", "record_id", kind_column="record_kind"))
