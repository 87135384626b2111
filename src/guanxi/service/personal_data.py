"""What personal data cases hold."""

from django.utils.translation import gettext_lazy as _

import guanxi.service.complaints.personal_data  # noqa: F401 - states its own
from guanxi.core.personal_data import Category, Erasing, Form, Whose, held, nothing, state
from guanxi.service import retention  # noqa: F401 - registers what counts as activity

state(
    "service.Case",
    _("What was to be settled for a customer"),
    held("subject description", Whose.CUSTOMER, Category.CONTENT, Form.TEXT),
    held("external_ref", Whose.CUSTOMER, Category.IDENTITY, Form.NUMBER),
    held("custom", Whose.CUSTOMER, Category.CONTENT, Form.JSON),
    plain="tier source",
    customer="customer",
    erasing=Erasing.BLANK,
    kept_because=_("That there was a case, of which type, and how long it took, stays as a figure; the words go."),
    retention="cases complaints",
)
nothing("service.CaseCategory", _("What cases are arranged by"), "name path")
nothing("service.Checklist", _("What is to be done in every case of a type"), "name items")
nothing("service.CaseStep", _("What was done in a case"), "text")
nothing("service.CaseLink", _("What else a case concerns"), "about_kind")
nothing("service.CaseTag", _("Which words colleagues put on a case"))
nothing("service.SlaPolicy", _("What is promised to whom"), "name asks")
nothing("service.SlaTarget", _("One promise"), "pauses")
nothing("service.EscalationStep", _("What is done when a promise is not kept"))
nothing("service.OwnHours", _("By whose calendar clocks run"))
nothing("service.CaseMoment", _("How a case stood from a moment on, in codes"), "state facts")
nothing("service.CaseClock", _("How a clock of a case stands, in codes"), "paused_by why ahead")
nothing("service.ClockEvent", _("What happened to a clock, in codes"), "what because")
nothing("service.RulesStamp", _("A mark of the rules of clocks"), "value")
nothing("service.Escalation", _("Which step was taken for a clock"), "done")
nothing("service.MomentCriterion", _("What is asked of how cases are handled"), "text key")
nothing("service.MomentMark", _("What people said of how a case was handled"), "criterion")
