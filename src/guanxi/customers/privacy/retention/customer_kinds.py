"""What of the archive ends after a period: customers without activity, visits, notes, packs, the access log."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.core import changes, personal_data
from guanxi.core.actor import system_actor
from guanxi.core.changes import OperationInHand
from guanxi.core.models import Change, Operation
from guanxi.core.retention import (
    Activity,
    Counts,
    Ending,
    Group,
    Kind,
    Part,
    activities,
    delete_with_history,
    forget_values,
    kinds,
)
from guanxi.customers.choices import CustomerKind
from guanxi.customers.models import Consent, CoreCardReading, Customer, DataRequest, Note, Pack, VisitRecord
from guanxi.files.public import StoredFile, discard

USUAL_PACK_DAYS = 7


def inactive(kind: str) -> Callable[[datetime], QuerySet[Any]]:
    """Customers of a kind with whom nothing was since a moment."""

    def rows(before: datetime) -> QuerySet[Any]:
        """Entered before it, and no row of any activity at or after it."""
        found = Customer.objects.filter(kind=kind, erased_at__isnull=True, created_at__lt=before)
        found = found.exclude(last_contact_at__gte=before)
        for activity in activities:
            found = found.exclude(Exists(activity.since(before).filter(**{activity.customer: OuterRef("pk")})))
        return found

    return rows


def _looks(before: datetime) -> QuerySet[Any]:
    """Acts of before a moment that were a look at something guarded and still say whose."""
    looked = Change.objects.filter(operation=OuterRef("pk"), act=changes.LOOK)
    return Operation.objects.filter(Exists(looked), at__lt=before, erased_at__isnull=True)


def _strip_looks(op: OperationInHand, numbers: list[int]) -> Counts:
    """Who looked, from where and why goes; that somebody did stays, so that the seals of the history hold."""
    return {"core.Operation": changes.erase_values(op=op, operation_ids=numbers)}


def _drop_packs(op: OperationInHand, numbers: list[int]) -> Counts:
    """The files go; who had a pack made when stays."""
    for pack in Pack.objects.filter(pk__in=numbers).select_related("file"):
        stored = pack.file
        op.update(pack, file=None)
        if stored is not None:
            discard(actor=system_actor("job"), stored=stored)
    return {"customers.Pack": len(numbers)}


def _wordless() -> dict[str, str]:
    """The columns of a request with words of or about a person, emptied."""
    statement = personal_data.statements["customers.DataRequest"]
    return {name: "" for held in statement.held if held.of != personal_data.Whose.USER for name in held.fields}


def _requests(before: datetime) -> QuerySet[Any]:
    """Requests that were closed before a moment and still hold words."""
    return DataRequest.objects.filter(closed_at__lt=before).exclude(**_wordless())


def _strip_requests(op: OperationInHand, numbers: list[int]) -> Counts:
    """What was asked and answered goes; that it was, and when, stays as proof."""
    forget_values(op, DataRequest, numbers)
    rows = DataRequest.objects.filter(pk__in=numbers)
    return {"customers.DataRequest": rows.update(**_wordless())}  # house: writes: the end of a period


for _key, _kind, _label, _order in (
    ("inactive_people", CustomerKind.PERSON, _("People without activity"), 110),
    ("inactive_organisations", CustomerKind.ORGANISATION, _("Organisations without activity"), 120),
):
    kinds.add(
        _key,
        Kind(
            label=_label,
            counted=_("the last activity, else the day of entry"),
            ending=Ending.ERASE,
            what_happens=_("Each is erased, with a certificate; orders stay for the accounts with a pseudonym."),
            group=Group.CUSTOMERS,
            minimums=("trade.keep_years",),
            parts=(Part("customers.Customer", rows=inactive(_kind), at="created_at", customer="pk"),),
        ),
        order=_order,
    )
kinds.add(
    "visits",
    Kind(
        label=_("Visit records"),
        counted=_("the visit"),
        ending=Ending.DELETE,
        what_happens=_("They go, and what the journal says of them."),
        group=Group.CUSTOMERS,
        parts=(
            Part(
                "customers.VisitRecord",
                rows=lambda before: VisitRecord.objects.filter(visited_at__lt=before),
                at="visited_at",
                end=delete_with_history("customers.VisitRecord"),
                customer="customer",
            ),
        ),
    ),
    order=150,
)
kinds.add(
    "notes",
    Kind(
        label=_("Notes on customers"),
        counted=_("the day of the note"),
        ending=Ending.DELETE,
        what_happens=_("They go, pinned ones too, and what the journal says of them."),
        group=Group.CUSTOMERS,
        parts=(
            Part(
                "customers.Note",
                rows=lambda before: Note.objects.filter(at__lt=before),
                at="at",
                end=delete_with_history("customers.Note"),
                customer="customer",
            ),
        ),
    ),
    order=160,
)
kinds.add(
    "data_requests",
    Kind(
        label=_("Requests about personal data"),
        counted=_("the day the request was closed"),
        ending=Ending.STRIP,
        what_happens=_("What was asked and answered goes; that it was, and whether in time, stays as proof."),
        group=Group.CUSTOMERS,
        parts=(
            Part("customers.DataRequest", rows=_requests, at="closed_at", end=_strip_requests, customer="customer"),
        ),
    ),
    order=170,
)
kinds.add(
    "packs",
    Kind(
        label=_("Packs about people"),
        counted=_("the order of the pack"),
        ending=Ending.STRIP,
        what_happens=_("The file goes; who had it made and took it stays."),
        group=Group.CUSTOMERS,
        days=USUAL_PACK_DAYS,
        is_log=True,
        parts=(
            Part(
                "customers.Pack",
                rows=lambda before: Pack.objects.filter(asked_at__lt=before, file__isnull=False),
                at="asked_at",
                end=_drop_packs,
                customer="customer",
            ),
        ),
    ),
    order=180,
)
kinds.add(
    "access_log",
    Kind(
        label=_("Access log"),
        counted=_("the look"),
        ending=Ending.STRIP,
        what_happens=_("Who looked, from where and why goes; that somebody did stays, so that the history verifies."),
        group=Group.HISTORY,
        minimums=("logs.keep_days",),
        parts=(
            Part(
                "customers.CoreCardReading",
                rows=lambda before: CoreCardReading.objects.filter(at__lt=before),
                at="at",
                customer="card__customer",
            ),
            Part("core.Operation", rows=_looks, at="at", end=_strip_looks, customer="changes__customer_id"),
        ),
    ),
    order=240,
)
activities.add(
    "visits",
    Activity(_("visits"), rows=VisitRecord.objects.all, customer="customer_id", at=("visited_at",)),
    order=20,
)
activities.add("notes", Activity(_("notes"), rows=Note.objects.all, customer="customer_id", at=("at",)), order=30)
activities.add(
    "consents",
    Activity(_("words about consent"), rows=Consent.everything.all, customer="customer_id", at=("at", "created_at")),
    order=40,
)
activities.add(
    "requests",
    Activity(
        _("requests about personal data; an open one always"),
        rows=DataRequest.objects.filter(customer__isnull=False).all,
        customer="customer_id",
        at=("received_on", "closed_at"),
        always=Q(closed_at__isnull=True),
    ),
    order=60,
)
activities.add(
    "files",
    Activity(
        _("files put on the record"),
        rows=lambda: StoredFile.objects.filter(record_kind="customer", record_id__isnull=False),
        customer="record_id",
        at=("created_at",),
    ),
    order=70,
)
