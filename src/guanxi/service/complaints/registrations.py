"""What complaints register on the floors below them."""

from django.utils.translation import gettext_lazy as _

from guanxi.core import records
from guanxi.core.references import Reference, register
from guanxi.importing.targets import targets
from guanxi.service import closing
from guanxi.service.complaints import history, rule, sorts
from guanxi.service.complaints.import_target import ComplaintsTarget
from guanxi.workflow.public import ApprovalSort, register_approval_sort

__all__ = ["history", "sorts"]

closing.demands.add("complaints", rule.missing)
records.register(
    records.RecordKind(
        kind="promise",
        model_label="service.Promise",
        prefix="prm",
        label=_("promise"),
        label_plural=_("promises"),
        title=str,
        icon="calendar-event",
    )
)
records.register(
    records.RecordKind(
        kind="remedy",
        model_label="service.Remedy",
        prefix="rmd",
        label=_("remedy"),
        label_plural=_("remedies"),
        title=str,
        icon="heart-handshake",
    )
)
register_approval_sort(ApprovalSort("remedy", _("Remedy for a complaint"), "remedy", icon="heart-handshake"))
register(Reference("customer", "service.Promise", "customer_id"))
targets.add("complaints", ComplaintsTarget(), order=30)
