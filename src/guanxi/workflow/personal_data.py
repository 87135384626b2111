"""What personal data rules and approvals hold."""

from django.utils.translation import gettext_lazy as _

from guanxi.core.personal_data import Category, Form, Whose, held, nothing, state
from guanxi.workflow import retention  # noqa: F401 - registers what ends after a period

nothing("workflow.Rule", _("What the company lets happen by itself"), "name note trigger conditions actions limit key")
nothing("workflow.RuleClock", _("How far the moments of a rule were looked at"))
nothing(
    "workflow.Happening", _("What happened to which record, as ids"), "trigger record_kind fields", retention="firings"
)
nothing(
    "workflow.Firing",
    _("What rules did and why; values of guarded fields and texts are not in it"),
    "trigger heard record_kind outcome why",
    retention="firings",
)
nothing("workflow.ApprovalPolicy", _("Who must approve what"), "sort currency approver")
nothing("workflow.ApprovalLimit", _("Up to which amount a role approves"), "sort currency")
nothing("workflow.DepartmentHead", _("Who heads a department"))
state(
    "workflow.Approval",
    _("What was asked to be approved, and what was decided"),
    held("reason words", Whose.CUSTOMER, Category.CONTENT, Form.TEXT),
    plain="sort record_kind currency state",
    kept_because=_("Who approved what is evidence of the company; the words stay with it for as long."),
    retention="approvals",
)
state(
    "workflow.ApprovalStep",
    _("Each word that an approval needs"),
    held("words", Whose.CUSTOMER, Category.CONTENT, Form.TEXT),
    plain="approver state",
    kept_because=_("Who approved what is evidence of the company; the words stay with it for as long."),
    retention="approvals",
)
