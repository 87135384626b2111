"""What other systems may be told of complaints and promises: ids, and details for those who ask and may see them."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.core import outbound
from guanxi.core.actor import Actor
from guanxi.core.ids import public_id
from guanxi.core.outbound import OutboundEvent, Told
from guanxi.service.complaints import queries
from guanxi.service.complaints.api.data import listed, public
from guanxi.service.complaints.api.promises import promise_data
from guanxi.service.events import (
    ComplaintClosed,
    ComplaintGraded,
    ComplaintOpened,
    ComplaintStepDone,
    PromiseBroken,
    PromiseKept,
    PromiseMade,
    PromiseReleased,
)

CASES, PROMISES = ("case", "view"), ("promise", "view")
OfComplaint = ComplaintOpened | ComplaintGraded | ComplaintStepDone | ComplaintClosed
OfPromise = PromiseMade | PromiseKept | PromiseReleased | PromiseBroken


def complaint_details(actor: Actor, number: int) -> Mapping[str, Any] | None:
    """A complaint as a list says it, if the actor may see it; nothing of what was said."""
    case = queries.complaints(actor).select_related("complaint", "owner").filter(pk=number).first()
    return listed(case) if case is not None else None


def promise_details(actor: Actor, number: int) -> Mapping[str, Any] | None:
    """A promise as one look-up gives it, if the actor may see it."""
    found = queries.promises(actor).filter(pk=number).first()
    return promise_data(found) if found is not None else None


def _complaint(event: OfComplaint) -> Iterator[Told]:
    """The complaint, with the grade or the step that the event is about."""
    more = {name: value for name in ("grade", "step") if (value := getattr(event, name, None)) is not None}
    # Followers of the case hear of it by what changed in the case: once, not twice.
    yield Told({"id": public_id("cas", event.case_id), **more}, kind="complaint", record_id=event.case_id)


def _promise(event: OfPromise) -> Iterator[Told]:
    """The promise, its case and its customer."""
    told = {
        "id": public_id("prm", event.promise_id),
        "case": public("cas", event.case_id),
        "customer": public("cus", event.customer_id),
    }
    yield Told(told, kind="promise", record_id=event.promise_id)


for _event in (
    OutboundEvent("complaint.opened", _("A complaint was opened"), ComplaintOpened, _complaint, CASES),
    OutboundEvent("complaint.graded", _("A complaint got another grade"), ComplaintGraded, _complaint, CASES),
    OutboundEvent("complaint.step_done", _("A step of a complaint is over"), ComplaintStepDone, _complaint, CASES),
    OutboundEvent("complaint.closed", _("A complaint was closed"), ComplaintClosed, _complaint, CASES),
    OutboundEvent("promise.made", _("Something was promised to a customer"), PromiseMade, _promise, PROMISES),
    OutboundEvent("promise.kept", _("A promise was kept"), PromiseKept, _promise, PROMISES),
    OutboundEvent("promise.broken", _("A promise was broken"), PromiseBroken, _promise, PROMISES),
    OutboundEvent(
        "promise.released", _("The customer released us from a promise"), PromiseReleased, _promise, PROMISES
    ),
):
    outbound.register(_event)
outbound.details.add("complaint", complaint_details)
outbound.details.add("promise", promise_details)
