"""What service keeps."""

from guanxi.service.models.case import Case, CaseLink, CaseStep, CaseTag
from guanxi.service.models.clocks import (
    CaseClock,
    CaseMoment,
    ClockEvent,
    Escalation,
    EscalationStep,
    OwnHours,
    RulesStamp,
    SlaPolicy,
    SlaTarget,
)
from guanxi.service.models.complaints import (
    Cause,
    ClosingWord,
    Complaint,
    ComplaintStep,
    Evidence,
    PastObjection,
    RecurrenceCheck,
    Remedy,
    RemedyKind,
    RemedyLimit,
    ResponsibleUnit,
    StepRule,
    Telling,
)
from guanxi.service.models.moments import MomentCriterion, MomentMark
from guanxi.service.models.promises import Promise
from guanxi.service.models.settings import CaseCategory, Checklist

__all__ = [
    "Case",
    "CaseCategory",
    "CaseClock",
    "CaseLink",
    "CaseMoment",
    "CaseStep",
    "CaseTag",
    "Cause",
    "Checklist",
    "ClockEvent",
    "ClosingWord",
    "Complaint",
    "ComplaintStep",
    "Escalation",
    "EscalationStep",
    "Evidence",
    "MomentCriterion",
    "MomentMark",
    "OwnHours",
    "PastObjection",
    "Promise",
    "RecurrenceCheck",
    "Remedy",
    "RemedyKind",
    "RemedyLimit",
    "ResponsibleUnit",
    "RulesStamp",
    "SlaPolicy",
    "SlaTarget",
    "StepRule",
    "Telling",
]
