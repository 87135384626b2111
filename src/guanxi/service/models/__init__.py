"""What service keeps."""

from guanxi.service.models.case import Case, CaseLink, CaseStep, CaseTag
from guanxi.service.models.complaints import (
    Cause,
    ClosingWord,
    Complaint,
    ComplaintStep,
    Evidence,
    RecurrenceCheck,
    Remedy,
    RemedyKind,
    RemedyLimit,
    ResponsibleUnit,
    StepRule,
    Telling,
)
from guanxi.service.models.promises import Promise
from guanxi.service.models.settings import CaseCategory, Checklist

__all__ = [
    "Case",
    "CaseCategory",
    "CaseLink",
    "CaseStep",
    "CaseTag",
    "Cause",
    "Checklist",
    "ClosingWord",
    "Complaint",
    "ComplaintStep",
    "Evidence",
    "Promise",
    "RecurrenceCheck",
    "Remedy",
    "RemedyKind",
    "RemedyLimit",
    "ResponsibleUnit",
    "StepRule",
    "Telling",
]
