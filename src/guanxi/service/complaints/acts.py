"""What can be done with a complaint on its page: for each act its form, its words and the service behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise as Words
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.core import money
from guanxi.core.actor import Actor
from guanxi.files.public import store
from guanxi.service.complaint_choices import RemedyState, Step
from guanxi.service.complaints import forms
from guanxi.service.complaints.services import handling, pacing, promises, remedies, telling
from guanxi.service.models import Complaint

Run = Callable[[Actor, Complaint, Any], Any]


@dataclass(frozen=True)
class Act:
    """One act: its form, what the dialog and its button say, what runs."""

    form: type[forms.ComplaintForm]
    title: Words | str
    submit: Words | str
    run: Run


def _record(actor: Actor, complaint: Complaint, form: Any) -> Any:
    """Write down what is known."""
    return handling.record_complaint(actor=actor, case_id=complaint.pk, values=form.touched(form.values()))


def _evidence(actor: Actor, complaint: Complaint, form: Any) -> Any:
    """Keep evidence, with its file."""
    data = form.cleaned_data
    upload = data["file"]
    stored = store(actor=actor, name=upload.name, source=upload) if upload else None
    return handling.add_evidence(
        actor=actor, case_id=complaint.pk, sort=data["sort"], text=data["text"], said_by=data["said_by"], file=stored
    )


def _decide(actor: Actor, complaint: Complaint, form: Any) -> Any:
    """Decide the objection."""
    data = form.cleaned_data
    return handling.decide_objection(
        actor=actor,
        case_id=complaint.pk,
        is_upheld=data["decision"] == "upheld",
        answer=data["answer"],
        **(data["unit"] or {}),
    )


def _remedy(actor: Actor, complaint: Complaint, form: Any) -> Any:
    """Plan a remedy."""
    return remedies.plan_remedy(
        actor=actor,
        case_id=complaint.pk,
        kind_id=form.cleaned_data["kind"],
        text=form.cleaned_data["text"],
        amount_minor=form.minor(),
        currency=money.reporting_currency(),
    )


def _tell(actor: Actor, complaint: Complaint, form: Any) -> Any:
    """Keep what the customer was told."""
    data = form.cleaned_data
    if data["channel"] == forms.SEND:
        return telling.tell_by_message(actor=actor, case_id=complaint.pk, told=data["words"])
    return handling.tell_customer(
        actor=actor, case_id=complaint.pk, channel=data["channel"], told=data["words"], at=data["at"]
    )


def _promise(actor: Actor, complaint: Complaint, form: Any) -> Any:
    """Keep a promise that was made."""
    data = form.cleaned_data
    return promises.make_promise(
        actor=actor,
        case_id=complaint.pk,
        text=data["text"],
        due_at=data["due_at"],
        owner_id=data["owner"],
        remedy_id=data["remedy"],
    )


def _sum_up(actor: Actor, complaint: Complaint, form: Any) -> Any:
    """Enter cause, whys, prevention."""
    data = form.cleaned_data
    return handling.sum_up(
        actor=actor, case_id=complaint.pk, cause_id=data["cause"], whys=form.whys(), prevention=data["prevention"]
    )


def _last_word(actor: Actor, complaint: Complaint, form: Any) -> Any:
    """Keep what the customer answered."""
    data = form.cleaned_data
    return handling.ask_customer(
        actor=actor,
        case_id=complaint.pk,
        outcome=data["outcome"],
        channel=data["channel"],
        text=data["words"],
        at=data["at"],
    )


def _hand_over(actor: Actor, complaint: Complaint, form: Any) -> Any:
    """Give the step under way to somebody."""
    return pacing.hand_over_step(actor=actor, case_id=complaint.pk, owner_id=form.cleaned_data["owner"])


def _next(actor: Actor, complaint: Complaint, form: Any) -> Any:
    """End the step that is under way."""
    return handling.end_step(
        actor=actor, case_id=complaint.pk, step=complaint.step, owner_id=form.cleaned_data["owner"]
    )


ACTS: dict[str, Act] = {
    "record": Act(forms.RecordingForm, _("Record the complaint"), _("Save"), _record),
    "evidence": Act(forms.EvidenceForm, _("Evidence or statement"), _("Add"), _evidence),
    "unit": Act(
        forms.UnitForm, _("Responsible unit"), _("Save"),
        lambda actor, complaint, form: handling.settle_unit(
            actor=actor, case_id=complaint.pk, **form.cleaned_data["unit"]
        ),
    ),
    "object": Act(
        forms.ObjectionForm, _("The unit objects"), _("Object"),
        lambda actor, complaint, form: handling.object_to(
            actor=actor, case_id=complaint.pk, reasons=form.cleaned_data["reasons"]
        ),
    ),
    "decide": Act(forms.DecisionForm, _("Decide the objection"), _("Decide"), _decide),
    "remedy": Act(forms.RemedyForm, _("Plan a remedy"), _("Plan"), _remedy),
    "finish": Act(
        forms.FinishForm, _("A remedy is done"), _("Done"),
        lambda actor, complaint, form: remedies.finish_remedy(
            actor=actor, remedy_id=form.cleaned_data["remedy"], cost_minor=form.minor()
        ),
    ),
    "drop": Act(
        forms.DropForm, _("Drop a remedy"), pgettext_lazy("complaint act", "Drop"),
        lambda actor, complaint, form: remedies.drop_remedy(
            actor=actor, remedy_id=form.cleaned_data["remedy"], reason=form.cleaned_data["reason"]
        ),
    ),
    "tell": Act(forms.TellForm, _("Tell the customer"), pgettext_lazy("complaint act", "Tell"), _tell),
    "promise": Act(forms.CasePromiseForm, _("A promise to the customer"), _("Keep"), _promise),
    "responsibility": Act(
        forms.ResponsibilityForm, _("Responsibility of the unit"), _("Save"),
        lambda actor, complaint, form: handling.enter_responsibility(
            actor=actor, case_id=complaint.pk, text=form.cleaned_data["responsibility"]
        ),
    ),
    "sum_up": Act(forms.SummingForm, _("Sum up"), _("Save"), _sum_up),
    "last_word": Act(forms.LastWordForm, _("Ask the customer"), _("Keep"), _last_word),
    "authority": Act(
        forms.AuthorityForm, _("The authority was answered"), _("Keep"),
        lambda actor, complaint, form: handling.answer_authority(
            actor=actor, case_id=complaint.pk, at=form.cleaned_data["at"]
        ),
    ),
    "step_owner": Act(forms.StepOwnerForm, _("Hand this step over"), _("Hand over"), _hand_over),
    "next": Act(forms.NextForm, _("End this step"), _("End the step"), _next),
}  # fmt: skip

# What is done in each step, in its order, with its icon.
OF_STEP: dict[str, tuple[tuple[str, str], ...]] = {
    Step.RECORD: (("record", "pencil"),),
    Step.INVESTIGATE: (("evidence", "plus"),),
    Step.SETTLE: (("unit", "pencil"), ("decide", "scale")),
    Step.PLAN: (("remedy", "plus"), ("tell", "send")),
    Step.CARRY_OUT: (("finish", "check"), ("responsibility", "pencil")),
    Step.SUM_UP: (("sum_up", "pencil"), ("last_word", "phone"), ("authority", "check")),
}


def next_acts(complaint: Complaint) -> list[tuple[str, str]]:
    """What is to be done in the step that a complaint is at, as far as it makes sense now."""
    is_objected = complaint.objected_at is not None and complaint.objection_settled_at is None
    senseless = {
        "unit": is_objected,
        "decide": not is_objected,
        "finish": not complaint.remedies.filter(state=RemedyState.APPROVED).exists(),
        "authority": not complaint.authority or complaint.authority_answered_at is not None,
    }
    return [(what, icon) for what, icon in OF_STEP.get(complaint.step, ()) if not senseless.get(what)]
