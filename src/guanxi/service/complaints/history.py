"""The journal in words: what acts on complaints and promises are called."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.ui import history
from guanxi.ui.history import Words

history.operations(
    {
        "importing.import_complaints": _("Complaints imported"),
        "service.begin_complaint": _("Complaint begun"),
        "service.resume_complaint": _("Complaint taken up again"),
        "service.record_complaint": _("Complaint recorded"),
        "service.add_evidence": _("Evidence added"),
        "service.settle_unit": _("Responsible unit settled"),
        "service.object_to_unit": _("The unit objected"),
        "service.decide_objection": _("Objection decided"),
        "service.plan_remedy": _("Remedy planned"),
        "service.decide_remedy": _("Remedy approved or refused"),
        "service.finish_remedy": _("Remedy done"),
        "service.drop_remedy": _("Remedy dropped"),
        "service.tell_customer": _("Customer told"),
        "service.forget_telling": _("Told after all not: the message was taken back"),
        "service.enter_responsibility": _("Responsibility entered"),
        "service.sum_up_complaint": _("Complaint summed up"),
        "service.ask_customer": _("Customer asked at the end"),
        "service.answer_authority": _("Authority answered"),
        "service.hand_over_step": _("Step handed over"),
        "service.reckon_steps": _("Time of steps reckoned anew"),
        "service.move_promises": _("Promises moved with their case"),
        "service.end_complaint_step": _("Step of the complaint ended"),
        "service.plan_recurrence_checks": _("Looks back planned"),
        "service.look_back": _("Looked back whether it came again"),
        "service.drop_look_back": _("No look back: opened again"),
        "service.tell_late_step": _("Told of a late step"),
        "service.tell_of_authority": _("Told of an authority's clock"),
        "service.ensure_units": _("Departments made responsible units"),
        "service.save_unit": _("Responsible unit saved"),
        "service.save_cause": _("Cause saved"),
        "service.save_remedy_kind": _("Kind of remedy saved"),
        "service.save_remedy_limit": _("Limit of a remedy saved"),
        "service.save_step_rule": _("Rule of a step saved"),
        "service.remove_step_rule": _("Rule of a step removed"),
        "service.make_promise": _("Promise made"),
        "service.keep_promise": _("Promise kept"),
        "service.release_promise": _("Promise released"),
        "service.break_promise": _("Promise broken"),
    }
)
_ROUND = {"round": _("How often opened again")}
history.register(Words("complaint", _("Complaint"), left_out=frozenset({"case", "authority_told"})))
history.register(Words("complaintstep", _("Step of a complaint"), _ROUND, left_out=frozenset({"escalated_at"})))
history.register(Words("evidence", _("Evidence")))
history.register(Words("pastobjection", _("Earlier objection")))
history.register(Words("remedy", _("Remedy"), {"decided_at": _("Decided on"), "planned_by": _("Planned by")}))
history.register(Words("telling", _("What the customer was told")))
history.register(Words("closingword", _("The customer's last word"), _ROUND))
history.register(
    Words(
        "recurrencecheck",
        pgettext_lazy("complaint", "Look back"),
        {**_ROUND, "found": _("Cases found"), "looked_at": _("Looked back on")},
    )
)
history.register(Words("promise", _("Promise"), {"due_at": pgettext_lazy("promise", "By")}))
history.register(Words("responsibleunit", _("Responsible unit")))
history.register(Words("cause", _("Cause"), left_out=frozenset({"path", "key"})))
history.register(Words("remedykind", _("Kind of remedy"), left_out=frozenset({"key"})))
history.register(Words("remedylimit", _("Limit of a remedy")))
history.register(Words("steprule", _("Rule of a step")))
