"""How long cases, complaints and promises keep their words, and what they say about whether a customer still deals with us."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from guanxi.core.actor import system_actor
from guanxi.core.changes import OperationInHand
from guanxi.core.retention import (
    Activity,
    Counts,
    Ending,
    Group,
    Kind,
    Part,
    activities,
    kinds,
    strip_words,
    wordless,
)
from guanxi.files.public import StoredFile, discard
from guanxi.search.public import refresh
from guanxi.service.choices import ENDED_STATES, LIVE_STATES
from guanxi.service.complaint_choices import PromiseState
from guanxi.service.models import Case, ClosingWord, Complaint, Evidence, PastObjection, Promise, Remedy, Telling

LAW = ("trade.keep_years",)
OVER = "over_at"
WORDS_GO = _(
    "Words, numbers elsewhere and files go; that there was one, of which type, when and how long, stays as a figure."
)
_strip_rows_of_cases = strip_words("service.Case")
_strip_rows_of_evidence = strip_words("service.Evidence")


def _over(rows: QuerySet[Any], before: datetime, case: str = "") -> QuerySet[Any]:
    """Those of rows of cases, found by the look-up `case`, that were closed before a moment."""
    # One that ended elsewhere may not say when: then it was over with the day on which it came.
    told = rows.annotate(**{OVER: Coalesce(f"{case}closed_at", f"{case}opened_at")})
    return told.filter(**{f"{case}state__in": ENDED_STATES, f"{OVER}__lt": before})


def _cases(*, is_complaint: bool) -> Callable[[datetime], QuerySet[Any]]:
    """Closed cases that still have words or files; those with a complaint, or the others."""

    def rows(before: datetime) -> QuerySet[Any]:
        """Before a moment."""
        files = StoredFile.objects.filter(record_kind="case", record_id=OuterRef("pk"))
        found = _over(Case.objects.filter(complaint__isnull=not is_complaint), before)
        return found.filter(~Q(**wordless(Case)) | Exists(files))

    return rows


def _evidence(before: datetime) -> QuerySet[Any]:
    """Evidence of closed complaints that still has words or a file."""
    return _over(Evidence.objects.all(), before, "complaint__case__").filter(
        ~Q(**wordless(Evidence)) | Q(file__isnull=False)
    )


def _of_complaints(model: type[models.Model], case: str) -> Callable[[datetime], QuerySet[Any]]:
    """What stands with complaints of closed cases and still has words."""
    return lambda before: _over(model._base_manager.all(), before, case).exclude(**wordless(model))


def _promises(before: datetime) -> QuerySet[Any]:
    """Promises that have come to an end and still say what was promised."""
    ended = Promise.objects.exclude(state=PromiseState.OPEN).filter(ended_at__lt=before)
    return ended.exclude(**wordless(Promise))


def _strip_cases(op: OperationInHand, numbers: list[int]) -> Counts:
    """Words and files of cases."""
    counts = _strip_rows_of_cases(op, numbers)
    refresh("case", numbers)
    return counts | _discarded(StoredFile.objects.filter(record_kind="case", record_id__in=numbers))


def _strip_evidence(op: OperationInHand, numbers: list[int]) -> Counts:
    """Words of evidence, and the files that it came in."""
    rows = Evidence.objects.filter(pk__in=numbers)
    held = list(rows.filter(file__isnull=False).values_list("file", flat=True))
    rows.update(file=None)  # house: writes: the end of a period
    counts = _strip_rows_of_evidence(op, numbers)
    return counts | _discarded(StoredFile.objects.filter(pk__in=held))


def _discarded(rows: QuerySet[StoredFile]) -> Counts:
    """Take files away."""
    files = list(rows)
    for stored in files:
        discard(actor=system_actor("job"), stored=stored)
    return {"files.StoredFile": len(files)} if files else {}


def _part(model: type[models.Model], case: str) -> Part:
    """One sort of row that stands with complaints."""
    label = model._meta.label
    return Part(label, rows=_of_complaints(model, case), at=OVER, end=strip_words(label), customer=f"{case}customer")


def _cases_part(*, is_complaint: bool) -> Part:
    """The cases themselves."""
    return Part(
        Case._meta.label, rows=_cases(is_complaint=is_complaint), at=OVER, end=_strip_cases, customer="customer"
    )


kinds.add(
    "cases",
    Kind(
        label=_("Cases"), counted=_("the day on which a case was closed"), ending=Ending.STRIP, what_happens=WORDS_GO,
        group=Group.CUSTOMERS, minimums=LAW, parts=(_cases_part(is_complaint=False),),
    ),
    order=146,
)  # fmt: skip
kinds.add(
    "complaints",
    Kind(
        label=_("Complaints with evidence, remedies and answers"), counted=_("the day on which a complaint was closed"),
        ending=Ending.STRIP, what_happens=WORDS_GO, group=Group.CUSTOMERS, minimums=LAW,
        parts=(
            Part(
                "service.Evidence", rows=_evidence, at=OVER, end=_strip_evidence,
                customer="complaint__case__customer",
            ),
            *(_part(model, "complaint__case__") for model in (Remedy, Telling, ClosingWord, PastObjection)),
            _part(Complaint, "case__"),
            _cases_part(is_complaint=True),
        ),
    ),
    order=147,
)  # fmt: skip
kinds.add(
    "promises",
    Kind(
        label=_("Promises"), counted=_("the day on which a promise was kept, broken or released"), ending=Ending.STRIP,
        what_happens=_("What was promised goes; whether it was kept, and when, stays as a figure."),
        group=Group.CUSTOMERS, minimums=LAW,
        parts=(
            Part("service.Promise", rows=_promises, at="ended_at", end=strip_words("service.Promise"), customer="customer"),
        ),
    ),
    order=148,
)  # fmt: skip
activities.add(
    "cases",
    Activity(
        _("cases opened, solved or closed; one that is not closed always"),
        rows=lambda: Case.objects.filter(customer__isnull=False),
        customer="customer_id",
        at=("opened_at", "solved_at", "closed_at"),
        always=Q(state__in=LIVE_STATES),
    ),
    order=82,
)
activities.add(
    "promises",
    Activity(
        _("promises made, due or ended; an open one always"),
        rows=lambda: Promise.objects.filter(customer__isnull=False),
        customer="customer_id",
        at=("created_at", "due_at", "ended_at"),
        always=Q(state=PromiseState.OPEN),
    ),
    order=84,
)
